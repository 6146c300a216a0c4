"""What every answer carries: content policy, cookies, headers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from tests import database
from tests.cast import Cast

POLICY = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "worker-src": "'self' blob:",
    "connect-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}


def policy_of(response) -> dict[str, str]:
    parts = [part.strip().partition(" ") for part in response["Content-Security-Policy"].split(";")]
    return {name: value for name, _, value in parts}


@pytest.mark.parametrize("address", ["/accounts/login/", "/collaborations/", "/nowhere/", "/c/sjovik/picture/"])
def test_every_page_carries_exactly_this_content_policy(cast: Cast, client: Client, address: str) -> None:
    client.force_login(cast.anna.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    policy = policy_of(client.get(address))
    nonce = [part for part in policy["script-src"].split() if part.startswith("'nonce-")]
    policy["script-src"] = " ".join(part for part in policy["script-src"].split() if part not in nonce)
    assert policy == POLICY


def test_other_protecting_headers_are_there(client: Client, db: None) -> None:
    response = client.get("/accounts/login/")
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"


def test_under_https_cookies_are_secure_and_plain_http_is_sent_there(tmp_path: Path) -> None:
    """In a process of its own, since settings are read once."""
    script = """
import django
django.setup()
from django.conf import settings
from django.test import Client
plain = Client().get("/accounts/login/", headers={"host": "lagesbild.example"})
assert (plain.status_code, plain["Location"]) == (301, "https://lagesbild.example/accounts/login/"), plain
behind = Client().get("/accounts/login/", headers={"host": "lagesbild.example", "x-forwarded-proto": "https"})
assert behind.status_code == 200, behind
assert behind.cookies["csrftoken"]["secure"]
assert behind["Strict-Transport-Security"].startswith("max-age=31536000")
assert settings.SESSION_COOKIE_SECURE and settings.SESSION_COOKIE_HTTPONLY
other = Client().get("/accounts/login/", secure=True, headers={"host": "evil.example"})
assert other.status_code == 400, other
"""
    database.copy_sqlite(tmp_path / "lagesbild.sqlite3")
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={
            "DJANGO_SETTINGS_MODULE": "lagesbild.settings",
            "LAGESBILD_DATA_DIR": str(tmp_path),
            "LAGESBILD_HTTPS": "true",
            "LAGESBILD_ALLOWED_HOSTS": "lagesbild.example",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_a_sign_in_lasts_one_shift_and_ends_with_the_browser_or_the_password(
    cast: Cast, client: Client, settings
) -> None:
    assert settings.SESSION_COOKIE_AGE == 12 * 3600
    client.force_login(cast.anna.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/collaborations/").status_code == 200
    cast.anna.user.set_password("ett-annat-langt-losenord")
    cast.anna.user.save()
    assert client.get("/collaborations/").status_code == 302
