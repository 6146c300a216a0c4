"""Django's settings, made from the table in ``core/configuration.py``. Nothing is configured here by hand."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONCE, SELF
from django.utils.translation import gettext_lazy as _

from lagesbild.core import configuration

LAGESBILD = configuration.read(os.environ)
PACKAGE = Path(__file__).parent
DATA_DIR: Path = LAGESBILD["data_dir"]
DATA_DIR.mkdir(parents=True, exist_ok=True)

DEBUG = LAGESBILD["debug"]
SECRET_KEY = configuration.secret_key(LAGESBILD)
ALLOWED_HOSTS = list(LAGESBILD["allowed_hosts"])
CSRF_TRUSTED_ORIGINS = list(LAGESBILD["csrf_trusted_origins"])

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_htmx",
    "template_partials",
    "django_tasks",
    "django_tasks_db",
    "lagesbild.core",
    "lagesbild.accounts",
    "lagesbild.notices",
    "lagesbild.places",
    "lagesbild.observations",
    "lagesbild.picture",
    "lagesbild.fieldreports",
    "lagesbild.actors",
    "lagesbild.cooperation",
    "lagesbild.scenes",
    "lagesbild.goals",
    "lagesbild.publications",
    "lagesbild.worlds",
    "lagesbild.web",
]

MIDDLEWARE = [
    "lagesbild.core.request_id.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "lagesbild.urls"
WSGI_APPLICATION = "lagesbild.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "lagesbild.web.context.page",
            ],
        },
    }
]


def _database() -> dict[str, Any]:
    if LAGESBILD["database_url"]:
        return dict(dj_database_url.parse(LAGESBILD["database_url"], conn_max_age=60, conn_health_checks=True))
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA_DIR / "lagesbild.sqlite3",
        "TEST": {"NAME": DATA_DIR / "test.sqlite3"},
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000;",
        },
    }


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Sign-in
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "lagesbild.accounts.adapter.ClosedAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no mail to whatever address a stranger types
ACCOUNT_RATE_LIMITS = {"login_failed": None}  # django-axes does this, and remembers it in the database
ACCOUNT_SESSION_REMEMBER = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Lagesbild"
MFA_ADAPTER = "lagesbild.accounts.adapter.EncryptingMFAAdapter"
AXES_FAILURE_LIMIT = LAGESBILD["login_failure_limit"]
AXES_COOLOFF_TIME = LAGESBILD["login_lockout_minutes"] / 60
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "lagesbild.accounts.lockout.client_address"
AXES_USERNAME_CALLABLE = "lagesbild.accounts.lockout.tried_account"
ALLAUTH_TRUSTED_PROXY_COUNT = LAGESBILD["trusted_proxies"]
AXES_LOCKOUT_TEMPLATE = "account/locked.html"

# Safety
SESSION_COOKIE_AGE = LAGESBILD["session_hours"] * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LAGESBILD["https"]
SECURE_SSL_REDIRECT = LAGESBILD["https"]
SECURE_HSTS_SECONDS = 31_536_000 if LAGESBILD["https"] else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if LAGESBILD["https"] else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # whether other servers below this name speak https is not ours to say
    "security.W021",  # nor whether the name goes into browsers' lists
]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "worker-src": [SELF, "blob:"],
        "connect-src": [SELF],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": [SELF],
        "frame-ancestors": ["'none'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]

# Language and time
LANGUAGE_CODE = LAGESBILD["language"]
LANGUAGES = [("sv", _("Swedish")), ("en", _("English"))]
LOCALE_PATHS = sorted(PACKAGE.glob("*/locale"))  # so that our words win over those of installed apps
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Stockholm"
USE_THOUSAND_SEPARATOR = True

# Static files
STATIC_URL = "/static/"
# Our own files lie in the package; those of others were collected out of installed packages into the data folder.
COLLECTED_DIR = DATA_DIR / "static"
COLLECTED_DIR.mkdir(exist_ok=True)
STATICFILES_DIRS = [COLLECTED_DIR]
WHITENOISE_ALLOW_ALL_ORIGINS = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA_DIR / "files"}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# E-mail
_email = LAGESBILD["email_url"]
DEFAULT_FROM_EMAIL = LAGESBILD["email_from"]
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
if _email.startswith("smtp"):
    from urllib.parse import unquote, urlsplit

    _parts = urlsplit(_email)
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = _parts.hostname or "localhost"
    EMAIL_PORT = _parts.port or (465 if _parts.scheme == "smtps" else 25)
    EMAIL_HOST_USER = unquote(_parts.username or "")
    EMAIL_HOST_PASSWORD = unquote(_parts.password or "")
    EMAIL_USE_SSL = _parts.scheme == "smtps"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request": {"()": "lagesbild.core.request_id.RequestIdFilter"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {request_id} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
