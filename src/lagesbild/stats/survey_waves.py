"""Waves of a survey: did the answers change from one to the next, by more than chance in drawing people?

Here lives the comparison of two waves. Different surveys are never compared: they ask other people other questions.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from lagesbild.stats._arrays import require_share
from lagesbild.stats._result import Result
from lagesbild.stats._survey_design import wilson
from lagesbild.stats.notes import Note
from lagesbild.stats.surveys import Kind, SurveyResult

SMALLEST_P = float(np.finfo(np.float64).tiny)
LARGEST_Z = 37.0


@dataclass(frozen=True, eq=False, kw_only=True)
class WaveComparisonResult(Result):
    """The later wave less the earlier one. None where it cannot be known."""

    method: ClassVar[str] = "compare_waves"
    version: ClassVar[str] = "1"

    kind: Kind
    before: float | None
    after: float | None
    difference: float | None
    low: float | None
    high: float | None
    pvalue: float | None
    beyond_chance: bool | None


def compare_waves(before: SurveyResult, after: SurveyResult, *, conf: float = 0.95) -> WaveComparisonResult:
    """Did the answers change from one wave of a survey to the next, by more than chance in drawing people?

    Null hypothesis: both waves were drawn from people who would answer alike.

    Parameters
    ----------
    before, after : SurveyResult
        Two waves of the same question in the same survey and area, drawn independently.
    conf : float in (0, 1)
        Level of the interval.

    Returns
    -------
    WaveComparisonResult
        ``difference`` (after - before), ``low``, ``high``, two-sided ``pvalue`` (0, 1], ``beyond_chance`` (p below
        1 - conf), ``notes``.

    Raises
    ------
    ValueError
        If one is a share and the other a mean.

    Notes
    -----
    1. Shares: the limits of both waves (Wilson, with their effective numbers) are joined by Newcombe's method ([1]_); p
       is the level at which that interval just reaches 0. Means: Welch's t.
    2. Where a wave does not say its n there is a difference, but neither interval nor p, and a note.
    3. People asked in both waves make them less different than the interval takes them to be; it is then too wide.
    4. Many areas compared at once need correction for their number (`benjamini_hochberg`).

    Cost: O(1).

    References
    ----------
    .. [1] Newcombe, R. G. (1998). Interval estimation for the difference between independent proportions: comparison
       of eleven methods. Statistics in Medicine 17, 873-890.
    """
    if before.kind != after.kind:
        raise ValueError(f"`before` and `after` must both be shares or both means. Got {before.kind}, {after.kind}.")
    require_share("conf", conf)
    difference = None
    if before.estimate is not None and after.estimate is not None:
        difference = after.estimate - before.estimate
    low = high = pvalue = None
    if difference is not None and before.se is not None and after.se is not None:
        low, high, pvalue = (_of_shares if before.kind == "share" else _of_means)(before, after, conf)
    return WaveComparisonResult(
        kind=before.kind,
        before=before.estimate,
        after=after.estimate,
        difference=difference,
        low=low,
        high=high,
        pvalue=pvalue,
        beyond_chance=None if pvalue is None else pvalue < 1 - conf,
        parameters={"conf": float(conf)},
        notes=_notes(difference, pvalue),
    )


def _of_shares(before: SurveyResult, after: SurveyResult, conf: float) -> tuple[float, float, float]:
    from scipy.optimize import brentq
    from scipy.special import ndtr, ndtri

    low, high = _newcombe(before, after, float(ndtri((1 + conf) / 2)))
    down = (after.estimate or 0.0) < (before.estimate or 0.0)

    def nearest(z: float) -> float:
        """The end of the interval that lies towards 0, in the direction of the change."""
        ends = _newcombe(before, after, z)
        return -ends[1] if down else ends[0]

    if after.estimate == before.estimate:
        return low, high, 1.0
    if nearest(LARGEST_Z) > 0:
        return low, high, SMALLEST_P
    z = float(brentq(nearest, 0.0, LARGEST_Z, xtol=1e-12))
    return low, high, min(max(2.0 * float(ndtr(-z)), SMALLEST_P), 1.0)


def _newcombe(before: SurveyResult, after: SurveyResult, z: float) -> tuple[float, float]:
    """Newcombe's hybrid score interval (1998) at z standard errors."""
    p, q = before.estimate or 0.0, after.estimate or 0.0
    (p_low, p_high), (q_low, q_high) = (
        wilson(each.estimate or 0.0, each.n_effective or 1.0, z) for each in (before, after)
    )
    return q - p - math.hypot(q - q_low, p_high - p), q - p + math.hypot(q_high - q, p - p_low)


def _of_means(before: SurveyResult, after: SurveyResult, conf: float) -> tuple[float, float, float]:
    from scipy.special import stdtr, stdtrit

    difference = (after.estimate or 0.0) - (before.estimate or 0.0)
    parts = [((each.se or 0.0) ** 2, each.df or 1.0) for each in (before, after)]
    variance = sum(square for square, _ in parts)
    if variance == 0:
        return difference, difference, SMALLEST_P if difference else 1.0
    # Welch and Satterthwaite's degrees of freedom.
    df = variance**2 / sum(square**2 / each for square, each in parts)
    reach = float(stdtrit(df, (1 + conf) / 2)) * math.sqrt(variance)
    pvalue = 2.0 * float(stdtr(df, -abs(difference) / math.sqrt(variance)))
    return difference - reach, difference + reach, max(pvalue, SMALLEST_P)


def _notes(difference: float | None, pvalue: float | None) -> tuple[Note, ...]:
    if difference is None:
        return (Note("survey.no_difference"),)
    return (Note("survey.no_interval"),) if pvalue is None else ()
