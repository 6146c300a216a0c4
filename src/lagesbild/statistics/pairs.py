"""``lagesbild stats knox`` and ``near-repeat-chains``: events that follow each other closely."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from lagesbild.statistics.answers import answer_of
from lagesbild.statistics.events import Asked
from lagesbild.statistics.options import MONTE_CARLO, Edges, method
from lagesbild.statistics.refusals import refusing
from lagesbild.statistics.table import day_text

METRIC = click.option("--metric", type=click.Choice(("euclidean", "manhattan")), default="euclidean", show_default=True)


@method(
    "knox",
    click.option(
        "--distance-bands",
        type=Edges(),
        default="0,1,100,200,300,400,inf",
        show_default=True,
        metavar="EDGES",
        help="Edges of half-open bands of distance in metres.",
    ),
    click.option(
        "--time-bands",
        type=Edges(),
        default="0,7,14,21,28,inf",
        show_default=True,
        metavar="EDGES",
        help="Edges of half-open bands of time in days.",
    ),
    METRIC,
    *MONTE_CARLO,
)
def knox(
    asked: Asked,
    *,
    distance_bands: tuple[float, ...],
    time_bands: tuple[float, ...],
    metric: Any,
    replicates: int,
    threads: int | None,
    scheduler: str | None,
) -> Mapping[str, Any]:
    """Do events follow each other closely (near repeats)?

    Answers the pairs observed and expected, their ratio and p for each band of distance (rows) and of time (columns).
    Method: docs/methods/knox.md.

    \b
    lagesbild stats knox arsons.csv --t date --distance-bands 0,1,200,400,inf --time-bands 0,7,14,inf --json
    lagesbild stats knox burglaries.gpkg --metric manhattan --replicates 9999 --seed 7
    """
    from lagesbild.stats import knox as knox_of

    events = asked.events(degrees=True)
    with refusing(scheduler=scheduler):
        found = knox_of(
            *events.metres,
            events.t,
            distance_bands=distance_bands,
            time_bands=time_bands,
            metric=metric,
            n_replicates=replicates,
            rng=asked.seed,
            threads=threads,
            scheduler=scheduler,
        )
    return answer_of(found) | {"input": events.facts}


@method(
    "near-repeat-chains",
    click.option(
        "--radius", type=float, default=200.0, show_default=True, metavar="M", help="Near: at most this far apart."
    ),
    click.option(
        "--days", type=float, default=14.0, show_default=True, metavar="D", help="Near: at most this long apart."
    ),
    METRIC,
)
def near_repeat_chains(asked: Asked, *, radius: float, days: float, metric: Any) -> Mapping[str, Any]:
    """Which events hang together in series?

    Answers the chain of each event, 0 for none, and the chains with their rows in FILE (counted from 0), days, centre
    and reach. Method: docs/methods/near_repeat_chains.md.

    \b
    lagesbild stats near-repeat-chains burglaries.csv --radius 200 --days 14 --json
    """
    from lagesbild.stats import near_repeat_chains as chains_of

    events = asked.events(degrees=True)
    with refusing():
        found = chains_of(*events.metres, events.t, radius_m=radius, window_days=days, metric=metric)
    answer = answer_of(found) | {"rows": events.rows.tolist()}
    dated = events.times is not None and events.times.are_dates
    for chain in answer["chains"]:
        chain["events"] = [int(events.rows[each]) for each in chain["events"]]
        chain["x"], chain["y"] = events.back(chain["x"], chain["y"])
        chain["from"], chain["to"] = (day_text(chain[end]) if dated else chain[end] for end in ("first", "last"))
    return answer | {"input": events.facts}
