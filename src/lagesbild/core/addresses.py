"""Whole addresses, for what is read outside the page: mail, calendars, printed documents."""

from __future__ import annotations

from django.conf import settings


def absolute(path: str) -> str:
    """The local ``path`` as people reach it from outside."""
    return f"{_base()}{path}"


def _base() -> str:
    told: str = settings.LAGESBILD["base_url"]
    if told:
        return told
    host = next((name for name in settings.ALLOWED_HOSTS if not name.startswith((".", "*"))), "localhost")
    return f"https://{host}" if settings.LAGESBILD["https"] else f"http://{host}:{settings.LAGESBILD['port']}"
