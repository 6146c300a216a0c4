"""The mean time of day or week: round which hour do events gather, and how closely?

Here live mean, spread and the Rayleigh test. The whole profile is in `aoristic`, its change in `hour_shift`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

import numpy as np

from lagesbild.stats._arrays import ArrayLike, FloatArray, IntArray, as_vector, require_share
from lagesbild.stats._clock import DAY_S, HOUR_S, WEEK_S, clock
from lagesbild.stats._result import Result
from lagesbild.stats.notes import Note

Cycle = Literal["day", "week"]
CYCLE_S = {"day": DAY_S, "week": WEEK_S}
SMALLEST_P = float(np.finfo(np.float64).tiny)
FEW = 25.0
# Vectors shorter than this, of length 1 for a moment that is known, are rounding and nothing else.
NOTHING = 1e-9


@dataclass(frozen=True, eq=False, kw_only=True)
class CircularResult(Result):
    """Mean hour of the cycle with its limits, which may lie on the other side of midnight. None where there is none."""

    method: ClassVar[str] = "mean_time"
    version: ClassVar[str] = "1"

    mean_hour: float | None
    low: float | None
    high: float | None
    resultant_length: float
    circular_sd_hours: float | None
    rayleigh: float
    pvalue: float
    n_events: float
    n_effective: float


def mean_time(
    t_from: ArrayLike,
    t_to: ArrayLike | None = None,
    *,
    cycle: Cycle = "day",
    time_known: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    conf: float = 0.95,
) -> CircularResult:
    """Round which time of day, or of the week, do events gather?

    Null hypothesis of the Rayleigh test: events are spread evenly over the cycle.

    Parameters
    ----------
    t_from, t_to, time_known
        As in `hour_weekday_profile`: earliest and latest time on the local clock, and whether the hour is known.
    cycle : {"day", "week"}
        What comes round again: 24 hours from midnight, or 168 hours from Monday at midnight.
    weights : array of shape (n,), float >= 0, optional
        How much each event counts; 1 when absent.
    conf : float in (0, 1)
        Level of the limits of the mean.

    Returns
    -------
    CircularResult
        ``mean_hour`` in [0, 24) or [0, 168); ``low`` and ``high``, the limits of the mean, where ``low`` may be the
        larger: from 22 to 2; ``resultant_length`` from 0 (even, or balanced) to 1 (all at once);
        ``circular_sd_hours``; ``rayleigh`` (the statistic z) and ``pvalue`` (0, 1]; ``n_events`` (sum of weights) and
        ``n_effective``, the number of exactly known times that would tell as much; ``notes``.

    Raises
    ------
    ValueError
        If arrays differ in length, a start is missing, or a weight is negative.

    Notes
    -----
    1. A moment is a vector of length 1 on the clock face, an interval the mean of all its moments: sin(d/2) / (d/2)
       long for an angle d. No hours are rounded. An interval of whole cycles has length 0.
    2. The mean hour is the direction of the sum S of the vectors, ``resultant_length`` |S| / Σ weights.
       Intervals make it shorter than it would be if the times were known.
    3. Rayleigh's z = |S|² / Σ a², a the length of each vector times its weight: n R̄² for moments ([1]_). Vectors with
       random directions have that sum whatever their lengths. p = exp(√(1 + 4n + 4 (n² - n z)) - (1 + 2n)) as in [2]_,
       with n = (Σ a)² / Σ a², the number of moments that would tell as much.
    4. Limits: mean ± arcsin(z σ), σ² = Σ (part of each vector across the mean)² / |S|², which is the circular standard
       error of [1]_ for moments. None where z σ is 1 or more; rough, with a note, below 25 events.
    5. ``circular_sd_hours`` = √(-2 ln R̄) as hours ([1]_).

    The test looks for one peak. Two peaks at opposite hours cancel: see the profile first. Times rounded to the hour
    do no harm; times set to midnight or noon for want of knowledge do: give them as ``time_known`` false. Events that
    come in bursts are fewer than they seem, and p is then too small. Cost: O(n) time and memory.

    References
    ----------
    .. [1] Fisher, N. I. (1993). Statistical analysis of circular data. Cambridge University Press.
    .. [2] Zar, J. H. (1999). Biostatistical analysis, 4th ed., chapter 27. Prentice Hall.
    """
    if cycle not in get_args(Cycle):
        raise ValueError(f"`cycle` must be one of {', '.join(get_args(Cycle))}. Got {cycle!r}.")
    z_conf = _normal_quantile(require_share("conf", conf))
    times = clock(t_from, t_to, time_known=time_known)
    weight = np.ones(len(times)) if weights is None else as_vector("weights", weights)
    if len(weight) != len(times):
        raise ValueError(f"`weights` must have the length of `t_from`, {len(times)}. Got {len(weight)}.")
    if len(weight) and float(weight.min()) < 0:
        raise ValueError("`weights` must not be negative.")
    # A date alone says nothing of the hour; in the week it is a day long.
    first, last = times.first, times.last
    if not bool(times.known.all()):
        used = times.known | (cycle == "week")
        last = np.where(times.known, last, np.maximum(last, first + DAY_S))
        first, last, weight = first[used], last[used], weight[used]
    return _result(
        _vectors(first, last, weight, cycle_s=CYCLE_S[cycle]),
        n_events=float(weight.sum()),
        cycle=cycle,
        conf=float(conf),
        z_conf=z_conf,
        notes=times.notes() if len(times) else (Note("aoristic.no_events"),),
    )


@dataclass(frozen=True, eq=False)
class _Vectors:
    """Vectors on the clock face, with the sum of the weights, and of their squares, of the events at each."""

    east: FloatArray
    north: FloatArray
    weight: FloatArray
    squared: FloatArray


def _vectors(first: IntArray, last: IntArray, weight: FloatArray, *, cycle_s: int) -> _Vectors:
    """One vector for each event; for many moments one for each second of the cycle, which is the same and quicker."""
    if len(first) < cycle_s or bool(np.any(last > first)):
        return _Vectors(*clock_vectors(first, last, cycle_s=cycle_s), weight, weight * weight)
    second, every = first % cycle_s, np.arange(cycle_s)
    sums = np.bincount(second, weights=weight, minlength=cycle_s).astype(np.float64)
    # Weights of 1 are their own squares.
    plain = bool((weight == 1).all())
    squared = sums if plain else np.bincount(second, weights=weight * weight, minlength=cycle_s).astype(np.float64)
    return _Vectors(*clock_vectors(every, every, cycle_s=cycle_s), sums, squared)


def clock_vectors(first: IntArray, last: IntArray, *, cycle_s: int) -> tuple[FloatArray, FloatArray]:
    """Cosine and sine of each moment, or their means over each interval."""
    half = (last - first) * (math.pi / cycle_s)
    middle = (first % cycle_s) * (2 * math.pi / cycle_s) + half
    length = np.sinc(half / math.pi)
    return length * np.cos(middle), length * np.sin(middle)


def _result(
    at: _Vectors, *, n_events: float, cycle: Cycle, conf: float, z_conf: float, notes: tuple[Note, ...]
) -> CircularResult:
    lengths = np.hypot(at.east, at.north)
    total, squares = float(lengths @ at.weight), float((lengths * lengths) @ at.squared)
    c, s = float(at.east @ at.weight), float(at.north @ at.weight)
    size = math.hypot(c, s)
    told = squares > NOTHING * NOTHING
    n_effective = total * total / squares if told else 0.0
    rayleigh = size * size / squares if told else 0.0
    pvalue = rayleigh_p(rayleigh, n_effective)
    resultant = size / n_events if n_events > 0 else 0.0
    hours = CYCLE_S[cycle] / HOUR_S
    mean, low, high = _mean_and_limits(at, c, s, size=size if told else 0.0, hours=hours, z_conf=z_conf)
    if n_events > 0 and pvalue > 0.05:
        notes += (Note("circular.no_direction"),)
    if n_events > 0 and n_effective < FEW:
        notes += (Note("circular.few_events", {"n": round(n_effective, 1)}),)
    return CircularResult(
        mean_hour=mean,
        low=low,
        high=high,
        resultant_length=min(resultant, 1.0),
        circular_sd_hours=_spread(min(resultant, 1.0), hours),
        rayleigh=rayleigh,
        pvalue=pvalue,
        n_events=n_events,
        n_effective=n_effective,
        parameters={"cycle": cycle, "conf": conf},
        notes=notes,
    )


def _mean_and_limits(
    at: _Vectors, c: float, s: float, *, size: float, hours: float, z_conf: float
) -> tuple[float | None, float | None, float | None]:
    if size <= NOTHING * max(float(at.weight.sum()), 1.0):
        return None, None, None
    angle = math.atan2(s, c)
    across = at.north * (c / size) - at.east * (s / size)
    reach = z_conf * math.sqrt(float((across * across) @ at.squared)) / size
    mean = _hour(angle, hours)
    if reach >= 1:
        return mean, None, None
    return mean, _hour(angle - math.asin(reach), hours), _hour(angle + math.asin(reach), hours)


def _hour(angle: float, hours: float) -> float:
    """An angle as hours of the cycle, in [0, hours) also where rounding reaches the end."""
    found = angle / (2 * math.pi) * hours % hours
    return found if found < hours else 0.0


def _spread(resultant: float, hours: float) -> float | None:
    return math.sqrt(max(-2 * math.log(resultant), 0.0)) / (2 * math.pi) * hours if resultant > NOTHING else None


def rayleigh_p(z: float, n: float) -> float:
    """How often directions at random make a sum this long (Zar 1999, chapter 27)."""
    if n <= 0:
        return 1.0
    root = math.sqrt(1 + 4 * n + 4 * n * max(n - z, 0.0))
    return min(max(math.exp(root - (1 + 2 * n)), SMALLEST_P), 1.0)


def _normal_quantile(conf: float) -> float:
    from statistics import NormalDist

    return NormalDist().inv_cdf(0.5 + conf / 2)
