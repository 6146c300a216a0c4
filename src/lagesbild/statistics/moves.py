"""``lagesbild stats displacement``, ``spp-test`` and ``category-mix``: what moved, or became something else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import numpy as np

from lagesbild.statistics.answers import answer_of
from lagesbild.statistics.counts import CONF
from lagesbild.statistics.events import Asked, Events
from lagesbild.statistics.ground import NamedType, Place, PlaceType, area_of, distance, inside
from lagesbild.statistics.maps import BOUNDS, grid_over
from lagesbild.statistics.options import MONTE_CARLO, Edges, Period, method, monte_carlo
from lagesbild.statistics.refusals import refuse, refusing
from lagesbild.statistics.table import Table, read_table

Span = tuple[float, float]
PLACE = "X,Y,R|FILE"
BEFORE = click.option("--before", type=Period(), metavar="FROM,TO", help="First period, TO not included.")
AFTER = click.option("--after", type=Period(), metavar="FROM,TO", help="Second period, TO not included.")
ALPHA = click.option("--alpha", type=float, default=0.05, show_default=True, help="Share of false alarms to accept.")
TABLE = click.Path(exists=True, dir_okay=False, path_type=Path)
ROLES = {
    "target": "treated",
    "treated": "treated",
    "control": "control",
    "catchment": "catchment",
    "buffer": "catchment",
    "ring": "catchment",
    "catchment-control": "catchment-control",
    "buffer-control": "catchment-control",
}


@method(
    "displacement",
    click.option(
        "--target", multiple=True, type=PlaceType(), metavar=PLACE, help="The place with the measure; may be repeated."
    ),
    click.option(
        "--control", multiple=True, type=PlaceType(), metavar=PLACE, help="A place like it without; may be repeated."
    ),
    click.option("--rings", type=Edges(), metavar="M,M", help="Outer edges of rings round the target."),
    click.option(
        "--catchment",
        "catchments",
        multiple=True,
        type=NamedType(PlaceType()),
        metavar=f"NAME={PLACE}",
        help="Another place where events could move to; may be repeated.",
    ),
    click.option(
        "--catchment-control",
        "catchment_controls",
        multiple=True,
        type=NamedType(PlaceType()),
        metavar=f"NAME={PLACE}",
        help='The control of a catchment, or of a ring, whose name is such as "0-100 m".',
    ),
    BEFORE,
    AFTER,
    click.option("--slice-days", type=float, metavar="D", help="Also intervals from how slices of D days vary."),
    click.option(
        "--size",
        "sizes",
        multiple=True,
        type=NamedType(click.FLOAT),
        metavar="NAME=NUMBER",
        help='Area or length of "treated", "control", a catchment, or "control of NAME".',
    ),
    click.option("--counts", is_flag=True, help="FILE is a table with columns area, role, before and after."),
    click.option("--before-days", type=float, metavar="DAYS", help="Length of the first period, with --counts."),
    click.option("--after-days", type=float, metavar="DAYS", help="Length of the second period, with --counts."),
    CONF,
)
def displacement(asked: Asked, **given: Any) -> Mapping[str, Any]:
    """Did events move elsewhere, or did the surroundings gain as well?

    FILE holds events; with --counts it is a table with one row for each area, whose role is target, control, catchment
    or catchment-control (area is then the name of the catchment). Answers the quotient (WDQ) with its reading for
    each ring and catchment, and always the difference (WDD) with its interval. Method: docs/methods/displacement.md.

    \b
    lagesbild stats displacement brott.csv --target 674100,6580400,150 --control 676000,6581000,150 --rings 100,200
      --catchment station=675000,6580900,200 --before 2024-01-01,2025-01-01 --after 2025-01-01,2026-01-01 --json
    lagesbild stats displacement brott.csv --target square.gpkg --control other.gpkg --rings 100
      --before 2024-01-01,2025-01-01 --after 2025-01-01,2026-01-01 --slice-days 28
    lagesbild stats displacement counts.csv --counts --before-days 365 --after-days 181
    """
    found = _of_table(asked, given) if given["counts"] else _of_events(asked, given)
    from lagesbild.stats import READINGS

    for each in [*found["catchments"], *([found["together"]] if found["together"] else [])]:
        each["reading_text"] = READINGS[each["reading"]]
    return found


def _of_events(asked: Asked, given: Mapping[str, Any]) -> dict[str, Any]:
    from lagesbild.stats import displacement_of_events

    before, after = _periods(given["before"], given["after"], "before", "after")
    for name in ("target", "control"):
        if not given[name]:
            refuse(f"Give --{name}: x,y,radius or a GeoPackage with polygons.", field=name)
    if given["before_days"] or given["after_days"]:
        refuse("--before-days and --after-days are for --counts.", field="before-days")
    events = asked.events()
    reach = distance(given["target"], events)
    with refusing():
        answer = displacement_of_events(
            events.x,
            events.y,
            events.t,
            target=reach <= 0,
            distance_m=np.maximum(reach, 0.0),
            control=inside(given["control"], events),
            rings_m=given["rings"] or (),
            catchments=_named(given["catchments"], events, "catchment"),
            catchment_controls=_named(given["catchment_controls"], events, "catchment-control"),
            sizes=dict(given["sizes"]),
            slice_days=given["slice_days"],
            before=before,
            after=after,
            conf=given["conf"],
        )
    places = {
        "target": [each.text for each in given["target"]],
        "control": [each.text for each in given["control"]],
        "catchments": [f"{name}={each.text}" for name, each in given["catchments"]],
        "catchment_controls": [f"{name}={each.text}" for name, each in given["catchment_controls"]],
    }
    found = answer_of(answer)
    found["parameters"] |= places
    return found | {"input": events.facts}


def _named(pairs: Sequence[tuple[str, Place]], events: Events, field: str) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        refuse(f"--{field} must give each name once.", field=field)
    return {name: inside([place], events) for name, place in pairs}


def _of_table(asked: Asked, given: Mapping[str, Any]) -> dict[str, Any]:
    """Counts by role. Rows of one role and area are added up."""
    from lagesbild.stats import displacement as displacement_of

    for name in ("target", "control", "rings", "catchments", "catchment_controls", "before", "after", "slice_days"):
        if given[name]:
            refuse("With --counts places and periods stand in FILE.", field="counts")
    totals = _totals(asked.table)
    for name in ("treated", "control"):
        if ("", name) not in totals:
            role = "target" if name == "treated" else name
            refuse(f'{asked.table.name} has no row with the role "{role}".', field="role")
    with refusing():
        answer = displacement_of(
            totals["", "treated"],
            totals["", "control"],
            catchments={area: pair for (area, role), pair in totals.items() if role == "catchment"},
            catchment_controls={area: pair for (area, role), pair in totals.items() if role == "catchment-control"},
            exposure_before=(given["before_days"] or 1.0) / (given["after_days"] or 1.0),
            sizes=dict(given["sizes"]),
            conf=given["conf"],
        )
    return answer_of(answer) | {"input": asked.facts()}


def _totals(table: Table) -> dict[tuple[str, str], list[float]]:
    roles, before, after = table.texts("role"), table.counts("before"), table.counts("after")
    areas = table.texts("area").fill_null("") if table.has("area") else [""] * len(table)
    totals: dict[tuple[str, str], list[float]] = {}
    for row, (area, role) in enumerate(zip(areas, roles, strict=True)):
        kind = ROLES.get((role or "").casefold().replace(" ", "-"))
        if kind is None:
            allowed = "target, control, catchment or catchment-control"
            refuse(f'Row {row + table.first_row}, column "role": "{role or ""}" must be {allowed}.', field="role")
        pair = totals.setdefault((area if kind.startswith("catchment") else "", kind), [0.0, 0.0])
        pair[0] += before[row]
        pair[1] += after[row]
    return totals


@method(
    "spp-test",
    click.option("--areas", type=TABLE, metavar="GPKG", help="Polygons to count by."),
    click.option("--area-name", metavar="COLUMN", help="Name of an area. Default: row numbers from 1."),
    click.option("--cell", type=float, metavar="M", help="Count by square cells of this side instead."),
    BOUNDS,
    click.option("--base", type=Period(), metavar="FROM,TO", help="Period of the base pattern, TO not included."),
    click.option("--test", type=Period(), metavar="FROM,TO", help="Period of the test pattern, TO not included."),
    click.option(
        "--resample",
        type=click.Choice(("subsample", "bootstrap", "both")),
        default="subsample",
        show_default=True,
        help="How intervals are made. subsample is Andresen's.",
    ),
    click.option("--samples", type=click.IntRange(min=1), default=200, show_default=True, help="Samples drawn for S."),
    click.option(
        "--sample-share", type=float, default=0.85, show_default=True, help="Share of the test events in a sample."
    ),
    click.option(
        "--area-test",
        type=click.Choice(("exact", "chi2")),
        default="exact",
        show_default=True,
        help="Test of each area against the rest.",
    ),
    CONF,
    ALPHA,
    *MONTE_CARLO,
)
def spp_test(asked: Asked, **given: Any) -> Mapping[str, Any]:
    """Are events spread over areas as before, and where not?

    Andresen's spatial point pattern test. FILE holds events, counted by --areas or --cell; or it is a table with the
    columns base and test, one row for each area. Answers the S-index, what changed in each area (-1, 0, 1), and
    p-values for the whole and for each area. Method: docs/methods/spp_test.md.

    \b
    lagesbild stats spp-test brott.csv --cell 500 --base 2024-01-01,2025-01-01 --test 2025-01-01,2026-01-01 --json
    lagesbild stats spp-test brott.csv --areas areas.gpkg --area-name name --base 2024-01-01,2025-01-01
      --test 2025-01-01,2026-01-01
    lagesbild stats spp-test counts.csv --area-name area
    """
    from lagesbild.stats import spp_test as spp_test_of

    base, test, facts = _patterns(asked, given)
    with refusing(scheduler=given["scheduler"]):
        found = spp_test_of(
            base,
            test,
            resample=given["resample"],
            sample_share=given["sample_share"],
            n_samples=given["samples"],
            conf=given["conf"],
            area_test=given["area_test"],
            alpha=given["alpha"],
            n_replicates=given["replicates"],
            rng=asked.seed,
            threads=given["threads"],
            scheduler=given["scheduler"],
        )
    return answer_of(found) | facts


def _patterns(asked: Asked, given: Mapping[str, Any]) -> tuple[Any, Any, dict[str, Any]]:
    """Counts of both patterns, and the names of the areas or the grid."""
    if given["areas"] and given["cell"] is not None:
        refuse("Give --areas or --cell, not both.", field="cell")
    if not given["areas"] and given["cell"] is None:
        return _given_patterns(asked, given)
    spans = _periods(given["base"], given["test"], "base", "test")
    events = asked.events()
    within = [(events.t >= first) & (events.t < end) for first, end in spans]
    if given["areas"]:
        table = read_table(given["areas"])
        area = area_of(table, events)
        base, test = (np.bincount(area[each & (area >= 0)], minlength=len(table)) for each in within)
        facts: dict[str, Any] = {"areas": _names(table, given["area_name"])}
        outside = area < 0
    else:
        with refusing():
            grid = grid_over(events.x, events.y, given["cell"], given["bounds"])
        base, test = (grid.count(events.x[each], events.y[each]).ravel() for each in within)
        facts = {"grid": grid.to_dict()}
        outside = (events.x < grid.x0) | (events.y < grid.y0)
        outside |= (events.x >= grid.x0 + grid.n_cols * grid.cell_m) | (events.y >= grid.y0 + grid.n_rows * grid.cell_m)
    elsewhere = int(np.count_nonzero(outside & (within[0] | within[1])))
    return base, test, facts | {"input": events.facts | {"elsewhere": elsewhere}}


def _given_patterns(asked: Asked, given: Mapping[str, Any]) -> tuple[Any, Any, dict[str, Any]]:
    table = asked.table
    if given["base"] or given["test"] or not (table.has("base") and table.has("test")):
        refuse("Give --areas or --cell for events, or a table with the columns base and test.", field="areas")
    facts = {"areas": _names(table, given["area_name"]), "input": asked.facts()}
    return table.counts("base"), table.counts("test"), facts


def _names(table: Table, column: str | None) -> list[str]:
    return [each or "" for each in table.texts(column)] if column else [str(at + 1) for at in range(len(table))]


def _periods(first: Span | None, second: Span | None, one: str, other: str) -> tuple[Span, Span]:
    if first is None or second is None:
        refuse(f"Give both --{one} and --{other}.", field=one)
    if max(first[0], second[0]) < min(first[1], second[1]):
        refuse(f"The periods of --{one} and --{other} must not overlap.", field=other)
    return first, second


@method("category-mix", BEFORE, AFTER, ALPHA, *monte_carlo(default=9_999))
def category_mix(
    asked: Asked,
    *,
    before: Span | None,
    after: Span | None,
    alpha: float,
    replicates: int,
    threads: int | None,
    scheduler: str | None,
) -> Mapping[str, Any]:
    """Did the mix of categories change, and which ones drive it?

    FILE holds events with a category, and two periods are given; or it is a table with the columns category, before and
    after. Answers p for the whole, the share of events that would have to be of another category, and each category's
    residual with corrected p. Method: docs/methods/category_mix.md.

    \b
    lagesbild stats category-mix brott.csv --before 2024-01-01,2025-01-01 --after 2025-01-01,2026-01-01 --json
    lagesbild stats category-mix counts.csv
    """
    from lagesbild.stats import category_mix as category_mix_of

    if before is None and after is None and asked.table.has("before") and asked.table.has("after"):
        table = asked.table
        names = [each or "" for each in table.texts(asked.category)]
        old, new, facts = table.counts("before"), table.counts("after"), asked.facts()
    else:
        spans = _periods(before, after, "before", "after")
        events = asked.events(places=False)
        texts = events.texts(asked.category).fill_null("").to_list()
        names = sorted(set(texts))
        number = {name: at for at, name in enumerate(names)}
        kind = np.array([number[each] for each in texts], dtype=np.int64)
        old, new = (
            np.bincount(kind[(events.t >= first) & (events.t < end)], minlength=len(names)).astype(np.float64)
            for first, end in spans
        )
        facts = events.facts
    with refusing(scheduler=scheduler):
        found = category_mix_of(
            old,
            new,
            names=names,
            alpha=alpha,
            n_replicates=replicates,
            rng=asked.seed,
            threads=threads,
            scheduler=scheduler,
        )
    return answer_of(found) | {"input": facts}
