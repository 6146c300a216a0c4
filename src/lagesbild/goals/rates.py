"""Published rates held against rates computed again from count and residents of the same area (ledger G5)."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext as _

from lagesbild.accounts.access import visible_to
from lagesbild.accounts.models import Membership
from lagesbild.goals.lines import MeasurementRow
from lagesbild.goals.models import Indicator, Measurement, Unit
from lagesbild.goals.sentences import plain
from lagesbild.places.models import Area, Fact, FactKind


def recomputed(membership: Membership, indicator: Indicator, rows: Sequence[MeasurementRow]) -> list[str]:
    """A sentence for each published rate: what it implies, or what the residents of the area give instead.

    The count is that of the indicator of the same goal, area and category that is a count. Denominators never leave
    their own area. Empty for indicators that are no rates, and where no such count is known.
    """
    if indicator.unit != Unit.PER_100000:
        return []
    counts = _counts(membership, indicator)
    residents = residents_of(membership, indicator.area)
    return [
        text
        for row in rows
        if row.measurement.value is not None
        for text in [_sentence(row.measurement, counts.get(row.measurement.period_from), residents)]
        if text
    ]


def _counts(membership: Membership, indicator: Indicator) -> dict[object, float]:
    same_area = _same_area(indicator)
    if indicator.series is None or same_area is None:
        return {}
    shown = Q(is_published=True) | Q(owner=membership.function.organisation_id)  # small counts are hidden elsewhere
    beside = Indicator.objects.filter(
        visible_to(membership),
        shown,
        same_area,
        goal=indicator.goal_id,
        unit=Unit.COUNT,
        series__category=indicator.series.category_id,
    )
    found = Measurement.objects.filter(indicator__in=beside, gender="", age_group="").exclude(value=None)
    return {each.period_from: float(each.value or 0) for each in found}


def _same_area(indicator: Indicator) -> Q | None:
    """The area, or where its boundaries are not here, what it is called."""
    if indicator.area_id is not None:
        return Q(area=indicator.area_id)
    return Q(area=None, area_text=indicator.area_text) if indicator.area_text else None


def residents_of(membership: Membership, area: Area | None) -> list[Fact]:
    """Residents of the area, oldest first, whatever version of its boundaries they were noted for."""
    if area is None:
        return []
    same = Q(area__code=area.code, area__version__area_set=area.version.area_set_id)
    return list(Fact.objects.filter(visible_to(membership), same, kind=FactKind.RESIDENTS).order_by("valid_from"))


def _sentence(each: Measurement, count: float | None, residents: Sequence[Fact]) -> str:
    if count is None or not each.value:
        return ""
    known = [fact for fact in residents if fact.valid_from < each.period_to and fact.value > 0]
    implied = _("{label}: {count} at {rate} per 100,000 implies about {people} residents.").format(
        label=each.label,
        count=plain(count),
        rate=plain(each.value),
        people=plain(round(count / each.value * 100_000, -1)),
    )
    if not known:
        return implied
    fact = known[-1]
    again = count / fact.value * 100_000
    computed = _(
        "With {people} residents ({source}, {on}) the rate is {again}: {difference} from the printed one."
    ).format(
        people=plain(fact.value),
        source=fact.source,
        on=fact.valid_from,
        again=plain(round(again)),
        difference=plain(round(again - each.value)),
    )
    return f"{implied} {computed}"
