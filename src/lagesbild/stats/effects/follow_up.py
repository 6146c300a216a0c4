"""Planned follow-up: could it see an effect of this size?

Here lives the power of the three designs whose analysis lives beside it: `before_after`, `difference_in_differences`
and `trial_effect`. It is asked beforehand; after the fact the interval says more.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

import numpy as np

from lagesbild.stats._arrays import FloatArray, IntArray, require_positive, require_share
from lagesbild.stats._replicates import Rng, seeds
from lagesbild.stats._result import Result
from lagesbild.stats.effects.before_after import before_after
from lagesbild.stats.effects.difference_in_differences import difference_in_differences
from lagesbild.stats.notes import Note
from lagesbild.stats.trials.trial_effect import trial_effect

Design = Literal["before-after", "difference-in-differences", "trial"]
DESIGNS: Sequence[str] = ("before-after", "difference-in-differences", "trial")
MOST_PERIODS, MOST_AREAS = 600, 5000
# Draws to compare with in each simulated study.
REPLICATES = 199


@dataclass(frozen=True, eq=False, kw_only=True)
class FollowUpResult(Result):
    """The chance to see the effect. None where no number up to the limit is enough, or nothing was simulated."""

    method: ClassVar[str] = "follow_up_power"
    version: ClassVar[str] = "1"

    power: float
    smallest_ratio: float | None
    periods_needed: int | None
    areas_needed: int | None
    verdict: Note
    simulated: float | None
    simulated_low: float | None
    simulated_high: float | None


def follow_up_power(
    *,
    design: Design,
    ratio: float,
    events_per_period: float,
    periods_before: int,
    periods_after: int,
    n_treated: int = 1,
    n_control: int = 0,
    dispersion: float = 1.0,
    area_sd: float = 0.0,
    alpha: float = 0.05,
    target: float = 0.8,
    n_simulations: int = 0,
    rng: Rng = 0,
) -> FollowUpResult:
    """Could a planned follow-up see an effect of this size?

    Parameters
    ----------
    design : {"before-after", "difference-in-differences", "trial"}
        How it will be analysed. A trial: the change by place, with about as many events in all places.
    ratio : float > 0, not 1
        The effect worth seeing: 0.75 is a quarter fewer.
    events_per_period : float > 0
        Events of one area in one period (week, month), without the measure.
    periods_before, periods_after : int >= 1
        How long will be looked at.
    n_treated, n_control : int
        Areas with and without the measure. Before-after has no areas without.
    dispersion : float >= 1
        How much more counts vary than by chance, from month to month; `before_after` gives it for an old series.
    area_sd : float >= 0
        How differently areas change by themselves between the two times: standard deviation of the logarithm (0.1 is
        about 10 %). Before-after cannot know it, so it must be 0 there.
    alpha : float in (0, 1)
        Level of the two-sided test.
    target : float in (0, 1)
        Power that is wanted, for the numbers needed.
    n_simulations : int >= 0
        So many studies are made up and analysed with the method itself, as a check.
    rng : numpy.random.Generator or int
        Source of the simulations.

    Returns
    -------
    FollowUpResult
        ``power``; ``smallest_ratio``, the weakest reduction seen with the power wanted; ``periods_needed`` after and
        ``areas_needed`` of each kind for the effect asked about, all else the same; ``simulated`` power with
        ``simulated_low`` and ``simulated_high`` (95 %); ``verdict``; ``notes``.

    Raises
    ------
    ValueError
        If a number is out of its range, or areas do not fit the design.

    Notes
    -----
    1. Before-after and difference in differences: the logarithm of the ratio has the variance φ / events, summed over
       the sums compared, and area_sd² / areas for each group; Student's t, noncentral. Trial: the same for the mean
       change by place.
    2. Degrees of freedom: periods - 2 before-after, areas - 2 otherwise.
    3. With an area_sd, more periods help little: areas are needed.
    4. The formulas count on some ten events or more in each sum. With fewer, trust the simulation.

    Cost: O(log) for the numbers needed; a simulated study costs what its analysis does.

    References
    ----------
    .. [1] Cohen, J. (1988). Statistical power analysis for the behavioral sciences, 2nd ed. Erlbaum.
    """
    plan = _Plan(
        design=design,
        ratio=ratio,
        rate=events_per_period,
        before=periods_before,
        after=periods_after,
        treated=n_treated,
        control=n_control,
        dispersion=dispersion,
        area_sd=area_sd,
        alpha=alpha,
    )
    plan.check()
    require_share("target", target)
    power = plan.power()
    found = _simulated(plan, n_simulations, rng) if n_simulations else None
    return FollowUpResult(
        power=power,
        smallest_ratio=_smallest_ratio(plan, target),
        periods_needed=_fewest(lambda n: replace(plan, after=n).power(), target, 1, MOST_PERIODS),
        areas_needed=None if design == "before-after" else _areas(plan, target),
        verdict=Note(
            "follow_up.enough" if power >= target else "follow_up.too_small",
            {"power": round(100 * power), "ratio": ratio, "target": round(100 * target)},
        ),
        simulated=None if found is None else found[0],
        simulated_low=None if found is None else found[1],
        simulated_high=None if found is None else found[2],
        parameters={
            **{"design": design, "ratio": float(ratio), "events_per_period": float(events_per_period)},
            **{"periods_before": periods_before, "periods_after": periods_after},
            **{"n_treated": n_treated, "n_control": n_control, "dispersion": float(dispersion)},
            **{"area_sd": float(area_sd), "alpha": float(alpha), "target": float(target)},
            "n_simulations": n_simulations,
        },
        notes=_notes(plan),
    )


@dataclass(frozen=True, kw_only=True)
class _Plan:
    design: str
    ratio: float
    rate: float
    before: int
    after: int
    treated: int
    control: int
    dispersion: float
    area_sd: float
    alpha: float

    def check(self) -> None:
        if self.design not in DESIGNS:
            raise ValueError(f"`design` must be one of {', '.join(DESIGNS)}. Got {self.design!r}.")
        require_positive("ratio", self.ratio, unit="times as many events")
        if self.ratio == 1:
            raise ValueError("`ratio` must not be 1: no effect cannot be seen.")
        require_positive("events_per_period", self.rate, unit="events")
        require_share("alpha", self.alpha)
        if min(self.before, self.after, self.treated) < 1:
            raise ValueError("`periods_before`, `periods_after` and `n_treated` must be 1 or more.")
        if self.design == "before-after":
            if self.control != 0:
                raise ValueError(f"`n_control` must be 0 for before-after. Got {self.control}.")
            if self.area_sd != 0:
                raise ValueError(f"`area_sd` must be 0 for before-after. Got {self.area_sd}.")
        elif self.control < 1:
            raise ValueError(f"`n_control` must be 1 or more for {self.design}. Got {self.control}.")
        if not self.dispersion >= 1 or not self.area_sd >= 0:
            raise ValueError("`dispersion` must be 1 or more, and `area_sd` zero or more.")

    @property
    def df(self) -> int:
        n = self.before + self.after if self.design == "before-after" else self.treated + self.control
        return max(n - 2, 1)

    def signal(self) -> float:
        """The effect in standard errors."""
        r, noise = self.ratio, self.dispersion / self.rate
        if self.design == "trial":
            ours = noise * (r / self.after + 1 / self.before) + (self.area_sd * r) ** 2
            others = noise * (1 / self.after + 1 / self.before) + self.area_sd**2
            return abs(r - 1) / math.sqrt(ours / self.treated + others / self.control)
        variance = (noise * (1 / self.before + 1 / (r * self.after)) + self.area_sd**2) / self.treated
        if self.control:
            variance += (noise * (1 / self.before + 1 / self.after) + self.area_sd**2) / self.control
        return abs(math.log(r)) / math.sqrt(variance)

    def power(self) -> float:
        from scipy.stats import nct
        from scipy.stats import t as student

        limit, signal = float(student.ppf(1 - self.alpha / 2, self.df)), min(self.signal(), 37.0)
        return min(1.0, float(nct.sf(limit, self.df, signal) + nct.cdf(-limit, self.df, signal)))


def _fewest(power: Callable[[int], float], target: float, first: int, most: int) -> int | None:
    """The smallest number with enough power, by bisection; power grows with the number."""
    if power(most) < target:
        return None
    low, high = first - 1, most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if power(middle) >= target else (middle, high)
    return high


def _areas(plan: _Plan, target: float) -> int | None:
    return _fewest(lambda n: replace(plan, treated=n, control=n).power(), target, 2, MOST_AREAS)


def _smallest_ratio(plan: _Plan, target: float) -> float | None:
    """The ratio below 1 nearest to it that is seen with the power wanted."""
    low, high = 1e-3, 1 - 1e-6
    if replace(plan, ratio=low).power() < target:
        # Few events afterwards make the logarithm rough: the power is greatest at some ratio above 0.
        grid = np.linspace(0.01, 0.99, 99)
        enough = [each for each in grid.tolist() if replace(plan, ratio=each).power() >= target]
        if not enough:
            return None
        low = max(enough)
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if replace(plan, ratio=middle).power() >= target else (low, middle)
    return low


def _simulated(plan: _Plan, n: int, rng: Rng) -> tuple[float, float, float]:
    from lagesbild.stats._exact import binomial_limits

    seen = 0
    for seed in seeds(rng, n):
        random = np.random.default_rng(int(seed))
        seen += _study(plan, random) <= plan.alpha
    low, high = binomial_limits(np.array([float(seen)]), np.array([float(n)]), conf=0.95)
    return seen / n, float(low[0]), float(high[0])


def _study(plan: _Plan, random: np.random.Generator) -> float:
    """One study made up as planned: its p-value."""
    m, periods = plan.treated + plan.control, plan.before + plan.after
    treated, is_after = np.arange(m) < plan.treated, np.arange(periods) >= plan.before
    rates = np.full((m, periods), float(plan.rate))
    drift = random.lognormal(0.0, plan.area_sd, m)
    rates[:, is_after] *= drift[:, None]
    rates[np.ix_(treated, is_after)] *= plan.ratio
    counts = _counts(rates, plan.dispersion, random)
    if plan.design == "before-after":
        series = counts.sum(axis=0)
        return before_after(series[~is_after], series[is_after]).pvalue
    how = {"n_replicates": REPLICATES, "rng": random}
    if plan.design == "trial":
        by_place = [counts[:, part].sum(axis=1) / part.sum() for part in (is_after, ~is_after)]
        return trial_effect(by_place[0], treated=treated, baseline=by_place[1], **how).pvalue  # type: ignore[arg-type]
    return difference_in_differences(counts, treated=treated, start=plan.before, **how).pvalue  # type: ignore[arg-type]


def _counts(rates: FloatArray, dispersion: float, random: np.random.Generator) -> IntArray:
    """Counts whose variance is the dispersion times their mean."""
    if dispersion > 1:
        rates = random.gamma(rates / (dispersion - 1), dispersion - 1)
    return np.asarray(random.poisson(rates), dtype=np.int64)


def _notes(plan: _Plan) -> tuple[Note, ...]:
    notes = []
    fewest = plan.rate * min(plan.before, plan.after * min(plan.ratio, 1.0))
    if plan.design == "before-after":
        fewest *= plan.treated
        notes.append(Note("effect.no_comparison"))
    if fewest < 10:
        notes.append(Note("follow_up.few_events", {"n": round(fewest, 1)}))
    if plan.design != "before-after" and math.comb(plan.treated + plan.control, plan.treated) < 2 / plan.alpha:
        notes.append(Note("follow_up.few_areas", {"n": math.comb(plan.treated + plan.control, plan.treated)}))
    return tuple(notes)
