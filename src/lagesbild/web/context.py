"""What every page needs: the menu and the collaborations one can switch between."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - filled by the base look
    """Context of the base template."""
    return {}
