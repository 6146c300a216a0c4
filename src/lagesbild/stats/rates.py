"""Rates: events per inhabitant, passer-by or other population, with an interval.

Here live one rate at a time, and how many people are present on average where many pass. Two periods are compared in
`change`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from lagesbild.stats._arrays import as_counts, require_positive, require_share
from lagesbild.stats._exact import poisson_limits
from lagesbild.stats._result import Result
from lagesbild.stats.notes import Note


@dataclass(frozen=True, eq=False, kw_only=True)
class RateResult(Result):
    """Events per `per` people and year with limits; None when the population is not known."""

    method: ClassVar[str] = "rate"
    version: ClassVar[str] = "1"

    count: int
    population: float | None
    value: float | None
    low: float | None
    high: float | None


def present_on_average(people_per_day: float, *, stay_hours: float) -> float:
    """How many people are present at a time, where so many come in a day and stay so long?

    Parameters
    ----------
    people_per_day : float >= 0
        Visitors, travellers or passers-by in a day.
    stay_hours : float > 0
        How long each stays on average [hours]. 0.1 is six minutes.

    Returns
    -------
    float
        People present, as the mean of all hours of the day and night: the ambient population for `rate`.

    Notes
    -----
    Mean number present = arrivals per hour × mean stay ([1]_), whatever the hours at which they come. Residents who are
    at home are not in it: add them. Cost: O(1).

    References
    ----------
    .. [1] Little, J. D. C. (1961). A proof for the queuing formula: L = λW. Operations Research 9(3), 383-387.
       doi:10.1287/opre.9.3.383.
    """
    if not 0 <= people_per_day < math.inf:
        raise ValueError(f"`people_per_day` must be zero or a positive number of people. Got {people_per_day}.")
    return float(people_per_day) / 24.0 * require_positive("stay_hours", stay_hours, unit="hours")


def rate(
    count: int,
    population: float | None,
    *,
    per: float = 100_000.0,
    years: float = 1.0,
    conf: float = 0.95,
) -> RateResult:
    """How many events are there per inhabitant, and how sure is that figure?

    Parameters
    ----------
    count : int >= 0
        Events.
    population : float or None
        People at risk in the same area: residents, or those who pass through. None, NaN or 0 when not known.
    per : float > 0
        The rate is per this many people.
    years : float > 0
        Length of the period [years]. 0.5 makes half a year's events a yearly rate.
    conf : float in (0, 1)
        Level of the interval.

    Returns
    -------
    RateResult
        ``value``, ``low``, ``high`` [events per `per` people and year], ``notes``.

    Raises
    ------
    ValueError
        If `count` is negative or not whole, or `population` is negative.

    Notes
    -----
    1. The count is taken as Poisson; its central limits ([1]_) are divided by the population, which is taken
       as known. Events in bursts make the true interval wider.
    2. In a city centre few live and many pass: choose the population before comparing places, and give both rates
       where both are known. `present_on_average` turns passers-by into people present.

    References
    ----------
    .. [1] Garwood, F. (1936). Fiducial limits for the Poisson distribution. Biometrika 28(3-4), 437-442.
       doi:10.1093/biomet/28.3-4.437.
    """
    counted = as_counts("count", [count])
    require_positive("per", per, unit="people")
    require_positive("years", years, unit="years")
    require_share("conf", conf)
    parameters: dict[str, object] = {"per": float(per), "years": float(years), "conf": float(conf)}
    people = None if population is None or math.isnan(population) else float(population)
    if people is not None and not 0 <= people < math.inf:
        raise ValueError(f"`population` must be zero or a positive number of people. Got {population}.")
    if not people:
        note = Note("rate.population_unknown")
        return RateResult(
            count=int(counted[0]),
            population=people,
            value=None,
            low=None,
            high=None,
            parameters=parameters,
            notes=(note,),
        )
    low, high = poisson_limits(counted, conf=conf)
    scale = per / (people * years)
    return RateResult(
        count=int(counted[0]),
        population=people,
        value=float(np.float64(counted[0]) * scale),
        low=float(low[0] * scale),
        high=float(high[0] * scale),
        parameters=parameters,
    )
