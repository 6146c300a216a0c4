"""``lagesbild stats profile``: hours, weekdays and months of events, and whether they shift."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click
import numpy as np

from lagesbild.statistics.answers import answer_of
from lagesbild.statistics.events import Asked, Events
from lagesbild.statistics.options import MONTE_CARLO, Period, method
from lagesbild.statistics.refusals import refuse, refusing
from lagesbild.statistics.table import Times


@method(
    "profile",
    click.option("--t-to", metavar="COLUMN", help="Latest possible time, when --t is the earliest."),
    click.option("--period", type=Period(), metavar="FROM,TO", help="Also months: take this period, TO not included."),
    click.option("--circular", is_flag=True, help="Also the mean time of day and of the week."),
    click.option("--before", type=Period(), metavar="FROM,TO", help="Also a shift: first period, TO not included."),
    click.option("--after", type=Period(), metavar="FROM,TO", help="Also a shift: second period, TO not included."),
    click.option(
        "--cells",
        type=click.Choice(("hours", "weekdays", "hours-of-week")),
        default="hours",
        show_default=True,
        help="What a shift is looked for in.",
    ),
    *MONTE_CARLO,
)
def profile(
    asked: Asked, *, t_to: str | None, period: tuple[float, float] | None, circular: bool, **shift: Any
) -> Mapping[str, Any]:
    """At which hours of the week do events happen?

    Answers expected events by weekday (Monday first) and hour; an event that may have happened during an interval is
    shared among its hours. Times are read as written, without time zone. With --before and --after also whether the
    hours have shifted between two periods, tested with --replicates random divisions.
    Methods: docs/methods/aoristic.md, season.md, circular.md and hour_shift.md.

    \b
    lagesbild stats profile thefts.csv --t earliest --t-to latest --json
    lagesbild stats profile brott.csv --period 2018-01-01,2019-01-01 --circular
    lagesbild stats profile brott.csv --before 2018-06-01,2018-09-01 --after 2019-06-01,2019-09-01
    """
    from lagesbild.stats import hour_weekday_profile

    events = asked.events(places=False)
    times = events.times
    assert times is not None
    if not times.are_dates and len(events):
        refuse(f'Column "{asked.t}" must hold dates. A number of days has no weekday.', field="t")
    inside = np.ones(len(events), dtype=np.bool_)
    if period:
        inside = (events.t >= period[0]) & (events.t < period[1])
    end = None if t_to is None else _seconds(events, t_to)
    with refusing():
        found = hour_weekday_profile(
            times.seconds[inside],
            None if end is None else end[inside],
            time_known=times.hour_known[inside],
        )
    answer = answer_of(found) | {"weekdays": found.weekdays.tolist()}
    if period:
        answer["season"] = _season(times, inside, period)
    if circular:
        answer["circular"] = _circular(times, end, inside)
    if shift["before"] or shift["after"]:
        answer["shift"] = _shift(asked, events, times, end, shift)
    return answer | {"input": events.facts | {"in_period": int(inside.sum())}}


def _seconds(events: Events, column: str) -> Any:
    """Seconds of the latest time; the smallest whole number where there is none."""
    ends = events.table.times(column)
    known = ~np.isnan(ends.days)
    if not ends.are_dates and bool(known.any()):
        refuse(f'Column "{column}" must hold dates.', field="t-to")
    return np.where(known, ends.seconds, np.iinfo(np.int64).min)[events.rows]


def _season(times: Times, inside: Any, period: tuple[float, float]) -> dict[str, Any]:
    from lagesbild.stats import observed_days, seasonal_profile

    if not all(each == int(each) for each in period):
        refuse("--period must be whole days for months.", field="period")
    months = times.seconds[inside].astype("datetime64[s]").astype("datetime64[M]").astype(np.int64) % 12 + 1
    first, after = (np.datetime64(int(each), "D") for each in period)
    with refusing():
        return answer_of(seasonal_profile(months, exposure_days=observed_days(first, after)))


def _circular(times: Times, end: Any, inside: Any) -> dict[str, Any]:
    from lagesbild.stats import mean_time

    chosen = (times.seconds[inside], None if end is None else end[inside])
    known = times.hour_known[inside]
    return {
        "day": answer_of(mean_time(*chosen, time_known=known)),
        "week": answer_of(mean_time(*chosen, time_known=known, cycle="week")),
    }


def _shift(asked: Asked, events: Events, times: Times, end: Any, given: Mapping[str, Any]) -> dict[str, Any]:
    from lagesbild.stats import hour_shift

    before, after = given["before"], given["after"]
    if not (before and after):
        refuse("Give both --before and --after, or neither.", field="before")
    if max(before[0], after[0]) < min(before[1], after[1]):
        refuse("The periods of --before and --after must not overlap.", field="after")
    early, late = ((events.t >= first) & (events.t < to) for first, to in (before, after))
    either = early | late
    with refusing(scheduler=given["scheduler"]):
        found = hour_shift(
            times.seconds[either],
            None if end is None else end[either],
            is_after=late[either],
            cells=given["cells"].replace("-", "_"),
            time_known=times.hour_known[either],
            n_replicates=given["replicates"],
            rng=asked.seed,
            threads=given["threads"],
            scheduler=given["scheduler"],
        )
    return answer_of(found)
