"""Measurements: recorded by hand, or made from a published series. The same figure again changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Membership, User
from lagesbild.core import audit, clock
from lagesbild.core.errors import UserError
from lagesbild.goals.computing import computed_texts
from lagesbild.goals.measurement_text import MeasurementText
from lagesbild.goals.models import Indicator, Measurement, Missing
from lagesbild.observations.models import SeriesValue


@transaction.atomic
def record_measurements(
    indicator: Indicator, texts: Iterable[MeasurementText], *, actor: User | None, reason: str = ""
) -> int:
    """Store the figures, each over its period and breakdown; how many were new or changed.

    What stood there before is kept in the audit log, with ``reason``.
    """
    stored = {_key(each): each for each in Measurement.objects.filter(indicator=indicator)}
    changed, corrected = 0, []
    for text in texts:
        before = stored.get(_key(text))
        if before is not None and all(getattr(before, name) == value for name, value in vars(text).items()):
            continue
        if before is not None:
            corrected.append(_correction(before, text))
        Measurement.objects.update_or_create(
            indicator=indicator,
            **{name: getattr(text, name) for name in ("period_from", "period_to", "gender", "age_group")},
            defaults={**vars(text), "recorded_at": clock.now(), "recorded_by": actor},
        )
        changed += 1
    if changed:
        slug = indicator.collaboration.slug
        told: dict[str, Any] = {"corrected": corrected, "reason": reason} if corrected else {}
        audit.record("measurements.recorded", indicator, actor=actor, collaboration=slug, count=changed, **told)
    return changed


def _correction(before: Measurement, text: MeasurementText) -> dict[str, Any]:
    """What a figure was and what it became."""
    parts = {"label": before.label, "gender": before.gender, "age_group": before.age_group}
    return parts | {"before": before.value, "after": text.value, "source_before": before.source}


@transaction.atomic
def type_measurement(
    membership: Membership,
    indicator: Indicator,
    text: MeasurementText,
    *,
    corrects: Measurement | None = None,
    reason: str = "",
) -> None:
    """Store one figure by hand; with ``corrects``, in its place.

    Raises:
        UserError: the figures of this indicator are made from a table or computed; or another one stands there.
    """
    if indicator.series_id is not None or indicator.definition:
        raise UserError(
            "measurement.made",
            _("The figures of this indicator are made from a table or computed. Correct them where they come from."),
        )
    there = Measurement.objects.filter(
        indicator=indicator,
        **{name: getattr(text, name) for name in ("period_from", "period_to", "gender", "age_group")},
    ).first()
    if there is not None and (corrects is None or there.pk != corrects.pk):
        raise UserError(
            "measurement.exists",
            _("There is already a figure for this period, gender and age. Correct that one."),
            "period_from",
        )
    if corrects is not None and there is None:  # its period or breakdown was wrong: the row moves
        names = ("period_from", "period_to", "gender", "age_group")
        Measurement.objects.filter(pk=corrects.pk).update(**{name: getattr(text, name) for name in names})
    record_measurements(indicator, [text], actor=membership.user, reason=reason)


def refresh_indicator(indicator: Indicator, *, actor: User | None) -> int:
    """Make the figures anew from the table or the definition; how many were new or changed. Computes, then stores."""
    if indicator.series_id is not None:
        uncertain = {each.period_from.year for each in indicator.measurements.all() if each.is_uncertain}
        return measure_from_series(indicator, actor=actor, uncertain_years=uncertain)
    texts = computed_texts(indicator)
    return record_measurements(indicator, texts, actor=actor) if texts else 0


@transaction.atomic
def import_measurements(membership: Membership, figures: Iterable[tuple[Indicator, list[MeasurementText]]]) -> int:
    """Store figures that were read from a file and checked, all or none; how many were new or changed."""
    return sum(record_measurements(indicator, texts, actor=membership.user) for indicator, texts in figures)


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
