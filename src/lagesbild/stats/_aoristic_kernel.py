"""The loop behind the hour × weekday profile. Imported only when there are intervals to share out."""

from __future__ import annotations

from lagesbild.stats._arrays import FloatArray, IntArray
from lagesbild.stats._jit import jit


@jit
def share_intervals(
    start: IntArray, end: IntArray, weight: FloatArray, cell_s: int, n_cells: int, out: FloatArray
) -> None:
    """Add each weight to the cells of a repeating week in proportion to the time in each.

    Cell c holds the seconds from c * cell_s; after n_cells the week begins again. Intervals are half-open and end after
    they start.
    """
    for i in range(len(start)):
        at = start[i]
        length = end[i] - start[i]
        while at < end[i]:
            number = at // cell_s
            edge = (number + 1) * cell_s
            until = edge if edge < end[i] else end[i]
            out[number % n_cells] += weight[i] * (until - at) / length
            at = until
