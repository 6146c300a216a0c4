"""Neighbourhoods on a grid: which cells lie round a cell, and sums over them.

Here lives the moving window used by Gi* and by the density's exact zeros. General neighbour lists
(streets, districts) are sparse matrices and go to `gi_star`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self, TypeVar

import numpy as np

from lagesbild.stats._arrays import FloatArray, IntArray, require_positive

# Cells that a window or a kernel may reach: a kernel of 4,001 cells squared is an eighth of a gigabyte.
MAX_REACH = 2_000

Numbers = TypeVar("Numbers", IntArray, FloatArray)


@dataclass(frozen=True, slots=True)
class Window:
    """A symmetric neighbourhood that includes the cell itself.

    Parameters
    ----------
    half_widths : tuple of int
        How far the window reaches east and west, in cells, for each row from the southernmost to the
        northernmost. Odd length, the same read from both ends.
    name : str
        How the window was made, for the record.
    """

    half_widths: tuple[int, ...]
    name: str = "rows"

    def __post_init__(self) -> None:
        rows = self.half_widths
        if len(rows) % 2 == 0 or rows != rows[::-1] or min(rows) < 0:
            raise ValueError(f"`half_widths` must be symmetric, odd in number and not negative. Got {rows}.")

    @classmethod
    def queen(cls, order: int = 1) -> Self:
        """All cells that share an edge or a corner, `order` steps out: 9 cells for 1, 25 for 2."""
        if order < 0:
            raise ValueError(f"`order` must be zero or a positive number of steps. Got {order}.")
        require_reach("order", order)
        return cls((order,) * (2 * order + 1), f"queen {order}")

    @classmethod
    def disc(cls, *, radius_m: float, cell_m: float) -> Self:
        """All cells whose centres lie at most `radius_m` away. Exactly that far counts."""
        require_positive("radius_m", radius_m, unit="metres")
        require_positive("cell_m", cell_m, unit="metres")
        require_reach("radius_m", radius_m / cell_m)
        # A little slack keeps centres at exactly the radius inside when the quotient is not exact.
        reach = (radius_m / cell_m) ** 2 * (1 + 1e-12)
        radius_cells = math.isqrt(math.floor(reach))
        rows = tuple(math.isqrt(math.floor(reach - dy * dy)) for dy in range(-radius_cells, radius_cells + 1))
        return cls(rows, f"disc {radius_m:g} m")

    @property
    def n_cells(self) -> int:
        """Cells in a whole window."""
        return sum(2 * half + 1 for half in self.half_widths)

    @property
    def reach(self) -> int:
        """Rows the window reaches north and south."""
        return len(self.half_widths) // 2

    def sums(self, values: Numbers) -> Numbers:
        """Sum of `values` in the window round each cell; cells outside the grid add nothing.

        Row by row from running totals: exact for whole numbers, O(m × rows of the window) time whatever
        its width, O(m) memory.

        Parameters
        ----------
        values : array of shape (n_rows, n_cols), int64 or float64

        Returns
        -------
        array of shape (n_rows, n_cols), same type
        """
        n_rows, n_cols = values.shape
        running = np.zeros((n_rows, n_cols + 1), dtype=values.dtype)
        np.cumsum(values, axis=1, out=running[:, 1:])
        total = np.zeros_like(values)
        cols = np.arange(n_cols)
        for half in sorted(set(self.half_widths)):
            east, west = np.minimum(cols + half + 1, n_cols), np.maximum(cols - half, 0)
            strip = running[:, east] - running[:, west]
            for row, width in enumerate(self.half_widths):
                if width == half:
                    _add_shifted(total, strip, row - self.reach)
        return total


def require_reach(name: str, cells: float) -> None:
    """Refuse what reaches over more cells than there is memory for."""
    if cells > MAX_REACH:
        raise ValueError(f"`{name}` must reach over at most {MAX_REACH} cells. Got {cells:g}.")


def _add_shifted(total: IntArray | FloatArray, strip: IntArray | FloatArray, shift: int) -> None:
    """Add the strip of the row `shift` steps north to each row."""
    n_rows = len(total)
    if abs(shift) >= n_rows:
        return
    if shift >= 0:
        total[: n_rows - shift] += strip[shift:]
    else:
        total[-shift:] += strip[:shift]
