"""``lagesbild stats scan``: clusters in space and time."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import numpy as np

from lagesbild.statistics.answers import answer_of
from lagesbild.statistics.events import Asked, Events
from lagesbild.statistics.options import MONTE_CARLO, Period, method
from lagesbild.statistics.refusals import refuse, refusing
from lagesbild.statistics.table import day_text
from lagesbild.stats._scan_windows import MAX_INTERVALS

CASES = ("1", "1.0", "case", "true")
TABLE = click.Path(exists=True, dir_okay=False, path_type=Path)


class Interval(click.ParamType[Any]):
    """Whole days, or hours with an h; kept as hours."""

    name = "interval"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, int):
            return value
        number, hours = str(value).removesuffix("h"), str(value).endswith("h")
        if not number.isdigit() or int(number) < 1:
            self.fail(f'"{value}" must be a whole number of days, or of hours such as 6h.', param, ctx)
        return int(number) if hours else 24 * int(number)


@method(
    "scan",
    click.option(
        "--model", type=click.Choice(("permutation", "poisson", "bernoulli")), default="permutation", show_default=True
    ),
    click.option("--max-radius", type=float, metavar="M", help="Circles reach no farther. Default: only --max-share."),
    click.option("--max-days", type=float, metavar="D", help="Periods last no longer. Default: half the whole."),
    click.option(
        "--max-share", type=float, default=0.5, show_default=True, help="Most of all cases, or people, in a circle."
    ),
    click.option(
        "--period", type=Period(), metavar="FROM,TO", help="Whole period, TO not included. Default: that of the cases."
    ),
    click.option(
        "--interval",
        type=Interval(),
        default=24,
        show_default="1",
        metavar="DAYS|HOURSh",
        help="Length of a step in time: whole days, or hours such as 6h.",
    ),
    click.option("--prospective", is_flag=True, help="Only clusters that still go on at the end of the period."),
    click.option("--min-cases", type=int, default=2, show_default=True, help="Fewer make no cluster."),
    click.option(
        "--design", type=click.Choice(("space-time", "space", "time")), default="space-time", show_default=True
    ),
    click.option("--count", metavar="COLUMN", help="Cases of each row. Default: every row is one."),
    click.option(
        "--places", type=TABLE, metavar="TABLE", help="All places where cases could be. Default: where they are."
    ),
    click.option(
        "--population", type=TABLE, metavar="TABLE", help="For poisson: people by x and y, and t and category if there."
    ),
    click.option(
        "--people", default="population", show_default=True, metavar="COLUMN", help="Number of people in that table."
    ),
    click.option(
        "--case", "cases", multiple=True, metavar="VALUE", help="For bernoulli: category of cases. Default: 1 or case."
    ),
    click.option("--max-clusters", type=int, default=10, show_default=True, help="Most clusters to tell of."),
    click.option("--stop-after", type=int, metavar="N", help="Stop when so many replicates exceed the observed."),
    click.option("--gumbel", is_flag=True, help="Also p from a fitted Gumbel distribution."),
    *MONTE_CARLO,
)
def scan(asked: Asked, **given: Any) -> Mapping[str, Any]:
    """Is there a place and a period with more cases than chance puts anywhere?

    Scan statistics after Kulldorff. Answers clusters, the most likely first: observed and expected cases, the
    statistic, p, centre and radius, and the first and the last day; with --interval in hours, from when up to when.
    Method: docs/methods/scan.md.

    \b
    lagesbild stats scan robberies.csv --max-radius 500 --max-days 14 --json
    lagesbild stats scan cases.csv --model poisson --population people.csv --max-days 30
    lagesbild stats scan brott.csv --model bernoulli --case narcotics --design space --max-radius 300
    """
    from lagesbild.stats import ScanWindows

    _check(given)
    events = asked.events(times=given["design"] != "space", degrees=True)
    with refusing():
        windows = ScanWindows(
            max_radius_m=given["max_radius"],
            max_share=given["max_share"],
            max_days=given["max_days"],
            **_intervals(events, given),
            prospective=given["prospective"],
            min_cases=given["min_cases"],
            lonlat=events.in_degrees,
        )
    how = {name: given[name] for name in ("max_clusters", "stop_after", "gumbel", "threads", "scheduler")}
    how |= {"windows": windows, "n_replicates": given["replicates"], "rng": asked.seed}
    row = _repeated(events, given["count"])
    found = answer_of(_scanned(asked, events, row, given, how))
    for cluster in found["clusters"]:
        cluster["radius"] = cluster["radius_m"]
        cluster["from"], cluster["to"] = _ends(cluster, events, given["interval"])
        cluster["events"] = sorted({int(events.rows[row[each]]) for each in cluster["events"]})
    return found | {"input": events.facts}


def _check(given: Mapping[str, Any]) -> None:
    model = given["model"]
    if model == "poisson" and not given["population"]:
        refuse("--model poisson needs --population: a table of people by place.", field="population")
    if model != "poisson" and given["population"]:
        refuse(f"--population is for --model poisson, not {model}.", field="population")
    if model != "bernoulli" and given["cases"]:
        refuse(f"--case is for --model bernoulli, not {model}.", field="case")
    if model == "permutation" and given["design"] != "space-time":
        refuse("--model permutation scans space and time together.", field="design")
    if model == "poisson" and given["places"]:
        refuse("--model poisson takes the places of --population.", field="places")


def _repeated(events: Events, count: str | None) -> Any:
    """The row of each case."""
    every = np.arange(len(events))
    if count is None:
        return every
    counts = events.numbers(count)
    if not bool(np.all((counts >= 0) & (counts == np.floor(counts)))):
        refuse(f'Column "{count}" must hold whole numbers, zero or more.', field="count")
    return np.repeat(every, counts.astype(np.int64))


def _scanned(asked: Asked, events: Events, row: Any, given: Mapping[str, Any], how: dict[str, Any]) -> Any:
    from lagesbild.stats import scan_bernoulli, scan_permutation, scan_poisson

    x, y = events.x[row], events.y[row]
    t: Any = None if events.times is None else events.t[row]
    places = _places(asked, given["places"])
    if given["model"] == "permutation":
        with refusing(scheduler=how["scheduler"]):
            return scan_permutation(x, y, t, places=places, **how)
    if given["model"] == "bernoulli":
        kinds = events.texts(asked.category).str.to_lowercase()
        wanted = [each.lower() for each in given["cases"] or CASES]
        is_case = kinds.is_in(wanted).fill_null(False).to_numpy()[row]
        if len(row) and not bool(is_case.any()):
            refuse(f'No row is a case: column "{asked.category}" never holds {" or ".join(wanted)}.', field="case")
        with refusing(scheduler=how["scheduler"]):
            return scan_bernoulli(x, y, t, is_case=is_case, places=places, design=given["design"], **how)
    people, number = _population(replace(asked, file=given["population"], only=(), layer=None), given["people"])
    category = _category(events, asked.category, number)
    with refusing(scheduler=how["scheduler"]):
        chosen = None if category is None else category[row]
        return scan_poisson(x, y, t, population=people, category=chosen, design=given["design"], **how)


def _places(asked: Asked, file: Path | None) -> Any:
    if file is None:
        return None
    listed = replace(asked, file=file, only=(), layer=None).events(times=False, degrees=True)
    distinct = np.unique(np.column_stack([listed.x, listed.y]), axis=0)
    return distinct[:, 0], distinct[:, 1]


def _population(asked: Asked, column: str) -> tuple[Any, dict[str, int] | None]:
    """People by place, time and category, from one row for each; and the number of each category."""
    from lagesbild.stats import Population

    has_times, has_kinds = asked.table.has(asked.t), asked.table.has(asked.category)
    listed = asked.events(times=has_times, degrees=True)
    if not len(listed):
        refuse(f"{asked.table.name} holds no place with people.", field="population")
    people = listed.numbers(column)
    if bool(np.isnan(people).any()):
        refuse(f'Column "{column}" of {asked.table.name} lacks a number.', field="people")
    points, place = np.unique(np.column_stack([listed.x, listed.y]), axis=0, return_inverse=True)
    times, at = np.unique(listed.t if has_times else np.zeros(len(listed)), return_inverse=True)
    kinds = listed.texts(asked.category).fill_null("").to_list() if has_kinds else [""] * len(listed)
    number = {name: position for position, name in enumerate(sorted(set(kinds)))}
    seen = np.zeros((len(points), len(times)), dtype=np.bool_)
    seen[place.ravel(), at] = True
    if not bool(seen.all()):
        refuse(f"{asked.table.name} must have people for every place at every time it names.", field="population")
    total = np.zeros((len(points), len(times), len(number)))
    np.add.at(total, (place.ravel(), at, np.array([number[each] for each in kinds])), people)
    with refusing():
        made = Population(points[:, 0], points[:, 1], total, t=times if has_times else None)
    return made, number if has_kinds and len(number) > 1 else None


def _category(events: Events, column: str, number: Mapping[str, int] | None) -> Any:
    if number is None:
        return None
    found = [number.get(each or "", -1) for each in events.texts(column)]
    if -1 in found:
        refuse(f'The population has no people of category "{events.texts(column)[found.index(-1)]}".', field="category")
    return np.array(found, dtype=np.int64)


def _intervals(events: Events, given: Mapping[str, Any]) -> dict[str, Any]:
    """Whole days as they are. Hours as edges that are the same numbers as the times of the file on the hour."""
    hours, period = given["interval"], given["period"]
    if hours % 24 == 0 or events.times is None or not len(events):
        return {"period": period, "interval_days": hours / 24}
    if given["max_days"] is not None and given["max_days"] * 24 < hours:
        refuse("--max-days must be at least --interval.", field="max-days")
    start, end = period or (math.floor(float(events.t.min())), math.floor(float(events.t.max())) + 1)
    n = max(int((end - start) * 24 // hours), 1)
    if n > MAX_INTERVALS:
        refuse(f"--interval must be longer: the time would be cut into {n} intervals.", field="interval")
    edges = (end * 24 - hours * np.arange(n, -1, -1)) / 24
    # What is left over makes the first interval longer.
    edges[0] = start
    return {"time_edges": edges.tolist()}


def _ends(cluster: Mapping[str, Any], events: Events, hours: int) -> tuple[Any, Any]:
    """Whole days: the first and the last. Hours: from when up to when. Dates if the file has dates."""
    if events.times is None:
        return None, None
    if hours % 24:
        start, end = cluster["t_from"], cluster["t_to"]
        return (_moment(start), _moment(end)) if events.times.are_dates else (start, end)
    first, last = cluster["t_from"], cluster["t_to"] - 1
    return (day_text(first), day_text(last)) if events.times.are_dates else (first, last)


def _moment(days: float) -> str:
    return str(np.datetime64(round(days * 1440), "m"))
