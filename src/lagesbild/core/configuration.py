"""The one table of settings: name, type, default, help. Everything that can be configured is here.

Values come from ``LAGESBILD_…`` environment variables; a secret may instead come from the file that
``LAGESBILD_…_FILE`` names. An unknown name or a value of the wrong kind stops the start.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs

PREFIX = "LAGESBILD_"


class ConfigurationError(Exception):
    """The environment holds a setting that is unknown or cannot be read."""


def _boolean(text: str) -> bool:
    values = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    if text.lower() not in values:
        raise ValueError("1, true, yes, 0, false or no")
    return values[text.lower()]


def _whole_number(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = -1
    if number < 0:
        raise ValueError("a whole number, zero or more")
    return number


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _address(text: str) -> str:
    if text and not text.startswith(("http://", "https://")):
        raise ValueError("an address that starts with http:// or https://")
    return text.rstrip("/")


def _path(text: str) -> Path:
    return Path(text).expanduser().absolute()


def _language(text: str) -> str:
    if text not in ("sv", "en"):
        raise ValueError("sv or en")
    return text


@dataclass(frozen=True)
class Setting:
    """One row of the table. ``default`` is text, as it would stand in the environment."""

    name: str
    read: Callable[[str], Any]
    default: str
    help: str
    secret: bool = False


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "DATA_DIR",
        _path,
        platformdirs.user_data_dir("lagesbild", appauthor=False),
        "Folder of all state: SQLite file, incident store, uploads, secret key.",
    ),
    Setting(
        "DATABASE_URL",
        str,
        "",
        "PostgreSQL address, postgresql://user:password@host/name. Empty: an SQLite file in the data folder.",
        secret=True,
    ),
    Setting("SECRET_KEY", str, "", "Signs sessions. Empty: made once and kept in the data folder.", secret=True),
    Setting("DEBUG", _boolean, "false", "Show errors in full on the page. Never on a server others can reach."),
    Setting("ALLOWED_HOSTS", _names, "127.0.0.1,localhost,[::1]", "Host names that the server answers to."),
    Setting("CSRF_TRUSTED_ORIGINS", _names, "", "Origins (https://…) that may post through a proxy."),
    Setting("HTTPS", _boolean, "false", "The server is reached by https: secure cookies, HSTS, redirect."),
    Setting(
        "TRUSTED_PROXIES",
        _whole_number,
        "0",
        "How many proxies stand in front (nginx: 1). Their X-Forwarded-For tells who asks; "
        "with 0 the header is not believed.",
    ),
    Setting(
        "BASE_URL",
        _address,
        "",
        "Address by which people reach the server, for links in mail and calendars. Empty: made of host and port.",
    ),
    Setting("PORT", _whole_number, "8000", "Port of the built-in server."),
    Setting("LANGUAGE", _language, "sv", "Language when a person has chosen none."),
    Setting(
        "EMAIL_URL",
        str,
        "console:",
        "console: prints mail in the log; smtp://user:password@host:port or smtps://… sends it.",
        secret=True,
    ),
    Setting("EMAIL_FROM", str, "lagesbild@localhost", "Sender of mail."),
    Setting(
        "LOGIN_FAILURE_LIMIT",
        _whole_number,
        "5",
        "Failed sign-ins before an address and account are locked; five stops guessing and forgives a slip.",
    ),
    Setting("LOGIN_LOCKOUT_MINUTES", _whole_number, "15", "How long the lock lasts."),
    Setting("SESSION_HOURS", _whole_number, "12", "Hours before a sign-in ends: one shift."),
    Setting("MAX_UPLOAD_MB", _whole_number, "512", "Largest file that may be uploaded; five million rows of CSV fit."),
    Setting("MAX_IMPORT_ROWS", _whole_number, "10000000", "Most rows in one import; keeps memory bounded."),
    Setting(
        "JOB_LEASE_SECONDS", _whole_number, "60", "A running job silent this long is taken to be dead and runs again."
    ),
    Setting(
        "SUPPRESSION_THRESHOLD", _whole_number, "5", "Counts below this are hidden outside the owner organisation."
    ),
    Setting(
        "SHARED_DATA",
        _path,
        "../shared/data",
        "Folder with public data sets that may not be redistributed; "
        "read in place by example worlds and tests when present.",
    ),
)


@dataclass(frozen=True)
class Configuration:
    """The settings as read, by lower-case name: ``configuration["data_dir"]``."""

    values: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


def read(environ: Mapping[str, str]) -> Configuration:
    """Read every setting from ``environ``; raise `ConfigurationError` naming the first thing that is wrong."""
    _refuse_unknown(environ)
    values = {setting.name.lower(): _value(setting, environ) for setting in SETTINGS}
    return Configuration(values)


def secret_key(configuration: Configuration) -> str:
    """The signing key: as configured, or made once and kept readable by the owner only."""
    if configuration["secret_key"]:
        return str(configuration["secret_key"])
    path: Path = configuration["data_dir"] / "secret_key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".secret_key.{secrets.token_hex(8)}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(64))
        try:
            path.hardlink_to(draft)  # the first process wins; the others read its key
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    known = {PREFIX + setting.name for setting in SETTINGS}
    known |= {f"{PREFIX}{setting.name}_FILE" for setting in SETTINGS if setting.secret}
    for name in sorted(environ):
        if name.startswith(PREFIX) and name not in known:
            raise ConfigurationError(f"{name} is not a setting. The settings are: {', '.join(sorted(known))}.")


def _value(setting: Setting, environ: Mapping[str, str]) -> Any:
    name = PREFIX + setting.name
    text = environ.get(name, setting.default)
    file_name = environ.get(f"{name}_FILE") if setting.secret else None
    if file_name:
        try:
            text = Path(file_name).read_text().strip()
        except OSError as error:
            raise ConfigurationError(f"{name}_FILE: cannot read {file_name!r}: {error.strerror}.") from error
    try:
        return setting.read(text)
    except ValueError as error:
        shown = "" if setting.secret else f" Got {text!r}."
        raise ConfigurationError(f"{name} must be {error}.{shown}") from error
