"""The only place that asks what time it is, so that a test can say it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

_frozen_at: ContextVar[datetime | None] = ContextVar("frozen_at", default=None)


def now() -> datetime:
    """The present instant, with zone (UTC)."""
    return _frozen_at.get() or timezone.now()


def today(time_zone: str = "Europe/Stockholm") -> date:
    """The local calendar date."""
    return now().astimezone(ZoneInfo(time_zone)).date()


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Within the block it is always ``at`` (with zone)."""
    if at.tzinfo is None:
        raise ValueError(f"`at` must have a time zone. Got {at!r}.")
    token = _frozen_at.set(at)
    try:
        yield
    finally:
        _frozen_at.reset(token)
