"""Surveys: shares and means with intervals, from answers with design weights or from printed figures.

Here lives one wave. Two waves of the same survey are compared in `survey_waves`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, get_args

import numpy as np

from lagesbild.stats._arrays import ArrayLike, BoolArray, as_vector, require_positive, require_share
from lagesbild.stats._result import Result
from lagesbild.stats._survey_design import Design, Interval, share_limits
from lagesbild.stats.notes import Note

Kind = Literal["share", "mean"]
# Below this many answers a group is not shown.
MIN_N = 10


@dataclass(frozen=True, eq=False, kw_only=True)
class SurveyResult(Result):
    """A share (0 to 1) or a mean of one wave. None where it is not shown or not known."""

    method: ClassVar[str] = "survey"
    version: ClassVar[str] = "1"

    kind: Kind
    estimate: float | None
    low: float | None
    high: float | None
    se: float | None
    n: int | None
    n_effective: float | None
    n_kish: float | None
    design_effect: float | None
    df: float | None


def survey_share(
    answers: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    stratum_sizes: Mapping[Any, int] | None = None,
    conf: float = 0.95,
    interval: Interval = "wilson",
    min_n: int = MIN_N,
) -> SurveyResult:
    """Which share of the people would answer so, and how sure is that?

    Parameters
    ----------
    answers : array of shape (n,), bool
        Whether each person answered so; without those who did not answer the question.
    weights : array of shape (n,), float > 0, optional
        Design weights: how many people each answer stands for, or in proportion to that.
    strata : array of shape (n,), optional
        The group each was drawn from, if the sample was drawn from each group by itself.
    stratum_sizes : mapping of stratum to int, optional
        People in each stratum. Gives weights where none are given, and takes account of large samples of small groups.
    conf : float in (0, 1)
        Level of the interval.
    interval : {"wilson", "korn-graubard"}
        Wilson: right on average. Korn-Graubard: exact limits of Clopper and Pearson, wider, for shares near 0 or 1.
    min_n : int >= 1
        With fewer answers nothing is shown but n.

    Returns
    -------
    SurveyResult
        ``estimate``, ``low``, ``high``, ``se``; ``n`` answers; ``n_effective``, how many answers drawn at random would
        be as sure; ``n_kish``, Kish's (Σw)² / Σw²; ``design_effect``, the variance over that of n answers drawn at
        random; ``df``, ``notes``.

    Raises
    ------
    ValueError
        If arrays differ in length, a weight is not positive, or a stratum has no size.

    Notes
    -----
    1. The estimate is Σwy / Σw; its variance the linearised (Taylor) one, within strata and with correction for finite
       groups where they are given ([3]_). A stratum with one answer is held against the mean of all, with a note.
    2. ``n_effective`` is n / design effect, never more than n, less what few degrees of freedom cost ([2]_); with p = 0
       or 1 it is Kish's n ([1]_). The interval is that of so many answers drawn at random.
    3. The interval knows of chance in drawing only: not of who did not answer, nor of how the question was put.

    Cost: O(n log n) time, O(n) memory.

    References
    ----------
    .. [1] Kish, L. (1965). Survey Sampling. Wiley.
    .. [2] Korn, E. L. and Graubard, B. I. (1998). Confidence intervals for proportions with small expected number of
       positive counts estimated from survey data. Survey Methodology 24.
    .. [3] Lumley, T. (2010). Complex Surveys: A Guide to Analysis Using R. Wiley.
    .. [4] Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference. Journal of the
       American Statistical Association 22.
    """
    given: BoolArray = np.asarray(answers)
    if given.dtype != np.bool_ and given.size:
        raise TypeError(f"`answers` must be a boolean array. Got {given.dtype}.")
    design = Design(given.astype(np.float64), weights, strata, stratum_sizes)
    parameters = _parameters(conf, min_n) | {"interval": _known(interval)}
    if design.n < min_n:
        return _of_unknown("share", math.nan, design.n, min_n, parameters)
    # Sums of weights can leave a hair beyond the ends.
    p = min(max(design.mean, 0.0), 1.0)
    n_star = design.n_effective * design.few_df(conf)
    return _estimated("share", design, p, share_limits(p, n_star, conf=conf, interval=interval), n_star, parameters)


def survey_mean(
    values: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    stratum_sizes: Mapping[Any, int] | None = None,
    conf: float = 0.95,
    min_n: int = MIN_N,
) -> SurveyResult:
    """What is the mean answer of the people, such as an index from 1 to 4, and how sure is that?

    Parameters
    ----------
    values : array of shape (n,), float
        The answers; without those who did not answer the question.
    weights, strata, stratum_sizes, conf, min_n
        As in `survey_share`.

    Returns
    -------
    SurveyResult
        As `survey_share`.

    Notes
    -----
    Variance as in `survey_share`. The interval is that of Student's t with n less the number of strata degrees of
    freedom. Means of steps such as 1 to 4 take the steps as equally long. Cost: O(n log n) time, O(n) memory.
    """
    from scipy.special import stdtrit

    design = Design(as_vector("values", values), weights, strata, stratum_sizes)
    parameters = _parameters(conf, min_n)
    if design.n < min_n:
        return _of_unknown("mean", math.nan, design.n, min_n, parameters)
    if design.df < 1:
        return _of_unknown("mean", design.mean, design.n, min_n, parameters)
    reach = float(stdtrit(design.df, (1 + conf) / 2)) * math.sqrt(design.variance)
    limits = design.mean - reach, design.mean + reach
    return _estimated("mean", design, design.mean, limits, design.n_effective, parameters)


def printed_share(
    share: float,
    n: int | None,
    *,
    design_effect: float = 1.0,
    conf: float = 0.95,
    interval: Interval = "wilson",
    min_n: int = MIN_N,
) -> SurveyResult:
    """How sure is a share that a report prints, with or without the number of answers?

    Parameters
    ----------
    share : float in [0, 1]
        As printed: 0.2 for 20 %.
    n : int or None
        Answers. None when the report does not say: then there is no interval.
    design_effect : float > 0
        How much larger the variance is than that of answers drawn at random. 1.5 is common with weights.
    conf, interval, min_n
        As in `survey_share`.

    Returns
    -------
    SurveyResult
        As `survey_share`.

    Notes
    -----
    The interval is that of n / design_effect answers drawn at random. Without n nobody can say whether a change is more
    than chance. Cost: O(1).
    """
    if not 0 <= share <= 1:
        raise ValueError(f"`share` must lie from 0 to 1. Got {share}.")
    parameters = _parameters(conf, min_n) | {"interval": _known(interval), "design_effect": float(design_effect)}
    if n is None or n < min_n:
        return _of_unknown("share", share, n, min_n, parameters)
    n_star = n / require_positive("design_effect", design_effect, unit="times")
    limits = share_limits(share, n_star, conf=conf, interval=interval)
    return _printed("share", share, limits, math.sqrt(share * (1 - share) / n_star), n, design_effect, parameters)


def printed_mean(
    mean: float,
    n: int | None,
    *,
    sd: float | None,
    design_effect: float = 1.0,
    conf: float = 0.95,
    min_n: int = MIN_N,
) -> SurveyResult:
    """How sure is a mean that a report prints, with or without the number of answers and their spread?

    Parameters
    ----------
    mean : float
        As printed.
    n : int or None
        Answers. None when the report does not say: then there is no interval.
    sd : float >= 0 or None
        Standard deviation of the answers. None when the report does not say: then there is no interval either.
    design_effect, conf, min_n
        As in `printed_share`.

    Returns
    -------
    SurveyResult
        As `survey_share`.

    Notes
    -----
    The interval is that of Student's t with n - 1 degrees of freedom and sd √(design_effect / n). Cost: O(1).
    """
    from scipy.special import stdtrit

    parameters = _parameters(conf, min_n) | {"sd": sd, "design_effect": float(design_effect)}
    if sd is not None and not (math.isfinite(sd) and sd >= 0):
        raise ValueError(f"`sd` must be zero or positive. Got {sd}.")
    if n is None or n < max(min_n, 2) or sd is None:
        return _of_unknown("mean", mean, n, min_n, parameters)
    se = sd * math.sqrt(require_positive("design_effect", design_effect, unit="times") / n)
    reach = float(stdtrit(n - 1, (1 + conf) / 2)) * se
    return _printed("mean", mean, (mean - reach, mean + reach), se, n, design_effect, parameters)


def _parameters(conf: float, min_n: int) -> dict[str, object]:
    require_share("conf", conf)
    if min_n < 1:
        raise ValueError(f"`min_n` must be 1 or more. Got {min_n}.")
    return {"conf": float(conf), "min_n": min_n}


def _known(interval: Interval) -> Interval:
    if interval not in get_args(Interval):
        raise ValueError(f"`interval` must be one of {', '.join(get_args(Interval))}. Got {interval!r}.")
    return interval


def _estimated(
    kind: Kind,
    design: Design,
    estimate: float,
    limits: tuple[float, float],
    n_star: float,
    parameters: dict[str, object],
) -> SurveyResult:
    random = design.spread / design.n
    return SurveyResult(
        kind=kind,
        estimate=estimate,
        low=limits[0],
        high=limits[1],
        se=math.sqrt(design.variance),
        n=design.n,
        n_effective=n_star,
        n_kish=design.kish,
        design_effect=design.variance / random if random > 0 else None,
        df=design.df,
        parameters=parameters,
        notes=design.notes,
    )


def _printed(
    kind: Kind,
    estimate: float,
    limits: tuple[float, float],
    se: float,
    n: int,
    effect: float,
    parameters: dict[str, object],
) -> SurveyResult:
    return SurveyResult(
        kind=kind,
        estimate=float(estimate),
        low=limits[0],
        high=limits[1],
        se=se,
        n=n,
        n_effective=n / effect,
        n_kish=None,
        design_effect=float(effect),
        df=float(n - 1),
        parameters=parameters,
    )


def _of_unknown(kind: Kind, estimate: float, n: int | None, min_n: int, parameters: dict[str, object]) -> SurveyResult:
    """Without an interval, and without the estimate where there are too few answers."""
    few = n is not None and n < min_n
    note = Note("survey.too_few_answers", {"min_n": min_n}) if few else Note("survey.no_interval")
    return SurveyResult(
        kind=kind,
        estimate=None if few else float(estimate),
        low=None,
        high=None,
        se=None,
        n=n,
        n_effective=None,
        n_kish=None,
        design_effect=None,
        df=None,
        parameters=parameters,
        notes=(note,),
    )
