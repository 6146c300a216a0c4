"""Change points: when did the level of a series change, and how often?

Here lives the search for any number of changes. The test of a single one, with a p-value, is in `change_point_test`;
two periods chosen beforehand are compared in `change`.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from lagesbild.stats._arrays import ArrayLike, FloatArray, require_positive, require_share
from lagesbild.stats._change_date import ChangePoint, Series, dated, dispersion, series, too_little
from lagesbild.stats._result import Result
from lagesbild.stats.notes import Note

PENALTY_PER_LOG = 3.0
FEW_PERIODS = 20


@dataclass(frozen=True, eq=False, kw_only=True)
class ChangePointsResult(Result):
    """The changes in order of time, and the level of each period between them."""

    method: ClassVar[str] = "change_points"
    version: ClassVar[str] = "1"

    changes: tuple[ChangePoint, ...]
    level: FloatArray
    dispersion: float
    penalty: float
    n_periods: int


def change_points(
    counts: ArrayLike,
    exposure: ArrayLike | None = None,
    *,
    min_length: int = 2,
    penalty: float | None = None,
    conf: float = 0.95,
) -> ChangePointsResult:
    """When did the level of a series of counts change?

    Parameters
    ----------
    counts : array of shape (n,), int >= 0
        Events of each period, in order of time.
    exposure : array of shape (n,), float >= 0, optional
        How much was observed in each period, such as its days; 0 where nothing was, as in a gap of the source. Times
        the usual number for the season, it takes the season out. 1 when absent.
    min_length : int >= 1
        A level lasts at least so many periods. 1 lets a single odd period be a level of its own.
    penalty : float > 0, optional
        What a change must gain: twice the log of the likelihood ratio, divided by the dispersion. Default 3 ln n.
    conf : float in (0, 1)
        Level of the interval for each date.

    Returns
    -------
    ChangePointsResult
        ``changes``, each with ``index`` (first period of the new level), ``low``, ``high``, ``rate_before``,
        ``rate_after``, ``ratio``; ``level`` of shape (n,), events per unit of exposure, NaN where nothing was
        observed; ``dispersion``, ``penalty``, ``n_periods``, ``notes``.

    Raises
    ------
    ValueError
        If a count is negative or not whole, or there are events where nothing was observed.

    Notes
    -----
    1. Cut the series so that Σ cost + penalty × φ × number of changes is least, the cost of a part with x events in
       exposure e being -2 x ln(x / e), twice its negative Poisson log-likelihood. The best cut is found exactly ([1]_).
    2. Counts that vary more than Poisson counts do, as bursts make them, have a dispersion φ above 1. It is measured
       from neighbouring periods, so that the changes looked for do not count, and once again without the pairs that
       lie across a change found.
    3. With 3 ln n a series without any change is cut in at most about one case in twenty: 0-6 % in simulations with
       24-365 periods, 3-50 events a period and φ of 1-3.
    4. Interval of a date: posterior probability given the changes on both sides, rates integrated out, as for one
       change in [2]_. It does not know of the search, nor of the chance that there is no change.

    A season, a slow trend or events that hang together from period to period also make changes. ``ratio`` is chosen
    by looking, so somewhat too far from 1. Cost: O(n²) time at worst, about O(n) with many changes; O(n) memory.

    References
    ----------
    .. [1] Killick, R., Fearnhead, P. and Eckley, I. A. (2012). Optimal detection of changepoints with a linear
       computational cost. Journal of the American Statistical Association 107(500), 1590-1598.
       doi:10.1080/01621459.2012.737745.
    .. [2] Raftery, A. E. and Akman, V. E. (1986). Bayesian analysis of a Poisson process with a change-point.
       Biometrika 73.
    """
    found = series(counts, exposure, min_length=min_length)
    require_share("conf", conf)
    used = PENALTY_PER_LOG * math.log(max(len(found), 2)) if penalty is None else penalty
    require_positive("penalty", used, unit="units of twice the log-likelihood")
    notes = too_little(found, min_length=min_length)
    where, phi = ([], 1.0) if notes else _search(found, penalty=used, min_length=min_length)
    edges = [0, *where, len(found)]
    return ChangePointsResult(
        changes=tuple(
            dated(found, at, span=(before, after), min_length=min_length, phi=phi, conf=conf)
            for before, at, after in zip(edges, edges[1:-1], edges[2:], strict=False)
        ),
        level=_level(found, edges),
        dispersion=phi,
        penalty=used,
        n_periods=len(found),
        parameters={"min_length": min_length, "penalty": penalty, "conf": float(conf)},
        notes=notes or _notes(found, where),
    )


def _search(found: Series, *, penalty: float, min_length: int) -> tuple[list[int], float]:
    """The changes and the dispersion, which is measured again without the first changes."""
    phi = dispersion(found)
    phi = dispersion(found, _cut(found, penalty * phi, min_length))
    return _cut(found, penalty * phi, min_length), phi


def _cut(found: Series, penalty: float, min_length: int) -> list[int]:
    from lagesbild.stats._change_points_kernel import cheapest_cut

    begin = cheapest_cut(*found.sums, penalty, min_length)
    where: list[int] = []
    at = len(found)
    while at > 0:
        at = int(begin[at])
        where.append(at)
    return where[-2::-1]


def _level(found: Series, edges: list[int]) -> FloatArray:
    level = np.full(len(found), np.nan)
    for start, end in itertools.pairwise(edges):
        level[start:end] = found.rate(start, end)
    return np.where(found.known(), level, np.nan)


def _notes(found: Series, where: list[int]) -> tuple[Note, ...]:
    notes = []
    if not where:
        notes.append(Note("change_points.none"))
    if len(found) < FEW_PERIODS:
        notes.append(Note("change_points.few_periods", {"n": len(found)}))
    return tuple(notes)
