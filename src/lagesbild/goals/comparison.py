"""The mean of a comparison group: "not above the mean of the inner city's districts"."""

from __future__ import annotations

from lagesbild.goals.models import Indicator, Measurement


def mean_of_group(indicator: Indicator, year: int) -> float | None:
    """The plain mean of the other areas over the period of the indicator's latest whole figure up to ``year``.

    None if one of them was not measured over that period: the mean of those that are left is another group's.
    Uses the measurements that were prefetched.
    """
    whole = [each for each in _of_everybody(indicator) if _counts(each) and each.period_from.year <= year]
    if not whole:
        return None
    latest = max(whole, key=lambda each: each.period_to)
    values = [_value_over(other, latest) for other in indicator.compared_with.all()]
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known and len(known) == len(values) else None


def _value_over(other: Indicator, latest: Measurement) -> float | None:
    period = latest.period_from, latest.period_to
    found = (each for each in _of_everybody(other) if (each.period_from, each.period_to) == period and _counts(each))
    return next((each.value for each in found), None)


def _of_everybody(indicator: Indicator) -> list[Measurement]:
    return [each for each in indicator.measurements.all() if not each.gender and not each.age_group]


def _counts(each: Measurement) -> bool:
    return each.value is not None and not each.is_partial
