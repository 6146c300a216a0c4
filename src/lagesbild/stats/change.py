"""Change between two periods: is the rate of events after another than before?

Here live the comparison of two counts and the same for many areas at once. What became of hot spots
is in `hot_spot_change`; whether a measure caused a change is not a question for two numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

import numpy as np

from lagesbild.stats._arrays import (
    ArrayLike,
    BoolArray,
    FloatArray,
    IntArray,
    as_counts,
    require_positive,
    require_share,
)
from lagesbild.stats._exact import binomial_limits, binomial_tails
from lagesbild.stats._result import Result
from lagesbild.stats.e_test import e_test_p
from lagesbild.stats.multiple import benjamini_hochberg
from lagesbild.stats.notes import Note

Alternative = Literal["two-sided", "greater", "less"]
Test = Literal["conditional", "e-test"]

OF_ONE = ("exposure_before", "exposure_after", "conf", "alternative")
SMALLEST_P = float(np.finfo(np.float64).tiny)


@dataclass(frozen=True, eq=False, kw_only=True)
class ChangeResult(Result):
    """Ratio of rates, after to before. None where it has no value or no limit."""

    method: ClassVar[str] = "compare_counts"
    version: ClassVar[str] = "1"

    before: int
    after: int
    ratio: float | None
    low: float | None
    high: float | None
    pvalue: float

    @property
    def change_pct(self) -> float | None:
        """Change in per cent, None where the ratio has no value."""
        return None if self.ratio is None else (self.ratio - 1.0) * 100.0


@dataclass(frozen=True, eq=False, kw_only=True)
class ChangesResult(Result):
    """The same for m areas. NaN marks a ratio without a value, infinity a missing upper limit."""

    method: ClassVar[str] = "compare_counts_many"
    version: ClassVar[str] = "1"

    before: IntArray
    after: IntArray
    ratio: FloatArray
    low: FloatArray
    high: FloatArray
    pvalue: FloatArray
    p_adjusted: FloatArray
    rejected: BoolArray
    tested: BoolArray
    n_tests: int


def compare_counts(
    before: int,
    after: int,
    *,
    exposure_before: float = 1.0,
    exposure_after: float = 1.0,
    conf: float = 0.95,
    alternative: Alternative = "two-sided",
    test: Test = "conditional",
) -> ChangeResult:
    """Do events come at another rate after than before?

    Null hypothesis: both counts are Poisson with the same rate per unit of exposure.

    Parameters
    ----------
    before, after : int >= 0
        Events in each period.
    exposure_before, exposure_after : float > 0
        How much was observed: days, or inhabitants times years. Same unit in both.
    conf : float in (0, 1)
        Level of the interval.
    alternative : {"two-sided", "greater", "less"}
        "greater": more after than before. Decide before seeing the counts.
    test : {"conditional", "e-test"}
        Conditional: exact, never too small a p. E-test: two-sided only, less cautious with few events.

    Returns
    -------
    ChangeResult
        ``ratio`` (rate after / rate before), ``low``, ``high``, ``pvalue`` (0, 1], ``notes``.

    Raises
    ------
    ValueError
        If a count is negative or not whole, or an exposure is not positive.

    Notes
    -----
    1. Given their sum N, the count after is binomial with share R e_a / (R e_a + e_b), R the ratio of rates ([2]_).
       The limits of that share are those of [1]_.
    2. Two-sided p is twice the smaller tail, at most 1; it is below 1 - conf exactly when the interval leaves out 1.
    3. None before: no ratio and no upper limit; ``low`` is the lower limit. None after: the ratio is 0.
       None in either: nothing is known, p = 1, and a note.
    4. Events that come in bursts vary more than Poisson counts; then p is too small. The interval is exact for the
       conditional test and is given with either test.

    Cost: O(1). The e-test takes time in proportion to the sum of the counts.

    References
    ----------
    .. [1] Clopper, C. J. and Pearson, E. S. (1934). The use of confidence or fiducial limits illustrated in the
       case of the binomial. Biometrika 26(4), 404-413. doi:10.1093/biomet/26.4.404.
    .. [2] Przyborowski, J. and Wilenski, H. (1940). Homogeneity of results in testing samples from Poisson
       series. Biometrika 31(3-4), 313-323. doi:10.1093/biomet/31.3-4.313.
    .. [3] Krishnamoorthy, K. and Thomson, J. (2004). A more powerful test for comparing two Poisson means.
       Journal of Statistical Planning and Inference 119(1), 23-35. doi:10.1016/S0378-3758(02)00408-1.
    """
    if test not in get_args(Test):
        raise ValueError(f"`test` must be one of {', '.join(get_args(Test))}. Got {test!r}.")
    if test == "e-test" and alternative != "two-sided":
        raise ValueError(f"`alternative` must be two-sided for the e-test. Got {alternative!r}.")
    one = compare_counts_many(
        np.atleast_1d(np.asarray(before)),
        np.atleast_1d(np.asarray(after)),
        exposure_before=exposure_before,
        exposure_after=exposure_after,
        conf=conf,
        alternative=alternative,
    )
    pvalue = float(one.pvalue[0])
    if test == "e-test":
        pvalue = e_test_p(before, after, exposure_before=exposure_before, exposure_after=exposure_after)
    return ChangeResult(
        before=int(one.before[0]),
        after=int(one.after[0]),
        ratio=_number(one.ratio[0]),
        low=_number(one.low[0]),
        high=_number(one.high[0]),
        pvalue=pvalue,
        parameters={name: one.parameters[name] for name in OF_ONE} | {"test": test},
        notes=_notes_of_one(int(one.before[0]), int(one.after[0])),
    )


def compare_counts_many(
    before: ArrayLike,
    after: ArrayLike,
    *,
    exposure_before: float = 1.0,
    exposure_after: float = 1.0,
    conf: float = 0.95,
    alternative: Alternative = "two-sided",
    alpha: float = 0.05,
) -> ChangesResult:
    """In which areas do events come at another rate after than before?

    `compare_counts` for every area or cell at once, with correction for their number.

    Parameters
    ----------
    before, after : array of shape (m,), int >= 0
        Events in each area and period.
    exposure_before, exposure_after, conf, alternative
        As in `compare_counts`; the same for all areas.
    alpha : float in (0, 1)
        False discovery rate over the areas tested.

    Returns
    -------
    ChangesResult
        ``ratio``, ``low``, ``high``, ``pvalue``, ``p_adjusted``, ``rejected``, ``tested`` of shape (m,), ``n_tests``.

    Notes
    -----
    Areas without events in either period are not tested: the test is conditional on the sum of the two counts, so
    leaving out those with sum 0 does not favour any outcome. They have p = 1. Intervals are for one area each and
    are not widened for their number. Otherwise as `compare_counts`. Cost: O(m log m) time, O(m) memory.
    """
    k_before, k_after = as_counts("before", before), as_counts("after", after)
    if k_before.shape != k_after.shape or k_before.ndim != 1:
        raise ValueError(f"`before` and `after` must have the same length. Got {k_before.shape} and {k_after.shape}.")
    if alternative not in get_args(Alternative):
        raise ValueError(f"`alternative` must be one of {', '.join(get_args(Alternative))}. Got {alternative!r}.")
    require_positive("exposure_before", exposure_before, unit="days or other exposure")
    require_positive("exposure_after", exposure_after, unit="days or other exposure")
    require_share("conf", conf)
    ratio, low, high = _ratios(k_before, k_after, scale=exposure_before / exposure_after, conf=conf)
    pvalue = _pvalues(k_before, k_after, exposure_after / (exposure_before + exposure_after), alternative)
    tested = k_before + k_after > 0
    corrected = benjamini_hochberg(pvalue[tested], alpha=alpha)
    p_adjusted, rejected = np.ones(len(pvalue)), np.zeros(len(pvalue), dtype=np.bool_)
    p_adjusted[tested], rejected[tested] = corrected.adjusted, corrected.rejected
    return ChangesResult(
        before=k_before,
        after=k_after,
        ratio=ratio,
        low=low,
        high=high,
        pvalue=pvalue,
        p_adjusted=p_adjusted,
        rejected=rejected,
        tested=tested,
        n_tests=corrected.n_tests,
        parameters={
            "exposure_before": float(exposure_before),
            "exposure_after": float(exposure_after),
            "conf": float(conf),
            "alternative": alternative,
            "alpha": float(alpha),
            "correction": corrected.method,
        },
        notes=_notes_of_many(tested),
    )


def _ratios(
    before: IntArray, after: IntArray, *, scale: float, conf: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Ratio of rates and its limits: odds of the binomial share, times the ratio of exposures."""
    low, high = binomial_limits(after.astype(np.float64), (before + after).astype(np.float64), conf=conf)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(before > 0, after / before * scale, np.nan)
        low_ratio = low / (1.0 - low) * scale
        high_ratio = np.where(before > 0, high / (1.0 - high) * scale, np.inf)
    return ratio, low_ratio, high_ratio


def _pvalues(before: IntArray, after: IntArray, share: float, alternative: Alternative) -> FloatArray:
    lower, upper = binomial_tails(after.astype(np.float64), (before + after).astype(np.float64), share=share)
    if alternative == "greater":
        chosen = upper
    elif alternative == "less":
        chosen = lower
    else:
        chosen = np.minimum(2.0 * np.minimum(lower, upper), 1.0)
    return np.maximum(chosen, SMALLEST_P)


def _number(value: np.float64) -> float | None:
    return float(value) if np.isfinite(value) else None


def _notes_of_one(before: int, after: int) -> tuple[Note, ...]:
    if before == 0:
        return (Note("change.both_zero") if after == 0 else Note("change.before_zero"),)
    return ()


def _notes_of_many(tested: BoolArray) -> tuple[Note, ...]:
    notes = []
    if int(tested.sum()) > 1:
        notes.append(Note("change.many_tests", {"n": int(tested.sum())}))
    if not bool(tested.all()):
        notes.append(Note("change.areas_without_events", {"n": int((~tested).sum())}))
    return tuple(notes)
