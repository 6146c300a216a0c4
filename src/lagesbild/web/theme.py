"""Light, dark or as the device says: kept in a cookie, so that the page comes right at once and without script."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

THEMES = ("light", "dark")
COOKIE = "theme"
_YEAR_S = 365 * 24 * 3600


def chosen_theme(request: HttpRequest) -> str:
    """``"light"``, ``"dark"``, or empty for what the device prefers."""
    theme = request.COOKIES.get(COOKIE, "")
    return theme if theme in THEMES else ""


def remember_theme(response: HttpResponse, theme: str, *, secure: bool) -> None:
    """Keep the choice; anything but a known theme forgets it."""
    if theme in THEMES:
        response.set_cookie(COOKIE, theme, max_age=_YEAR_S, samesite="Lax", httponly=True, secure=secure)
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
