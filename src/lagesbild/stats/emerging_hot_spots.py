"""Emerging, persistent, intermittent and fading hot spots: what has a place been over many periods?

Here lives the classification of cells or areas by a rule. The fate of clusters between two periods is in
`hot_spot_change`, Gi* itself in `gi_star`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from lagesbild.stats._arrays import ArrayLike, BoolArray, FloatArray, IntArray, require_finite, require_share
from lagesbild.stats._kendall import kendall
from lagesbild.stats._result import Result
from lagesbild.stats.gi_star import CsrMatrix, GiStarResult, gi_star, gi_star_grid
from lagesbild.stats.multiple import benjamini_hochberg
from lagesbild.stats.notes import Note
from lagesbild.stats.window import Window

KINDS = ("none", "new", "emerging", "persistent", "intermittent", "fading")
MOSTLY = 0.9
# With four periods no order is rare enough for 5 %: 2 / 4! = 0.083.
FEWEST_FOR_TREND = 5


@dataclass(frozen=True, eq=False, kw_only=True)
class EmergingHotSpotsResult(Result):
    """The kind of each cell or area, and what it rests on. Arrays have the shape of one period, or (periods, …)."""

    method: ClassVar[str] = "emerging_hot_spots"
    version: ClassVar[str] = "1"

    kind: npt.NDArray[np.str_]
    n_of_kind: Mapping[str, int]
    n_hot: IntArray
    tau: FloatArray
    trend_p: FloatArray
    trend_p_adjusted: FloatArray
    hot: BoolArray
    cold: BoolArray
    z: FloatArray
    n_periods: int
    n_recent: int
    n_tests: int
    n_trend_tests: int


def emerging_hot_spots(
    values: ArrayLike, *, weights: CsrMatrix, alpha: float = 0.05, recent: int | None = None
) -> EmergingHotSpotsResult:
    """What has each area been over many periods: a new, emerging, persistent, intermittent or fading hot spot?

    Parameters
    ----------
    values : array of shape (periods, m), float
        Events, or any measure, of each area in each period, in order of time; periods of equal length.
    weights : sparse matrix of shape (m, m) in compressed row form
        As in `gi_star`: the neighbours of each area and the area itself.
    alpha : float in (0, 1)
        False discovery rate over all areas and periods at once, and again over all trends.
    recent : int >= 1, optional
        So many of the last periods are recent. Default: a third of all, rounded down, 1 at least.

    Returns
    -------
    EmergingHotSpotsResult
        ``kind`` of shape (m,): one of none, new, emerging, persistent, intermittent, fading; ``n_of_kind``;
        ``n_hot``, periods in which the area was hot; ``tau``, ``trend_p`` and ``trend_p_adjusted``; ``hot``, ``cold``
        and ``z`` of shape (periods, m); ``n_tests``, ``n_trend_tests``, ``notes``.

    Raises
    ------
    ValueError
        If shapes disagree or numbers are not finite.

    Notes
    -----
    Gi* of each period by itself ([1]_); an area is hot in a period when z > 0 and its p stands after
    Benjamini-Hochberg over all areas and periods. The trend is that of z over the periods, by Mann and Kendall
    ([2]_, [3]_), tested and corrected over the areas that were ever hot. Being hot in any period does not depend on the
    order of the periods, so that choosing those areas does not favour a trend. The first rule that fits:

    1. none: never hot.
    2. new: hot in the last period and never before the recent ones.
    3. fading: hot before the recent periods and never in them.
    4. emerging: hot in the last period, and z rises.
    5. fading: z falls.
    6. persistent: hot in nine of ten periods or more.
    7. intermittent: all others.

    The kinds resemble those of a well-known mapping program but are fewer, and their limits differ. z measures an area
    against the others in the same period: if all areas rise alike, none is emerging. Below five periods no trend can be
    told. Cold areas are marked but not classified. Cost: that of Gi* for each period, and O(periods² × areas ever hot).

    References
    ----------
    .. [1] Ord, J. K. and Getis, A. (1995). Local spatial autocorrelation statistics: distributional issues and
       an application. Geographical Analysis 27(4), 286-306. doi:10.1111/j.1538-4632.1995.tb00912.x.
    .. [2] Mann, H. B. (1945). Nonparametric tests against trend. Econometrica 13.
    .. [3] Kendall, M. G. (1975). Rank correlation methods, 4th ed. Griffin.
    """
    given = np.asarray(values)
    _check(given, n_dimensions=2)
    return _classified(given, lambda one: gi_star(one, weights=weights), alpha=alpha, recent=recent, by="weights")


def emerging_hot_spots_grid(
    counts: ArrayLike,
    *,
    window: Window,
    inside: ArrayLike | None = None,
    alpha: float = 0.05,
    recent: int | None = None,
) -> EmergingHotSpotsResult:
    """What has each cell of a grid been over many periods?

    As `emerging_hot_spots`, with the neighbourhoods of `gi_star_grid`.

    Parameters
    ----------
    counts : array of shape (periods, n_rows, n_cols), int or float
        Events in each cell and period.
    window, inside
        As in `gi_star_grid`. Cells that are not inside are of the kind none and are not among the tests.
    alpha, recent
        As in `emerging_hot_spots`.

    Returns
    -------
    EmergingHotSpotsResult
        As `emerging_hot_spots`, with arrays of shape (n_rows, n_cols) and (periods, n_rows, n_cols).

    Notes
    -----
    As `emerging_hot_spots`.
    """
    given = np.asarray(counts)
    _check(given, n_dimensions=3)
    return _classified(
        given, lambda one: gi_star_grid(one, window=window, inside=inside), alpha=alpha, recent=recent, by=window.name
    )


def _check(given: npt.NDArray[np.generic], *, n_dimensions: int) -> None:
    if given.ndim != n_dimensions:
        raise ValueError(
            f"Counts of many periods must have {n_dimensions} dimensions, periods first. Got {given.ndim}."
        )
    if not len(given):
        raise ValueError("There must be at least one period. Got none.")
    require_finite("counts", given)


def _classified(
    given: npt.NDArray[np.generic],
    test: Callable[[npt.NDArray[np.generic]], GiStarResult],
    *,
    alpha: float,
    recent: int | None,
    by: str,
) -> EmergingHotSpotsResult:
    require_share("alpha", alpha)
    n_periods = len(given)
    n_recent = max(n_periods // 3, 1) if recent is None else recent
    if not 1 <= n_recent <= n_periods:
        raise ValueError(f"`recent` must be 1 to the number of periods, {n_periods}. Got {n_recent}.")
    found = [test(period) for period in given]
    z, inside = np.stack([each.z for each in found]), found[0].inside
    standing = np.zeros(z.shape, dtype=np.bool_)
    corrected = benjamini_hochberg(np.stack([each.pvalue[inside] for each in found]).ravel(), alpha=alpha)
    standing[:, inside] = corrected.rejected.reshape(n_periods, -1)
    hot = standing & (z > 0)
    tau, trend_p, adjusted, n_trends = _trends(z, np.asarray(hot.any(axis=0)), alpha=alpha)
    kind = kinds(hot, trend=np.where(adjusted <= alpha, np.sign(tau), 0.0), recent=n_recent)
    return EmergingHotSpotsResult(
        kind=kind,
        n_of_kind={each: int(np.count_nonzero(kind[inside] == each)) for each in KINDS},
        n_hot=hot.sum(axis=0).astype(np.int64),
        tau=tau,
        trend_p=trend_p,
        trend_p_adjusted=adjusted,
        hot=hot,
        cold=np.asarray(standing & (z < 0)),
        z=z,
        n_periods=n_periods,
        n_recent=n_recent,
        n_tests=corrected.n_tests,
        n_trend_tests=n_trends,
        parameters={"alpha": float(alpha), "recent": n_recent, "neighbours": by},
        notes=_notes(found, n_periods, any_hot=bool(hot.any())),
    )


def _trends(z: FloatArray, ever: BoolArray, *, alpha: float) -> tuple[FloatArray, FloatArray, FloatArray, int]:
    """τ, p and corrected p of the places that were ever hot; 0 and 1 elsewhere."""
    tau, pvalue, adjusted = np.zeros(ever.shape), np.ones(ever.shape), np.ones(ever.shape)
    if bool(ever.any()):
        tau[ever], pvalue[ever] = kendall(z[:, ever])
        adjusted[ever] = benjamini_hochberg(pvalue[ever], alpha=alpha).adjusted
    return tau, pvalue, adjusted, int(np.count_nonzero(ever))


def kinds(hot: BoolArray, *, trend: FloatArray, recent: int) -> npt.NDArray[np.str_]:
    """The rules of `emerging_hot_spots`, for hot periods (periods, …) and trends that stand: 1, -1 or 0."""
    n_hot, last = hot.sum(axis=0), hot[-1]
    before, lately = hot[: len(hot) - recent].any(axis=0), hot[len(hot) - recent :].any(axis=0)
    rules = [
        (n_hot == 0, "none"),
        (last & ~before, "new"),
        (before & ~lately, "fading"),
        (last & (trend > 0), "emerging"),
        (trend < 0, "fading"),
        (n_hot >= math.ceil(MOSTLY * len(hot) - 1e-9), "persistent"),
    ]
    return np.select([each for each, _ in rules], [name for _, name in rules], default="intermittent")


def _notes(found: Sequence[GiStarResult], n_periods: int, *, any_hot: bool) -> tuple[Note, ...]:
    """The notes of Gi*, each once as it first came; and our own."""
    seen = {note.code: note for result in reversed(found) for note in result.notes}
    notes = [seen[code] for code in sorted(seen)]
    if not any_hot:
        notes.append(Note("emerging_hot_spots.none"))
    if n_periods < FEWEST_FOR_TREND:
        notes.append(Note("emerging_hot_spots.few_periods", {"n": n_periods, "needed": FEWEST_FOR_TREND}))
    return tuple(notes)
