"""One figure of an indicator on its way in, whoever made it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True)
class MeasurementText:
    """One figure; without a value, ``missing`` says why."""

    period_from: date
    period_to: date
    label: str
    value: float | None
    source: str
    missing: str = ""
    printed: str = ""
    gender: str = ""
    age_group: str = ""
    n: int | None = None
    low: float | None = None
    high: float | None = None
    is_partial: bool = False
    is_provisional: bool = False
    is_uncertain: bool = False
    after_break: bool = False
    footnote: str = ""
    method: str = ""
    origin: dict[str, Any] = field(default_factory=lambda: {"kind": "typed"})
