"""What lock-out counts by: which account was tried, and from where."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest


def tried_account(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """The address that somebody tried, the same for every spelling of it."""
    given = credentials or {}
    tried = given.get("email") or given.get("username") or request.POST.get("login") or ""
    return str(tried).strip().lower()


def client_address(request: HttpRequest) -> str:
    """The IP address of the one who asks, as the trusted proxies tell it; the same that rate limits use."""
    try:
        return str(get_adapter(request).get_client_ip(request))
    except PermissionDenied:  # a sign-in by the program itself has no address
        return str(request.META.get("REMOTE_ADDR", ""))
