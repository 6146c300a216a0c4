"""Suppression of small numbers in tables of counts before they leave the organisation that owns them.

Here lives the choice of cells to hide in one table with its margins. Differences between tables (two filters, two
periods, nested areas) are not seen from here: publish from one table, or check with `differencing`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

import numpy as np

from lagesbild.stats._arrays import ArrayLike, BoolArray, FloatArray, IntArray, as_counts
from lagesbild.stats._cycles import bridges, cheapest_path, one_way_open
from lagesbild.stats._result import Result
from lagesbild.stats.notes import Note

Zeros = Literal["show", "hide"]


@dataclass(frozen=True, eq=False, kw_only=True)
class SuppressionResult(Result):
    """A table that can be shown. Hidden cells are None; nothing here tells why a cell is hidden.

    ``table`` is a tuple for a row of counts and a tuple of rows for a table with two dimensions. ``row_totals`` and
    ``column_totals`` are empty for a single row.
    """

    method: ClassVar[str] = "suppress"
    version: ClassVar[str] = "1"

    table: tuple[int | None, ...] | tuple[tuple[int | None, ...], ...]
    row_totals: tuple[int | None, ...]
    column_totals: tuple[int | None, ...]
    total: int | None
    n_hidden: int


def suppress(table: ArrayLike, *, threshold: int = 5, zeros: Zeros = "show") -> SuppressionResult:
    """Which numbers must be hidden so that no small one can be read or worked out?

    Parameters
    ----------
    table : array of shape (k,) or (n_rows, n_cols), int >= 0
        Counts, without totals. Totals are added and protected with the rest.
    threshold : int >= 2
        Numbers from 1 to ``threshold - 1`` are hidden, totals included.
    zeros : {"show", "hide"}
        "show": 0 is no secret and stays, and is never hidden to protect another. "hide": 0 counts as small.

    Returns
    -------
    SuppressionResult
        ``table``, ``row_totals``, ``column_totals``, ``total`` with None for hidden numbers; ``n_hidden`` (totals
        included); ``notes``.

    Raises
    ------
    ValueError
        If a count is negative or not whole, or there are more than two dimensions.

    Notes
    -----
    What is guaranteed for this table and its totals, to a reader who knows all the shown numbers and that counts are
    not negative:

    1. No number from 1 to ``threshold - 1`` is shown.
    2. No hidden number can be worked out exactly: it lies on a closed path of hidden numbers, along which one can be
       added and taken away in turn without changing a total or going below zero ([1]_).
    3. Where a line shows its total, its hidden numbers add up to at least the threshold.

    Not guaranteed: that a reader cannot narrow a number down to a range, or compare with another table. To hide few
    and small numbers, each open cell is closed by the path with the smallest sum; in one dimension that is the best
    possible, in two it is near it.

    Cost: O(hidden cells × cells) time, O(cells) memory.

    References
    ----------
    .. [1] Gusfield, D. (1988). A graph theoretic approach to statistical data security. SIAM Journal on Computing
       17(3), 552-571. doi:10.1137/0217034.
    .. [2] Hundepool, A. et al. (2012). Statistical Disclosure Control, ch. 4. Wiley. doi:10.1002/9781118348239.
    """
    counts = as_counts("table", table)
    if counts.ndim not in (1, 2):
        raise ValueError(f"`table` must have one or two dimensions. Got {counts.ndim}.")
    if threshold < 2:
        raise ValueError(f"`threshold` must be at least 2. Got {threshold}.")
    if zeros not in get_args(Zeros):
        raise ValueError(f"`zeros` must be one of {', '.join(get_args(Zeros))}. Got {zeros!r}.")
    one_row = counts.ndim == 1
    full = _with_totals(counts.reshape(1, -1) if one_row else counts)
    hidden = _hidden(full, threshold=threshold, zeros=zeros)
    shown = _shown(full, hidden)
    rows = tuple(row[:-1] for row in shown[:-1])
    return SuppressionResult(
        table=rows[0] if one_row else rows,
        row_totals=() if one_row else tuple(row[-1] for row in shown[:-1]),
        column_totals=() if one_row else shown[-1][:-1],
        total=shown[-1][-1],
        n_hidden=int(hidden[0].sum() if one_row else hidden.sum()),
        parameters={"threshold": threshold, "zeros": zeros},
        notes=(Note("disclosure.all_hidden"),) if full.any() and hidden[full > 0].all() else (),
    )


def _with_totals(counts: IntArray) -> IntArray:
    rows = np.hstack([counts, counts.sum(axis=1, keepdims=True)])
    return np.vstack([rows, rows.sum(axis=0, keepdims=True)])


def _shown(full: IntArray, hidden: BoolArray) -> tuple[tuple[int | None, ...], ...]:
    return tuple(
        tuple(None if hide else int(value) for value, hide in zip(values, hides, strict=True))
        for values, hides in zip(full.tolist(), hidden.tolist(), strict=True)
    )


def _hidden(full: IntArray, *, threshold: int, zeros: Zeros) -> BoolArray:
    """Primary cells, then as few others as close every open one."""
    hidden: BoolArray = np.asarray(full < threshold)
    if zeros == "show":
        hidden &= full > 0
    n_before = -1
    while n_before < int(hidden.sum()):
        n_before = int(hidden.sum())
        for cell in bridges(hidden & (full > 0)):
            _close(full, hidden, cell)
        for cell in _open_zeros(full, hidden):
            _close(full, hidden, cell)
        _thicken(full, hidden, _thin_lines(full, hidden, threshold))
    return hidden


def _close(full: IntArray, hidden: BoolArray, cell: tuple[int, int]) -> None:
    """Hide the cheapest way round a cell that could be worked out. Nothing, when one is hidden already."""
    # Hidden cells cost nothing more. Others cost their value, and one more so that fewer cells win a tie.
    there, back = _costs(full, hidden)
    open_there, open_back = np.isfinite(there[cell]), np.isfinite(back[cell])
    there[cell] = back[cell] = np.inf
    row, col = cell[0], len(full) + cell[1]
    ways = []
    if open_back:
        ways.append(cheapest_path(there, back, start=row, goal=col))
    if open_there:
        ways.append(cheapest_path(there, back, start=col, goal=row))
    for at in min(ways)[1]:
        hidden[at] = True


def _costs(full: IntArray, hidden: BoolArray) -> tuple[FloatArray, FloatArray]:
    """What it costs to pass each cell from its row to its column, and back.

    Along a closed path numbers grow and shrink in turn so that all totals stay true (Gusfield's mixed graph). A zero
    can only grow: a hidden one is a one-way street, the other way round for totals; a shown one is closed.
    """
    there = np.where(hidden, 0.0, full + 1.0)
    back = there.copy()
    is_zero = full == 0
    is_total = np.zeros(full.shape, dtype=np.bool_)
    is_total[-1, :-1] = is_total[:-1, -1] = True
    there[is_zero & (is_total | ~hidden)] = np.inf
    back[is_zero & (~is_total | ~hidden)] = np.inf
    return there, back


def _open_zeros(full: IntArray, hidden: BoolArray) -> list[tuple[int, int]]:
    """Hidden zeros that could be worked out."""
    zeros = np.argwhere(hidden & (full == 0))
    if len(zeros) == 0:
        return []
    there, back = _costs(full, hidden)
    part = one_way_open((there == 0) & hidden, (back == 0) & hidden)
    return [(int(row), int(col)) for row, col in zeros if part[row] != part[len(full) + col]]


def _thin_lines(full: IntArray, hidden: BoolArray, threshold: int) -> list[tuple[slice | int, slice | int]]:
    """Rows and columns whose total is shown and whose hidden numbers add up to less than the threshold."""
    by_row = np.where(hidden, full, 0)[:, :-1].sum(axis=1)
    by_column = np.where(hidden, full, 0)[:-1].sum(axis=0)
    rows = hidden[:, :-1].any(axis=1) & ~hidden[:, -1] & (by_row < threshold)
    columns = hidden[:-1].any(axis=0) & ~hidden[-1] & (by_column < threshold)
    body = slice(None, -1)
    return [(int(at), body) for at in np.flatnonzero(rows)] + [(body, int(at)) for at in np.flatnonzero(columns)]


def _thicken(full: IntArray, hidden: BoolArray, lines: list[tuple[slice | int, slice | int]]) -> None:
    """Hide the smallest shown number of each line. There is one: otherwise the total would be hidden too."""
    for line in lines:
        candidates = np.where(hidden[line] | (full[line] == 0), np.iinfo(np.int64).max, full[line])
        hidden[line][int(np.argmin(candidates))] = True
