"""How many residents a table's counts and rates imply, area by area: published tables seldom print their denominators.

A denominator belongs to its own area. Two areas never share one, however much their names are alike.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import number_format

from lagesbild.accounts.access import visible_to
from lagesbild.accounts.models import Membership
from lagesbild.observations.models import Series
from lagesbild.observations.series_charts import period_name
from lagesbild.places.models import Area, Fact, FactKind

RATE = re.compile(r"per\s+([\d\s\u00a0]+)", re.IGNORECASE)
COUNTS = ("antal", "count", "number")  # how files write the unit of a count


@dataclass(frozen=True)
class Implied:
    """What count and rate of one area and period give; ``known`` residents and the rate with them, where they are."""

    residents: float
    count: float
    rate: float
    known: Fact | None
    again: float | None

    @property
    def rounded(self) -> float:
        """Rates are printed whole, so the residents they imply are known to some tens at best."""
        return round(self.residents, -1)

    @property
    def signed_difference(self) -> str:
        """Computed again less printed, with its sign."""
        step = round((self.again or 0) - self.rate)
        sign = "+" if step > 0 else "−" if step < 0 else "±"
        return f"{sign}{number_format(abs(step), force_grouping=True)}"


@dataclass(frozen=True)
class ImpliedTable:
    """One line a period, one column an area; a cell is None where count or rate is missing."""

    areas: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Implied | None, ...]], ...]

    @property
    def is_held_against_known(self) -> bool:
        """Whether residents of any of the areas are known."""
        return bool(self.sources)

    @property
    def sources(self) -> list[str]:
        """Where the known residents come from, each once."""
        cells = (cell for _period, cells in self.rows for cell in cells)
        return list(dict.fromkeys(cell.known.source for cell in cells if cell is not None and cell.known))


def implied_table(membership: Membership, series: Sequence[Series]) -> ImpliedTable | None:
    """The residents that the table's counts and rates imply; None where it has no area with both. One query."""
    pairs = {each.area_text: pair for each in series if each.area_text and (pair := _pair(series, each))}
    if not pairs:
        return None
    facts = _residents(membership, [rate.area for _count, rate, _per in pairs.values() if rate.area])
    periods = sorted({(v.period_from, v.period_to) for _count, rate, _per in pairs.values() for v in rate.values.all()})
    rows = tuple(
        (period_name(*period), tuple(_implied(*pair, period, facts) for pair in pairs.values())) for period in periods
    )
    return ImpliedTable(tuple(pairs), tuple((period, cells) for period, cells in rows if any(cells)))


def _pair(series: Sequence[Series], rate: Series) -> tuple[Series, Series, float] | None:
    """(count, rate, per how many) of the same area and category."""
    found = RATE.search(rate.unit)
    if found is None:
        return None
    same = (each for each in series if each.area_text == rate.area_text and each.category_id == rate.category_id)
    count = next((each for each in same if each.unit.casefold() in COUNTS), None)
    return None if count is None else (count, rate, float(re.sub(r"\D", "", found[1]) or 1))


def _implied(
    count: Series, rate: Series, per: float, period: tuple[date, date], facts: dict[tuple[int, str], list[Fact]]
) -> Implied | None:
    counted, rated = (
        next((v.value for v in each.values.all() if (v.period_from, v.period_to) == period), None)
        for each in (count, rate)
    )
    if not counted or not rated:
        return None
    known = _known(facts.get(_key(rate.area), []) if rate.area else [], period)
    again = counted / known.value * per if known else None
    return Implied(counted / rated * per, counted, rated, known, again)


def _known(facts: Sequence[Fact], period: tuple[date, date]) -> Fact | None:
    """The newest number of residents that held within the period."""
    start, end = period
    held = [each for each in facts if each.valid_from < end and (each.valid_to is None or each.valid_to > start)]
    return held[-1] if held else None


def _residents(membership: Membership, areas: Sequence[Area]) -> dict[tuple[int, str], list[Fact]]:
    """By area set and code, oldest first, whatever version of the boundaries they were noted for."""
    wanted = {each.code for each in areas}
    rows = Fact.objects.filter(
        visible_to(membership), kind=FactKind.RESIDENTS, area__code__in=wanted, value__gt=0
    ).select_related("area__version")
    found: dict[tuple[int, str], list[Fact]] = {}
    for each in rows.defer("area__geometry").order_by("valid_from"):
        if each.area is not None:
            found.setdefault(_key(each.area), []).append(each)
    return found


def _key(area: Area) -> tuple[int, str]:
    return area.version.area_set_id, area.code
