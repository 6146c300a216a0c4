"""Population at risk for a Poisson scan: people by place, time and category, and the cases they lead one to expect.

Here lives indirect standardisation. Circles and tests live in the other `_scan` modules.
"""

from __future__ import annotations

import numpy as np

from lagesbild.stats._arrays import ArrayLike, BoolArray, FloatArray, IntArray, as_counts, as_points, as_vector


class Population:
    """People of each place.

    Parameters
    ----------
    x, y : array of shape (m,), float
        Coordinates of the places [m], or longitude and latitude.
    people : array of shape (m,), (m, K) or (m, K, G), float
        People of each place; at each of K times; in each of G categories, such as age and sex.
    t : array of shape (K,), float, optional
        The times [days], rising, on the clock of the cases. Needed if K is above 1. People known for a year belong
        in its middle, 1 July.
    """

    def __init__(self, x: ArrayLike, y: ArrayLike, people: ArrayLike, *, t: ArrayLike | None = None) -> None:
        self.x, self.y = as_points(x, y)
        given = np.array(people, dtype=np.float64)
        if given.ndim not in (1, 2, 3) or len(given) != len(self.x):
            raise ValueError(f"`people` must have one row for each place. Got the shape {given.shape}.")
        if not bool(np.isfinite(given).all()) or bool((given < 0).any()):
            raise ValueError("`people` must hold finite numbers, zero or more.")
        self.people: FloatArray = given.reshape(len(self.x), *given.shape[1:2] or (1,), *given.shape[2:3] or (1,))
        self.t = as_vector("t", np.zeros(1) if t is None else t)
        if len(self.t) != self.people.shape[1] or not bool(np.all(np.diff(self.t) > 0)):
            raise ValueError(f"`t` must hold {self.people.shape[1]} rising times. Got {len(self.t)}.")

    @property
    def inhabited(self) -> BoolArray:
        """Places with people at any time."""
        return np.asarray(self.people.sum(axis=(1, 2)) > 0)

    @property
    def n_categories(self) -> int:
        return int(self.people.shape[2])


def risk(
    population: Population, category: IntArray | None, n_cases: int, edges: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Expected cases as weights of the places (m, K) and cumulative profiles (K, T + 1), one for each population time.

    Their product for place z and interval d is Σ_g (cases of g / mean people of g) x mean people of g in z during d
    x length of d / length of the period.
    """
    profile = _profiles(population.t, edges)
    people_days = np.einsum("zkg,k->g", population.people, profile[:, -1])
    cases = _cases_by_category(category, n_cases, population.n_categories)
    if bool(np.any((cases > 0) & (people_days == 0))):
        missing = int(np.flatnonzero((cases > 0) & (people_days == 0))[0])
        raise ValueError(f"`population` must hold people of every category with cases. Got none of category {missing}.")
    rate = np.divide(cases, people_days, out=np.zeros(len(cases)), where=people_days > 0)
    return np.ascontiguousarray(population.people @ rate), np.ascontiguousarray(profile)


def _cases_by_category(category: IntArray | None, n_cases: int, n_categories: int) -> FloatArray:
    if category is None:
        if n_categories > 1:
            raise ValueError("`category` must be given when `population` has several categories.")
        return np.array([float(n_cases)])
    if len(category) and int(category.max()) >= n_categories:
        raise ValueError(f"`category` must be below {n_categories}. Got {int(category.max())}.")
    return np.bincount(category, minlength=n_categories).astype(np.float64)


def as_category(category: ArrayLike | None, n: int) -> IntArray | None:
    """Whole numbers, one for each case."""
    if category is None:
        return None
    numbers = as_counts("category", category)
    if numbers.shape != (n,):
        raise ValueError(f"`category` must have the shape {(n,)}. Got {numbers.shape}.")
    return numbers


def _profiles(t: FloatArray, edges: FloatArray) -> FloatArray:
    """Cumulative integral up to each edge of the weight that each population time has, over the whole length.

    The weight of a time is 1 then and falls linearly to 0 at its neighbours; before the first and after the last time
    the weight of that one stays 1.
    """
    knots = np.unique(np.concatenate((edges, t[(t > edges[0]) & (t < edges[-1])])))
    profile = np.empty((len(t), len(edges)))
    for k in range(len(t)):
        height = np.interp(knots, t, np.eye(len(t))[k])
        area = np.concatenate(([0.0], np.cumsum(0.5 * (height[1:] + height[:-1]) * np.diff(knots))))
        profile[k] = area[np.searchsorted(knots, edges)]
    return np.asarray(profile / (edges[-1] - edges[0]), dtype=np.float64)
