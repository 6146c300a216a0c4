"""Differencing: what can be worked out by subtracting published numbers from each other, across tables and filters?

Here live the check of numbers that overlap (two filters, nested areas, a table by area and one by month) and the choice
of further numbers to hide. One table by itself is faster done in `disclosure`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from lagesbild.stats._arrays import ArrayLike, BoolArray, IntArray, as_mask
from lagesbild.stats._published import Published
from lagesbild.stats._result import Result
from lagesbild.stats.disclosure import Zeros
from lagesbild.stats.notes import Note


@dataclass(frozen=True, kw_only=True)
class DifferencingRisk:
    """Units that no published number tells apart, and the range that a reader can work out for their sum."""

    units: tuple[int, ...]
    low: int
    high: int


@dataclass(frozen=True, kw_only=True)
class HiddenNumber:
    """The range that a reader can work out for a hidden number; ``high`` None where nothing limits it."""

    number: int
    low: int
    high: int | None


@dataclass(frozen=True, eq=False, kw_only=True)
class DifferencingResult(Result):
    """What gives small numbers away. No risks: nothing small can be worked out."""

    method: ClassVar[str] = "differencing"
    version: ClassVar[str] = "1"

    risks: tuple[DifferencingRisk, ...]
    hidden: tuple[HiddenNumber, ...]
    safe: bool
    n_units: int
    n_classes: int
    n_numbers: int


@dataclass(frozen=True, eq=False, kw_only=True)
class OverlappingSuppressionResult(Result):
    """Numbers that can be shown together; hidden ones are None."""

    method: ClassVar[str] = "suppress_overlapping"
    version: ClassVar[str] = "1"

    values: tuple[int | None, ...]
    n_hidden: int


def differencing(
    counts: ArrayLike,
    covers: ArrayLike,
    *,
    hidden: ArrayLike | None = None,
    threshold: int = 5,
    zeros: Zeros = "show",
) -> DifferencingResult:
    """Which small numbers can a reader work out from all that is published?

    Parameters
    ----------
    counts : array of shape (k,), int >= 0
        Events in each unit: the finest parts that some published number tells apart, such as one category in one area
        in one month, or the events that are in one filter and not in another.
    covers : array of shape (p, k), bool
        Which units each published number adds up. Totals are numbers too.
    hidden : array of shape (p,), bool, optional
        Numbers that are not shown. All are shown when absent.
    threshold : int >= 2
        Numbers from 1 to ``threshold - 1`` are small.
    zeros : {"show", "hide"}
        "show": 0 is no secret. "hide": 0 counts as small.

    Returns
    -------
    DifferencingResult
        ``risks``: units whose sum a reader knows to be small, though perhaps not exactly, with the least and greatest
        value it can have; ``hidden``: the same range for each hidden number; ``safe``, true without risks;
        ``n_units``, ``n_classes``, ``n_numbers``, ``notes``.

    Raises
    ------
    ValueError
        If a count is negative or not whole, or `covers` has no column for each unit.

    Notes
    -----
    1. The reader knows every shown number, which units it adds up, and that counts are whole and not negative. Units
       covered by the same numbers make a class; only its sum can be known.
    2. A class is a risk when its greatest possible value is below the threshold (and above 0, with ``zeros="show"``).
       That also finds small sums of several classes: each part is then small too.
    3. The ranges are exact: each end is an integer program, solved by HiGHS to optimality.
    4. What the reader knows from elsewhere is not seen from here: who took part, numbers published by others, that
       hidden numbers tend to be small. Units without events that are left out make the reader seem to know more: the
       check then errs on the safe side.

    Cost: one integer program for each class below the threshold and two for each hidden number; O(entries of `covers`)
    memory. Hundreds of classes take seconds, thousands a minute.

    References
    ----------
    .. [1] Hundepool, A. et al. (2012). Statistical Disclosure Control, ch. 4. Wiley. doi:10.1002/9781118348239.
    """
    published = Published(counts, covers, threshold=threshold, zeros=zeros)
    away = _hidden(hidden, published)
    risks = []
    for each in published.risks(away, published.small):
        low, high = published.range_of_class(each, away)
        risks.append(DifferencingRisk(units=published.units_of(each), low=low, high=high))
    ranges = []
    for at in np.flatnonzero(away).tolist():
        least, most = published.range_of_number(at, away)
        ranges.append(HiddenNumber(number=at, low=least, high=most))
    return DifferencingResult(
        risks=tuple(risks),
        hidden=tuple(ranges),
        safe=not risks,
        n_units=published.n_units,
        n_classes=len(published.counts),
        n_numbers=len(published.values),
        parameters={"threshold": threshold, "zeros": zeros},
        notes=(Note("differencing.at_risk", {"n": len(risks)}),) if risks else (),
    )


def suppress_overlapping(
    counts: ArrayLike,
    covers: ArrayLike,
    *,
    hidden: ArrayLike | None = None,
    threshold: int = 5,
    zeros: Zeros = "show",
) -> OverlappingSuppressionResult:
    """Which numbers of several overlapping tables must be hidden, so that no small one can be worked out?

    Parameters
    ----------
    counts, covers, threshold, zeros
        As in `differencing`.
    hidden : array of shape (p,), bool, optional
        Numbers that are hidden in any case.

    Returns
    -------
    OverlappingSuppressionResult
        ``values`` of shape (p,) with None for hidden numbers; ``n_hidden``, ``notes``.

    Notes
    -----
    Small numbers are hidden first. Then, as long as `differencing` finds a risk, the smallest of the shown numbers that
    it follows from is hidden too; at last those are shown again that were hidden needlessly. What is left has no risk
    in the sense of `differencing`, and no number hidden beside the small ones could be shown; another choice may yet
    hide less. Numbers that are published already cannot be taken back: see with `differencing` what they do
    together with new ones.

    Cost: as `differencing`, times the numbers hidden beside the small ones.
    """
    published = Published(counts, covers, threshold=threshold, zeros=zeros)
    first = _hidden(hidden, published) | published.is_small(published.values)
    away = first.copy()
    # Hiding more only ever makes ranges wider, so what is safe once need not be looked at again.
    for each in published.risks(away, published.small):
        while published.risks(away, [each]):
            away[published.weakest(each, away)] = True
    _show_again(published, away, np.flatnonzero(away & ~first))
    values = published.values
    return OverlappingSuppressionResult(
        values=tuple(None if gone else value for value, gone in zip(values.tolist(), away.tolist(), strict=True)),
        n_hidden=int(away.sum()),
        parameters={"threshold": threshold, "zeros": zeros},
        notes=(Note("disclosure.all_hidden"),) if values.any() and away[values > 0].all() else (),
    )


def _show_again(published: Published, away: BoolArray, added: IntArray) -> None:
    """Numbers hidden on the way that later ones made needless, the largest first."""
    for number in added[np.argsort(-published.values[added], kind="stable")].tolist():
        away[number] = False
        if published.risks(away, published.small, only_first=True):
            away[number] = True


def _hidden(hidden: ArrayLike | None, published: Published) -> BoolArray:
    shape = published.values.shape
    return np.zeros(shape, dtype=np.bool_) if hidden is None else as_mask("hidden", hidden, shape=shape)
