"""``lagesbild stats accuracy``: a forecast of cells beside what happened there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click
import numpy as np

from lagesbild.statistics.answers import answer_of
from lagesbild.statistics.events import Asked
from lagesbild.statistics.maps import BOUNDS, CELL, grid_over
from lagesbild.statistics.options import Period, method
from lagesbild.statistics.refusals import refuse, refusing


@method(
    "accuracy",
    click.option("--before", type=Period(), metavar="FROM,TO", help="Events that the forecast is made from."),
    click.option("--after", type=Period(), metavar="FROM,TO", help="Events that it is held against; TO not included."),
    CELL,
    BOUNDS,
    click.option("--bandwidth", type=float, default=300.0, show_default=True, metavar="M", help="Reach of smoothing."),
    click.option("--area-share", type=float, default=0.05, show_default=True, help="Most of the area to choose."),
    click.option(
        "--chosen", default="chosen", show_default=True, metavar="COLUMN", help="In a table of cells: 1 or 0."
    ),
    click.option("--count", default="count", show_default=True, metavar="COLUMN", help="Events of the cell after."),
    click.option(
        "--count-before",
        default="before",
        show_default=True,
        metavar="COLUMN",
        help="Events before, if there.",
    ),
    click.option("--area", default="area", show_default=True, metavar="COLUMN", help="Area of the cell, if there."),
    click.option("--conf", type=float, default=0.95, show_default=True, help="Level of the intervals."),
)
def accuracy(asked: Asked, **given: Any) -> Mapping[str, Any]:
    """Did the events come in the cells that were pointed out?

    FILE holds events, and two periods are given: the densest cells of the first are the forecast for the second. Or it
    is a table of cells with the columns chosen and count, and before and area if known. Answers PAI, PEI and RRI of
    the forecast, of the worst cells of the period before, and of the best choice possible.
    Method: docs/methods/accuracy.md.

    \b
    lagesbild stats accuracy brott.csv --before 2018-01-01,2018-07-01 --after 2018-07-01,2019-01-01 --json
    lagesbild stats accuracy cells.csv --chosen forecast --count robberies
    """
    from lagesbild.stats import forecast_accuracy

    if (given["before"] is None) != (given["after"] is None):
        refuse("Give both --before and --after, or neither for a table of cells.", field="before")
    cells, more = _of_events(asked, given) if given["before"] else _of_table(asked, given)
    with refusing():
        found = answer_of(forecast_accuracy(**cells, conf=given["conf"]))
    return found | {name: found["forecast"][name] for name in ("hits", "pai", "pei", "rri")} | more


def _of_events(asked: Asked, given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Cells over all events of the file, the densest chosen by what happened in the first period."""
    from lagesbild.stats import density_of_counts, top_cells

    before, after = given["before"], given["after"]
    if after[0] < before[1]:
        refuse("--after must begin when --before has ended.", field="after")
    events = asked.events()
    with refusing():
        grid = grid_over(events.x, events.y, given["cell"], given["bounds"])
        first, second = (
            grid.count(events.x[inside], events.y[inside])
            for inside in ((events.t >= each[0]) & (events.t < each[1]) for each in (before, after))
        )
        risk = density_of_counts(first, grid=grid, bandwidth_m=given["bandwidth"])
        chosen = top_cells(risk.per_km2.ravel(), area_share=given["area_share"])
    rows, cols = np.nonzero(chosen.reshape(grid.shape))
    how = {"bandwidth_m": given["bandwidth"], "area_share": given["area_share"]}
    more = {"grid": grid.to_dict(), "chosen": np.column_stack([rows, cols]).tolist(), "forecast_made_by": how}
    # Periods of unequal length do not matter to any index: RRI divides by the change of the whole.
    return {"chosen": chosen, "counts": second.ravel(), "counts_before": first.ravel()}, more | {"input": events.facts}


def _of_table(asked: Asked, given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    table = asked.table
    if not table.has(given["chosen"]):
        refuse(f'Give --before and --after, or a table of cells with the column "{given["chosen"]}".', field="chosen")
    chosen = table.counts(given["chosen"])
    if not bool(np.isin(chosen, (0, 1)).all()):
        refuse(f'Column "{given["chosen"]}" must hold 1 for chosen cells and 0 for others.', field="chosen")
    cells = {"chosen": chosen == 1, "counts": table.counts(given["count"])}
    for name, column in (("counts_before", "count_before"), ("areas", "area")):
        if table.has(given[column]):
            cells[name] = table.counts(given[column])
    return cells, {"input": asked.facts()}
