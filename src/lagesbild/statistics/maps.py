"""``lagesbild stats density`` and ``gistar``: events on a grid."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from lagesbild.statistics.answers import answer_of
from lagesbild.statistics.events import Asked
from lagesbild.statistics.options import Edges, method
from lagesbild.statistics.refusals import refuse, refusing
from lagesbild.stats import Grid, Window

CELL = click.option("--cell", type=float, default=100.0, show_default=True, metavar="M", help="Side of a cell.")
BOUNDS = click.option("--bounds", type=Edges(), metavar="X0,Y0,X1,Y1", help="Study area. Default: round the events.")


@method(
    "density",
    CELL,
    BOUNDS,
    click.option(
        "--bandwidth", type=float, default=300.0, show_default=True, metavar="M", help="Reach of the smoothing."
    ),
    click.option("--kernel", type=click.Choice(("quartic", "gaussian")), default="quartic", show_default=True),
    click.option("--weight", metavar="COLUMN", help="How much each event counts. Default: 1."),
    click.option("--edge-correction/--no-edge-correction", default=True, help="Correct at the edge of the study area."),
)
def density(
    asked: Asked,
    *,
    cell: float,
    bounds: tuple[float, ...] | None,
    bandwidth: float,
    kernel: Any,
    weight: str | None,
    edge_correction: bool,
) -> Mapping[str, Any]:
    """How dense are events on a map?

    Answers events per square kilometre in each cell of a grid, rows from south to north.
    Method: docs/methods/density.md.

    \b
    lagesbild stats density brott.csv --cell 50 --bandwidth 200 --json
    lagesbild stats density brott.gpkg --only narcotics --crs EPSG:3011
    """
    from lagesbild.stats import density as density_of

    events = asked.events(times=False)
    with refusing():
        found = density_of(
            events.x,
            events.y,
            grid=grid_over(events.x, events.y, cell, bounds),
            kernel=kernel,
            bandwidth_m=bandwidth,
            weights=None if weight is None else events.numbers(weight),
            edge_correction=edge_correction,
        )
    return answer_of(found) | {"input": events.facts}


@method(
    "gistar",
    CELL,
    BOUNDS,
    click.option(
        "--neighbours", type=click.IntRange(min=1), metavar="STEPS", help="Cells round each, in steps. Default: 1."
    ),
    click.option("--radius", type=float, metavar="M", help="Instead: cells with centres within this distance."),
    click.option("--alpha", type=float, default=0.05, show_default=True, help="Share of false alarms to accept."),
    click.option("--min-count", type=int, default=5, show_default=True, help="Leave out hot spots with fewer events."),
)
def gistar(
    asked: Asked,
    *,
    cell: float,
    bounds: tuple[float, ...] | None,
    neighbours: int | None,
    radius: float | None,
    alpha: float,
    min_count: int,
) -> Mapping[str, Any]:
    """Where do events gather more than chance allows?

    Getis-Ord Gi*. Answers z, p and p corrected for the number of cells, for each cell of a grid, rows from south to
    north, and the hot and cold spots that stand. Methods: docs/methods/gi_star.md and hot_spots.md.

    \b
    lagesbild stats gistar brott.csv --cell 100 --neighbours 2 --json
    lagesbild stats gistar robberies.csv --x lon --y lat --crs EPSG:32616 --cell 500
    """
    from lagesbild.stats import gi_star_grid, hot_spots

    events = asked.events(times=False)
    if neighbours and radius:
        refuse("Give --neighbours or --radius, not both.", field="radius")
    with refusing():
        grid = grid_over(events.x, events.y, cell, bounds)
        window = Window.disc(radius_m=radius, cell_m=cell) if radius else Window.queen(neighbours or 1)
        counts = grid.count(events.x, events.y)
        gi = gi_star_grid(counts, window=window)
        spots = hot_spots(counts, grid=grid, gi=gi, alpha=alpha, min_count=min_count)
    found, clusters = answer_of(gi), answer_of(spots)
    return found | {
        "notes": found["notes"] + clusters["notes"],
        "counts": counts.tolist(),
        "alpha": alpha,
        **{
            name: clusters[name] for name in ("p_adjusted", "labels", "n_tests", "n_significant", "hot", "cold", "grid")
        },
        "input": events.facts,
    }


def grid_over(x: Any, y: Any, cell: float, bounds: tuple[float, ...] | None) -> Grid:
    """The cells over the study area, or over the events."""
    if bounds is None:
        return Grid.covering(x, y, cell_m=cell)
    if len(bounds) != 4:
        refuse("--bounds must be four numbers: x0,y0,x1,y1.", field="bounds")
    return Grid.covering(cell_m=cell, bounds=(bounds[0], bounds[1], bounds[2], bounds[3]))
