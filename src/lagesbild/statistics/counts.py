"""``lagesbild stats change``, ``rates`` and ``suppress``: counts, from a table or from events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import numpy as np
import polars as pl

from lagesbild.statistics.answers import answer_of
from lagesbild.statistics.events import Asked, Events
from lagesbild.statistics.options import Period, method
from lagesbild.statistics.over_time import OF_STEPS, over_time
from lagesbild.statistics.over_time import OPTIONS as OVER_TIME
from lagesbild.statistics.refusals import refuse, refusing
from lagesbild.statistics.table import Table, read_table

CONF = click.option("--conf", type=float, default=0.95, show_default=True, help="Level of the intervals.")


@method(
    "change",
    click.option("--before", "before", type=Period(), metavar="FROM,TO", help="First period, TO not included."),
    click.option("--after", "after", type=Period(), metavar="FROM,TO", help="Second period, TO not included."),
    click.option(
        "--by", metavar="COLUMN", help="Compare for each value of this column, with correction for their number."
    ),
    click.option(
        "--before-days", type=float, metavar="DAYS", help="Length of the first period, for a table of counts."
    ),
    click.option(
        "--after-days", type=float, metavar="DAYS", help="Length of the second period, for a table of counts."
    ),
    click.option(
        "--alternative", type=click.Choice(("two-sided", "greater", "less")), default="two-sided", show_default=True
    ),
    click.option("--test", type=click.Choice(("conditional", "e-test")), default="conditional", show_default=True),
    CONF,
    click.option(
        "--alpha", type=float, default=0.05, show_default=True, help="Share of false alarms over many rows or cells."
    ),
    *OVER_TIME,
)
def change(
    asked: Asked,
    *,
    before: tuple[float, float] | None,
    after: tuple[float, float] | None,
    by: str | None,
    before_days: float | None,
    after_days: float | None,
    alternative: Any,
    test: Any,
    conf: float,
    alpha: float,
    **steps: Any,
) -> Mapping[str, Any]:
    """Do events come at another rate than before?

    FILE holds events, and two periods are given; or it is a table with columns before and after, one row for each area.
    Answers the ratio of rates with its interval and p. Method: docs/methods/change.md.

    \b
    lagesbild stats change brott.csv --before 2018-01-01,2018-07-01 --after 2019-01-01,2019-07-01 --json
    lagesbild stats change brott.csv --before 2018-01-01,2018-07-01 --after 2019-01-01,2019-07-01 --by area
    lagesbild stats change counts.csv --before-days 365 --after-days 365

    With --look-for the events of a whole --period are counted in steps, days or months long. hot-spots: which cells are
    new, emerging, persistent, intermittent or fading. change-points: when the level of the series changed. alarm:
    whether the last steps are higher than the past lets one expect. A series already counted is a table with t, the
    first day of each step, and a column for --count. Methods: docs/methods/emerging_hot_spots.md, change_points.md,
    change_point_test.md and alarm.md.

    \b
    lagesbild stats change brott.csv --look-for hot-spots --period 2018-01-01,2019-01-01 --step month --cell 200
    lagesbild stats change brott.csv --look-for change-points --period 2018-01-01,2019-12-30 --replicates 999
    lagesbild stats change weeks.csv --look-for alarm --period 2015-01-05,2019-12-30 --count n --current 4 --json
    """
    from lagesbild.stats import compare_counts, compare_counts_many

    if steps["look_for"] != "rate":
        if before or after or by or before_days or after_days:
            refuse("--before, --after, --by and their days are for two periods, not for --look-for.", field="look-for")
        return over_time(asked, steps, alpha, conf)
    for name in OF_STEPS:
        if steps[name]:
            refuse(f"--{name.removesuffix('s') if name == 'gaps' else name} needs --look-for.", field="look-for")
    if (before is None) != (after is None):
        refuse("Give both --before and --after, or neither for a table of counts.", field="before")
    if before and after:
        names, first, second, facts = _counted(asked, before, after, by)
        exposures = (before[1] - before[0], after[1] - after[0])
    else:
        names, first, second, facts = _given(asked, by)
        exposures = (before_days or 1.0, after_days or 1.0)
    how: dict[str, Any] = {
        "exposure_before": exposures[0],
        "exposure_after": exposures[1],
        "conf": conf,
        "alternative": alternative,
    }
    with refusing():
        if names is None and len(first) == 1:
            return answer_of(compare_counts(int(first[0]), int(second[0]), test=test, **how)) | {"input": facts}
        if test != "conditional":
            refuse("--test e-test compares two counts only, not many rows.", field="test")
        found = compare_counts_many(first, second, alpha=alpha, **how)
    return answer_of(found) | {"names": names, "input": facts}


def _counted(
    asked: Asked, before: tuple[float, float], after: tuple[float, float], by: str | None
) -> tuple[list[str] | None, Any, Any, dict[str, Any]]:
    """Events in each period, for each value of a column or all together."""
    if max(before[0], after[0]) < min(before[1], after[1]):
        refuse("The periods of --before and --after must not overlap.", field="after")
    events = asked.events(places=False)
    inside = [(events.t >= first) & (events.t < end) for first, end in (before, after)]
    if by is None:
        first, second = (np.array([int(each.sum())]) for each in inside)
        return None, first, second, events.facts
    names, position = _groups(events.texts(by))
    first, second = (np.bincount(position[each & (position >= 0)], minlength=len(names)) for each in inside)
    return names, first, second, events.facts


def _given(asked: Asked, by: str | None) -> tuple[list[str] | None, Any, Any, dict[str, Any]]:
    table = asked.table
    if not (table.has("before") and table.has("after")):
        refuse("Give --before and --after, or a table with the columns before and after.", field="before")
    return _names(table, by), table.counts("before"), table.counts("after"), asked.facts()


def _names(table: Table, by: str | None) -> list[str] | None:
    """What each row of a table of areas is called."""
    return [each or "" for each in table.texts(by)] if by else None


def _groups(texts: pl.Series) -> tuple[list[str], Any]:
    """The values in alphabetical order, and the number of each row's value; -1 where empty."""
    names = sorted(texts.drop_nulls().unique().to_list())
    number = {name: at for at, name in enumerate(names)}
    return names, np.array([number.get(each, -1) for each in texts], dtype=np.int64)


@method(
    "rates",
    click.option("--by", metavar="COLUMN", help="Name of the area. With --population-file: where each event happened."),
    click.option("--count", default="count", show_default=True, metavar="COLUMN", help="Events of the area."),
    click.option("--population", default="population", show_default=True, metavar="COLUMN", help="People of the area."),
    click.option(
        "--population-file",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        metavar="TABLE",
        help="FILE holds events; this table has the column of --by and the population, one row for each area.",
    ),
    click.option(
        "--ambient", metavar="COLUMN", help="People present on average: a second rate beside that of --population."
    ),
    click.option("--per", type=float, default=100_000.0, show_default=True, help="The rate is per this many people."),
    click.option("--years", type=float, default=1.0, show_default=True, help="Length of the period."),
    CONF,
)
def rates(
    asked: Asked,
    *,
    by: str | None,
    count: str,
    population: str,
    population_file: Path | None,
    ambient: str | None,
    per: float,
    years: float,
    conf: float,
) -> Mapping[str, Any]:
    """How many events are there per inhabitant?

    FILE is a table with the columns count and population, one row for each area; or it holds events, and another table
    has the population. Answers each area's rate with an exact interval; with --ambient also the rate per people
    present, for places where few live and many pass. Method: docs/methods/rates.md.

    \b
    lagesbild stats rates areas.csv --by name --per 1000 --json
    lagesbild stats rates areas.csv --by name --ambient present
    lagesbild stats rates brott.csv --by kommun --population-file kommuner.csv --years 2
    """
    from lagesbild.stats import RateResult, rate

    names: list[str] | None
    if population_file:
        table = read_table(population_file)
        names, counts, facts = _events_in(asked, by, table)
    else:
        table, facts = asked.table, asked.facts()
        names, counts = _names(table, by), table.counts(count)
    rows: list[dict[str, Any]] = [{"name": each} for each in names] if names else [{} for _ in counts]
    for column in (population, ambient) if ambient else (population,):
        with refusing():
            found = [
                answer_of(rate(each, float(of), per=per, years=years, conf=conf))
                for each, of in zip(counts, table.numbers(column), strict=True)
            ]
        for row, each in zip(rows, found, strict=True):
            row["count"] = each["count"]
            numbers = {name: each[name] for name in ("population", "value", "low", "high", "notes")}
            row.update(numbers if column == population else {"ambient": numbers})
    return {
        "method": RateResult.method,
        "version": RateResult.version,
        "parameters": {"per": per, "years": years, "conf": conf},
        "rates": rows,
        "notes": [],
        "input": facts,
    }


def _events_in(asked: Asked, by: str | None, areas: Table) -> tuple[list[str], Any, dict[str, Any]]:
    """Areas by name, and how many of the events each holds."""
    if by is None:
        refuse("--population-file needs --by: the column with the area's name in both files.", field="by")
    names = _names(areas, by) or []
    if len(set(names)) < len(names):
        refuse(f'Column "{by}" of {areas.name} must name each area once.', field="population-file")
    number = {name: at for at, name in enumerate(names)}
    events = asked.events(places=False, times=False)
    position = np.array([number.get(each or "", -1) for each in events.texts(by)], dtype=np.int64)
    counts = np.bincount(position[position >= 0], minlength=len(names))
    facts = events.facts | {"elsewhere": int(np.count_nonzero(position < 0))}
    return names, counts, facts


@method(
    "suppress",
    click.option(
        "--by",
        multiple=True,
        metavar="COLUMN",
        help="Second column to count by: a table with two dimensions. Repeated: several tables, safe together.",
    ),
    click.option("--count", metavar="COLUMN", help="Numbers to add up. Default: every row is one event."),
    click.option("--threshold", type=int, default=5, show_default=True, help="Hide numbers from 1 up to below this."),
    click.option(
        "--zeros", type=click.Choice(("show", "hide")), default="show", show_default=True, help="Is 0 a secret?"
    ),
)
def suppress(asked: Asked, *, by: tuple[str, ...], count: str | None, threshold: int, zeros: Any) -> Mapping[str, Any]:
    """Which numbers of a table must be hidden?

    FILE holds events that are counted by category (and by a second column). Without such a column it is a table of
    counts, and its columns of whole numbers are protected with their totals. With --by for several columns, such as an
    area, the district it lies in, and the month, no difference between the tables gives a small number away.
    Methods: docs/methods/disclosure.md and differencing.md.

    \b
    lagesbild stats suppress brott.csv --category type --by area --json
    lagesbild stats suppress brott.csv --category type --by area --by month
    lagesbild stats suppress counts.csv --threshold 10 --zeros hide
    """
    from lagesbild.stats import suppress as suppress_

    if len(by) > 1:
        return _linked(asked, by, count, threshold=threshold, zeros=zeros)
    if asked.table.has(asked.category):
        rows, columns, counts = _crossed(asked, by[0] if by else None, count)
    elif by or count or asked.only or asked.category != "category":
        asked.table.refuse_missing(asked.category)
    else:
        rows, columns, counts = _whole_table(asked.table)
    with refusing():
        found = suppress_(counts, threshold=threshold, zeros=zeros)
    return answer_of(found) | {"rows": rows, "columns": columns, "input": asked.facts()}


def _crossed(asked: Asked, by: str | None, count: str | None) -> tuple[Sequence[str], Sequence[str], Any]:
    """Counts by one column, or by two. A row with an empty value counts under an empty name: totals must be whole."""
    events = asked.events(places=False, times=False)
    weights = _weights(events, count)
    names, row = _groups(events.texts(asked.category).fill_null(""))
    if by is None:
        return [], names, np.bincount(row, weights=weights, minlength=len(names))
    others, col = _groups(events.texts(by).fill_null(""))
    cells = np.bincount(row * len(others) + col, weights=weights, minlength=len(names) * len(others))
    return names, others, cells.reshape(len(names), len(others))


def _linked(asked: Asked, by: tuple[str, ...], count: str | None, *, threshold: int, zeros: Any) -> Mapping[str, Any]:
    """Tables of the category by each of several columns, of the same events."""
    from lagesbild.statistics.linked import suppress_linked

    if len(set(by)) < len(by) or asked.category in by:
        refuse("--by must name other columns than --category, each once.", field="by")
    events = asked.events(places=False, times=False)
    texts = {name: events.texts(name).fill_null("").to_list() for name in (asked.category, *by)}
    kinds = texts.pop(asked.category)
    found = suppress_linked(kinds, texts, _weights(events, count), threshold=threshold, zeros=zeros)
    return found | {"input": asked.facts()}


def _weights(events: Events, count: str | None) -> Any:
    weights = events.numbers(count) if count else None
    if weights is not None and bool(np.isnan(weights).any()):
        refuse(f'Column "{count}" of {events.table.name} lacks a number.', field="count")
    return weights


def _whole_table(table: Table) -> tuple[Sequence[str], Sequence[str], Any]:
    """All columns but those of texts."""
    columns = [name for name in table.frame.columns if not _is_text(table, name)]
    if not columns:
        refuse(f"{table.name} has neither a column of categories nor any of whole numbers.", field="category")
    labels = [name for name in table.frame.columns if name not in columns]
    rows = [each or "" for each in table.texts(labels[0])] if labels else []
    counts = np.column_stack([table.counts(name) for name in columns])
    return rows, columns, counts[0] if len(counts) == 1 else counts


def _is_text(table: Table, name: str) -> bool:
    texts = table.texts(name)
    return bool((texts.cast(pl.Float64, strict=False).is_null() & texts.is_not_null()).any())
