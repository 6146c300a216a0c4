"""``lagesbild stats density`` and ``gistar``: events on a grid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import click

from lagesbild.statistics.answers import answer_of
from lagesbild.statistics.events import Asked
from lagesbild.statistics.neighbours import VALUE, WAYS, Ways
from lagesbild.statistics.options import Edges, method, monte_carlo
from lagesbild.statistics.refusals import refuse, refusing
from lagesbild.stats import Grid, Window

CELL = click.option("--cell", type=float, default=100.0, show_default=True, metavar="M", help="Side of a cell.")
BOUNDS = click.option("--bounds", type=Edges(), metavar="X0,Y0,X1,Y1", help="Study area. Default: round the events.")

ALTERNATIVE = click.option(
    "--alternative", type=click.Choice(("two-sided", "greater", "less")), default="two-sided", show_default=True
)


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
    VALUE,
    *WAYS,
    click.option("--alpha", type=float, default=0.05, show_default=True, help="Share of false alarms to accept."),
    click.option("--min-count", type=int, default=5, show_default=True, help="Leave out hot spots with fewer events."),
    ALTERNATIVE,
    click.option("--largest", is_flag=True, help="With replicates: also p held against the largest z anywhere."),
    *monte_carlo(default=0, fewest=0, more=" 0: the normal distribution instead."),
)
def gistar(asked: Asked, **given: Any) -> Mapping[str, Any]:
    """Where do events gather more than chance allows?

    Getis-Ord Gi*. Answers z, p and p corrected for the number of cells, for each cell of a grid, rows from south to
    north, and the hot and cold spots that stand; with --value for each place. With --replicates p comes from random
    maps. Methods: docs/methods/gi_star.md, gi_star_permutation.md and hot_spots.md.

    \b
    lagesbild stats gistar brott.csv --cell 100 --neighbours 2 --json
    lagesbild stats gistar robberies.csv --x lon --y lat --crs EPSG:32616 --cell 500 --replicates 999
    lagesbild stats gistar areas.gpkg --value rate
    """
    ways = Ways(given["radius"], given["nearest"], given["links"], given["id_column"])
    if not given["replicates"] and (given["alternative"] != "two-sided" or given["largest"]):
        refuse("--alternative and --largest need --replicates.", field="replicates")
    how = {"alternative": given["alternative"], "largest": given["largest"], "n_replicates": given["replicates"]}
    how |= {"rng": asked.seed, "threads": given["threads"], "scheduler": given["scheduler"]}
    if given["value"]:
        return _on_places(asked, given, ways, how)
    return _on_cells(asked, given, ways, how)


def _on_cells(asked: Asked, given: Mapping[str, Any], ways: Ways, how: dict[str, Any]) -> Mapping[str, Any]:
    from lagesbild.stats import gi_star_grid, gi_star_permutation_grid, hot_spots

    if ways.nearest or ways.links:
        refuse("--nearest and --links need --value: a measure of each place.", field="value")
    if given["neighbours"] and ways.radius:
        refuse("Give --neighbours or --radius, not both.", field="radius")
    events, cell = asked.events(times=False), given["cell"]
    with refusing(scheduler=given["scheduler"]):
        grid = grid_over(events.x, events.y, cell, given["bounds"])
        window = (
            Window.disc(radius_m=ways.radius, cell_m=cell) if ways.radius else Window.queen(given["neighbours"] or 1)
        )
        counts = grid.count(events.x, events.y)
        gi = gi_star_grid(counts, window=window)
        found = answer_of(gi)
        if given["replicates"]:
            dealt = gi_star_permutation_grid(counts, window=window, **how)
            found, gi = answer_of(dealt), replace(gi, pvalue=dealt.pvalue)
        spots = hot_spots(counts, grid=grid, gi=gi, alpha=given["alpha"], min_count=given["min_count"])
    clusters = answer_of(spots)
    kept = ("p_adjusted", "labels", "n_tests", "n_significant", "hot", "cold", "grid")
    return found | {
        "notes": found["notes"] + [each for each in clusters["notes"] if each["code"].startswith("hot_spots.")],
        "counts": counts.tolist(),
        "alpha": given["alpha"],
        **{name: clusters[name] for name in kept},
        "input": events.facts,
    }


def _on_places(asked: Asked, given: Mapping[str, Any], ways: Ways, how: dict[str, Any]) -> Mapping[str, Any]:
    from lagesbild.stats import benjamini_hochberg, gi_star, gi_star_permutation

    if given["neighbours"] or given["bounds"]:
        refuse("--neighbours and --bounds are for cells, not for places with a --value.", field="value")
    values, weights = asked.table.counts(given["value"]), ways.weights(asked, itself=True)
    with refusing(scheduler=given["scheduler"]):
        found = (
            gi_star_permutation(values, weights=weights, **how)
            if given["replicates"]
            else gi_star(values, weights=weights)
        )
        corrected = benjamini_hochberg(found.pvalue, alpha=given["alpha"])
    return answer_of(found) | {
        "alpha": given["alpha"],
        "p_adjusted": corrected.adjusted.tolist(),
        "significant": corrected.rejected.tolist(),
        "n_tests": corrected.n_tests,
        "n_significant": corrected.n_rejected,
        "input": asked.facts(),
    }


def grid_over(x: Any, y: Any, cell: float, bounds: tuple[float, ...] | None) -> Grid:
    """The cells over the study area, or over the events."""
    if bounds is None:
        return Grid.covering(x, y, cell_m=cell)
    if len(bounds) != 4:
        refuse("--bounds must be four numbers: x0,y0,x1,y1.", field="bounds")
    return Grid.covering(cell_m=cell, bounds=(bounds[0], bounds[1], bounds[2], bounds[3]))
