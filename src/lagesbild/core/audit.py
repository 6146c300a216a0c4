"""Writing the audit log. Reading it belongs to administration."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, models

from lagesbild.core import clock
from lagesbild.core.models import AuditEvent


def record(
    code: str,
    target: models.Model | None = None,
    *,
    actor: AbstractBaseUser | None,
    collaboration: str = "",
    **details: Any,
) -> None:
    """Add one row. Must be called inside the transaction of the change that it tells of."""
    if not connection.in_atomic_block:
        raise RuntimeError(f"The audit row {code!r} must be written in the transaction of its change.")
    AuditEvent.objects.create(
        at=clock.now(),
        actor=actor,  # type: ignore[misc]  # a user of accounts, which core does not know
        collaboration=collaboration,
        code=code,
        target_kind=target._meta.label if target is not None else "",
        target_id=str(target.pk) if target is not None else "",
        details=details,
    )
