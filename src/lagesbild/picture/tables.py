"""What and where in numbers: events by category and by area, with change, and rates where a population is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from lagesbild.picture.content import AreaRow, AreaTable, CategoryRow, Change, NoteFact, rounded
from lagesbild.picture.gather import Side
from lagesbild.picture.ground import AreaSetRow, Ground, Populations
from lagesbild.picture.spots import change_at
from lagesbild.stats import ChangesResult, compare_counts_many, rate

PER = 100_000
# Per 100,000 of a handful of residents says nothing of a place where thousands pass.
LEAST_POPULATION = 200
YEAR_DAYS = 365.25


@dataclass(frozen=True)
class Days:
    """Days that the data covers in the period and in what it is compared with; 0 where nothing can be compared."""

    after: int
    before: int


def changes(before: Sequence[int], after: Sequence[int], days: Days) -> ChangesResult | None:
    """Many comparisons at once, corrected for their number; None where the periods cannot be compared."""
    if not days.before or not days.after or not after:
        return None
    return compare_counts_many(
        before, after, exposure_before=float(days.before), exposure_after=float(days.after), conf=0.95
    )


def categories(
    side: Side, before: Side | None, ground: Ground, chosen: frozenset[str], days: Days
) -> tuple[tuple[CategoryRow, ...], list[NoteFact]]:
    """Every category with events, in the order of the tree, each with what lies below it; unmapped types last."""
    now, then = _by_category(side, ground), _by_category(before, ground) if before is not None else {}
    shown = ground.mapping.below(chosen) if chosen else set(ground.mapping.by_code)
    nodes = [(node, depth) for node, depth in ground.mapping.in_order() if node.code in shown]
    nodes = [(node, depth) for node, depth in nodes if now.get(node.code, 0) or then.get(node.code, 0)]
    codes = [node.code for node, _depth in nodes] + ([""] if now.get("") or then.get("") else [])
    compared = changes([then.get(code, 0) for code in codes], [now.get(code, 0) for code in codes], days)
    top = min((depth for _node, depth in nodes), default=0)
    names = [(node.name, node.name_en, depth - top, node.detection) for node, depth in nodes] + [("", "", 0, "")]
    rows = tuple(
        CategoryRow(
            code=code,
            name=name,
            name_en=name_en,
            depth=depth,
            detection=detection,
            n=now.get(code, 0),
            n_before=None if before is None else then.get(code, 0),
            change=change_at(compared, at),
        )
        for at, (code, (name, name_en, depth, detection)) in enumerate(zip(codes, names, strict=False))
    )
    notes = [NoteFact(code="picture.unmapped", values={"n": now[""]})] if now.get("") else []
    return rows, notes


def _by_category(side: Side | None, ground: Ground) -> dict[str, int]:
    """Events per category code with what lies below; "" for types that no category holds."""
    if side is None:
        return {}
    named = ground.mapping.with_category(side.types.lazy()).group_by("category").agg(pl.col("n").sum()).collect()
    unmapped = int(named.filter(pl.col("category").is_null())["n"].sum())
    return {**ground.mapping.rolled_up(named), "": unmapped}


def areas(
    side: Side, before: Side | None, area_set: AreaSetRow, populations: Populations | None, days: Days
) -> tuple[AreaTable, list[NoteFact]]:
    """Every area of the set that has events in either period, most events first."""
    now, placed = _by_area(side, area_set)
    then = _by_area(before, area_set)[0] if before is not None else {}
    found = [area for area in area_set.areas if now.get(area.id, 0) or then.get(area.id, 0)]
    found.sort(key=lambda area: (-now.get(area.id, 0), -then.get(area.id, 0), area.name, area.code))
    compared = changes([then.get(area.id, 0) for area in found], [now.get(area.id, 0) for area in found], days)
    people = populations.values if populations else {}
    rows = tuple(
        AreaRow(
            id=area.id,
            code=area.code,
            name=area.name,
            parent=area.parent,
            n=now.get(area.id, 0),
            n_before=None if before is None else then.get(area.id, 0),
            change=change_at(compared, at),
            **rate_of(now.get(area.id, 0), people.get(str(area.id)), days),
        )
        for at, area in enumerate(found)
    )
    lacking = sum(row.population is None for row in rows)
    notes = [NoteFact(code="picture.population_missing", values={"n": lacking})] if people and lacking else []
    small = sum(row.population is not None and row.population < LEAST_POPULATION for row in rows)
    if small:
        values = {"n": small, "least": LEAST_POPULATION}
        notes.append(NoteFact(code="picture.population_small", values=values))
    table = AreaTable(
        area_set=area_set.slug,
        area_set_name=area_set.name,
        version=area_set.version_id,
        rows=rows,
        n_unplaced=side.n - placed,
        per=PER,
        population_kind=populations.kind if populations else "",
        population_source=populations.source if populations else "",
        population_on=populations.on if populations else None,
    )
    return table, notes


def _by_area(side: Side, area_set: AreaSetRow) -> tuple[dict[int, int], int]:
    """Events per area, and how many have one. Numbers that the version does not have are nowhere."""
    frame = side.areas.get(area_set.column)
    if frame is None:
        return {}, 0
    known = {area.id for area in area_set.areas}
    pairs = zip(frame[area_set.column].to_list(), frame["n"].to_list(), strict=True)
    counts = {area: n for area, n in pairs if area in known}
    return counts, sum(counts.values())


def rate_of(n: int, population: float | None, days: Days) -> Mapping[str, float | None]:
    """The fields of an area's rate; without figures where too few people live, or no day is covered."""
    if population is None or population < LEAST_POPULATION or not days.after:
        return {"population": population}
    found = rate(n, population, per=PER, years=days.after / YEAR_DAYS)
    return {
        "population": population,
        "rate": rounded(found.value),
        "rate_low": rounded(found.low),
        "rate_high": rounded(found.high),
    }


def total_change(before: int, after: int, days: Days) -> Change | None:
    """The two periods as wholes; nothing to correct for."""
    compared = changes([before], [after], days)
    one = change_at(compared, 0)
    return None if one is None else Change(ratio=one.ratio, low=one.low, high=one.high, pvalue=one.pvalue)
