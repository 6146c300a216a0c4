"""Measurements: recorded by hand, or made from a published series. The same figure again changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from lagesbild.accounts.models import User
from lagesbild.core import audit, clock
from lagesbild.goals.models import Indicator, Measurement, Missing
from lagesbild.observations.models import SeriesValue


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


@transaction.atomic
def record_measurements(indicator: Indicator, texts: Iterable[MeasurementText], *, actor: User | None) -> int:
    """Store the figures, each over its period and breakdown; how many were new or changed."""
    stored = {_key(each): each for each in Measurement.objects.filter(indicator=indicator)}
    changed = 0
    for text in texts:
        before = stored.get(_key(text))
        if before is not None and all(getattr(before, name) == value for name, value in vars(text).items()):
            continue
        Measurement.objects.update_or_create(
            indicator=indicator,
            **{name: getattr(text, name) for name in ("period_from", "period_to", "gender", "age_group")},
            defaults={**vars(text), "recorded_at": clock.now(), "recorded_by": actor},
        )
        changed += 1
    if changed:
        slug = indicator.collaboration.slug
        audit.record("measurements.recorded", indicator, actor=actor, collaboration=slug, count=changed)
    return changed


Labels = Callable[[SeriesValue], str]


def measure_from_series(
    indicator: Indicator, *, actor: User | None, label: Labels | None = None, uncertain_years: Iterable[int] = ()
) -> int:
    """Make the indicator's measurements from its series; how many were new or changed.

    An empty figure that the source marks with a dash was not measured; one without any mark is not there yet.
    """
    if indicator.series is None:
        raise ValueError(f"The indicator {indicator.code!r} has no series.")
    values = indicator.series.values.all()
    name = label or period_label
    doubtful = set(uncertain_years)
    texts = [
        MeasurementText(
            period_from=each.period_from,
            period_to=each.period_to,
            label=name(each),
            value=each.value,
            missing="" if each.value is not None else Missing.NOT_MEASURED if each.printed else Missing.NOT_YET,
            printed=each.printed,
            is_partial=each.is_partial,
            is_provisional=each.is_provisional,
            is_uncertain=each.period_from.year in doubtful,
            footnote=each.note,
            source=indicator.series.table.source,
            origin={"kind": "series", "series": indicator.series.key, "table": indicator.series.table.slug},
        )
        for each in values
    ]
    return record_measurements(indicator, texts, actor=actor)


MONTHS = ("Jan", "Feb", "Mar", "Apr", "Maj", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dec")


def period_label(value: SeriesValue) -> str:
    """What stands above the column: the year, or month and year for a shorter period that does not begin it."""
    start = value.period_from
    months = (value.period_to.year - start.year) * 12 + value.period_to.month - start.month
    return f"{MONTHS[start.month - 1]} {start.year}" if months == 1 else str(start.year)


def _key(each: Any) -> tuple[Any, ...]:
    return each.period_from, each.period_to, each.gender, each.age_group
