"""``lagesbild stats knox``: near repeats."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from lagesbild.statistics.answers import answer_of
from lagesbild.statistics.events import Asked
from lagesbild.statistics.options import MONTE_CARLO, Edges, method
from lagesbild.statistics.refusals import refusing

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

    events = asked.events()
    with refusing():
        found = knox_of(
            events.x,
            events.y,
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
