"""``lagesbild stats moran``: are neighbouring places alike?"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from lagesbild.statistics.answers import answer_of
from lagesbild.statistics.events import Asked
from lagesbild.statistics.maps import ALTERNATIVE, BOUNDS, CELL, grid_over
from lagesbild.statistics.neighbours import VALUE, WAYS, Ways, cells_around
from lagesbild.statistics.options import MONTE_CARLO, method
from lagesbild.statistics.refusals import refuse, refusing
from lagesbild.stats import Window


@method(
    "moran",
    VALUE,
    *WAYS,
    CELL,
    BOUNDS,
    click.option("--binary", is_flag=True, help="Use weights as they are. Default: rows are scaled to sum to 1."),
    click.option("--local", is_flag=True, help="Also each place's own I, with quadrant and corrected p."),
    click.option("--alpha", type=float, default=0.05, show_default=True, help="Share of false alarms to accept."),
    ALTERNATIVE,
    *MONTE_CARLO,
)
def moran(
    asked: Asked,
    *,
    value: str | None,
    radius: float | None,
    nearest: int | None,
    links: Path | None,
    id_column: str | None,
    cell: float,
    bounds: tuple[float, ...] | None,
    binary: bool,
    local: bool,
    alpha: float,
    alternative: Any,
    replicates: int,
    threads: int | None,
    scheduler: str | None,
) -> Mapping[str, Any]:
    """Are neighbouring places alike (Moran's I)?

    FILE has one row for each place and --value names its measure; or it holds events, which are counted in cells.
    Answers I with its moments and p. Methods: docs/methods/moran.md and local_moran.md.

    \b
    lagesbild stats moran areas.gpkg --value rate --local --json
    lagesbild stats moran homicides.csv --value rate --links neighbours.csv --replicates 9999
    lagesbild stats moran brott.csv --cell 200
    """
    from lagesbild.stats import benjamini_hochberg, local_moran
    from lagesbild.stats import moran as moran_of

    ways = Ways(radius, nearest, links, id_column)
    values, weights, facts = _places(asked, value, ways) if value else _cells(asked, ways, cell, bounds)
    how: dict[str, Any] = {
        "weights": weights,
        "row_standardise": not binary,
        "alternative": alternative,
        "n_replicates": replicates,
        "rng": asked.seed,
        "threads": threads,
        "scheduler": scheduler,
    }
    with refusing(scheduler=scheduler):
        answer = answer_of(moran_of(values, **how))
        if local:
            own = local_moran(values, **how)
            corrected = benjamini_hochberg(own.pvalue, alpha=alpha)
            answer["local"] = answer_of(own) | {
                "p_adjusted": corrected.adjusted.tolist(),
                "significant": corrected.rejected.tolist(),
            }
    return answer | facts


def _places(asked: Asked, value: str, ways: Ways) -> tuple[Any, Any, dict[str, Any]]:
    return asked.table.counts(value), ways.weights(asked, itself=False), {"input": asked.facts()}


def _cells(asked: Asked, ways: Ways, cell: float, bounds: tuple[float, ...] | None) -> tuple[Any, Any, dict[str, Any]]:
    if ways.nearest or ways.links:
        refuse("--nearest and --links need --value: a measure of each place.", field="value")
    events = asked.events(times=False)
    with refusing():
        grid = grid_over(events.x, events.y, cell, bounds)
        window = Window.disc(radius_m=ways.radius, cell_m=cell) if ways.radius else Window.queen(1)
        counts = grid.count(events.x, events.y)
    facts = {"counts": counts.tolist(), "grid": grid.to_dict(), "input": events.facts}
    return counts.ravel(), cells_around(grid.shape, window.half_widths), facts
