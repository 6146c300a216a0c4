"""The desk of matters and one matter."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@require_safe
def matter(request: HttpRequest, collaboration: str, number: int) -> HttpResponse:
    return HttpResponse()


@require_safe
def raised(request: HttpRequest, collaboration: str, number: int) -> HttpResponse:
    return HttpResponse()
