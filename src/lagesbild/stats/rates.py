"""Rates: events per inhabitant, passer-by or other population, with an interval.

Here lives one rate at a time. Two periods are compared in `change`.
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
    2. In a city centre few live and many pass: choose the population before comparing places.

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
