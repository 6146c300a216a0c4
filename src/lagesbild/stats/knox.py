"""Knox table: do events near each other in space also follow each other closely in time (near repeats)?

Here live the table of pairs by bands of distance and time, and its test. Which events are part of a near repeat is in
`local_knox`, and how they link into series in `near_repeat_chains`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from lagesbild.stats._arrays import ArrayLike, FloatArray, IntArray, as_points, as_vector
from lagesbild.stats._neighbours import Metric, NearOrder, Places, is_manhattan, near_order
from lagesbild.stats._replicates import Progress, Rng, UIntArray, replicates
from lagesbild.stats._result import Result
from lagesbild.stats.max_statistic import adjusted_p
from lagesbild.stats.notes import Note

# Replicates counted side by side; their times take n x 64 x 8 bytes for each thread.
BLOCK_SIZE = 64
LARGEST_WHOLE = 2**30
SAME_PLACE_M = 1.0


@dataclass(frozen=True, eq=False, kw_only=True)
class KnoxResult(Result):
    """Tables with one row for each distance band and one column for each time band."""

    method: ClassVar[str] = "knox"
    version: ClassVar[str] = "1"

    distance_bands: tuple[str, ...]
    time_bands: tuple[str, ...]
    same_place_band: bool
    observed: IntArray
    expected: FloatArray
    expected_exact: FloatArray
    sd_exact: FloatArray
    ratio: FloatArray
    p: FloatArray
    p_adjusted: FloatArray
    residual: FloatArray
    n_events: int
    n_pairs: int
    n_replicates: int


def knox(
    x: ArrayLike,
    y: ArrayLike,
    t: ArrayLike,
    *,
    distance_bands: ArrayLike,
    time_bands: ArrayLike,
    metric: Metric = "euclidean",
    n_replicates: int = 999,
    rng: Rng,
    threads: int | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> KnoxResult:
    """In which bands of distance and time are there more pairs of events than chance puts there?

    Null hypothesis: times are exchangeable among the events; where one happens says nothing of when.

    Parameters
    ----------
    x, y : array of shape (n,), float
        Easting and northing [m].
    t : array of shape (n,), float
        Time since any fixed origin [days].
    distance_bands : array of shape (K + 1,), float
        Rising edges [m] of K half-open bands: 0, 1, 100, inf gives [0, 1), [1, 100) and [100, inf). A first band
        no wider than a metre holds repeats at the same place.
    time_bands : array of shape (L + 1,), float
        Rising edges [days] of L half-open bands.
    metric : "euclidean" or "manhattan"
        Straight, or along the axes.
    n_replicates : int >= 1
        Random orders of the times. Take one for which (r + 1) α is whole: 99, 999, 9999.
    rng : numpy.random.Generator or int
        Source of the random orders.
    threads, scheduler, progress : optional
        How the replicates are run: threads of this machine (default: all), or the address of a Dask scheduler;
        ``progress(done, total)`` is called along the way. They do not change the answer.

    Returns
    -------
    KnoxResult
        Arrays of shape (K, L): ``observed`` pairs; ``expected``, the mean of the replicates; ``expected_exact`` and
        ``sd_exact``, mean and standard deviation over all orders; ``ratio`` = observed / expected; one-sided ``p``
        (0, 1] for too many pairs; ``p_adjusted`` for having looked at all bands; ``residual`` = (observed -
        expected_exact) / sd_exact. ``distance_bands`` and ``time_bands`` as texts; ``same_place_band``,
        ``n_events``, ``n_pairs``, ``notes``.

    Raises
    ------
    ValueError
        If arrays differ in length or hold NaN, or edges do not rise from 0 or more.

    Notes
    -----
    1. Bands are half-open: a pair exactly on an edge belongs to the band that begins there. Pairs outside all
       bands are in no cell. Nothing is rounded.
    2. p = (b + 1) / (r + 1), b replicates with at least as many pairs ([1]_, [3]_).
    3. ``expected_exact`` is (pairs in the distance band) x (pairs in the time band) / (all pairs); the variance is that
       of [2]_. The ratio uses the mean of the replicates, as [3]_ do, and is unknown (NaN) where that is 0.
    4. ``p_adjusted`` holds the chance of any false alarm in the whole table: the residual against the
       largest one of each replicate (Westfall and Young's single step). Bands in which nothing can vary have 1.
    5. Events that are spread over the places differently in different seasons give near repeats too.

    Cost: O(n log n + r (n + c)) time for c pairs closer than the largest finite distance. Memory O(64 n) for each
    thread; pairs are never listed.

    References
    ----------
    .. [1] Knox, E. G. (1964). The detection of space-time interactions. Applied Statistics 13(1), 25-29.
       doi:10.2307/2985220.
    .. [2] Barton, D. E. and David, F. N. (1966). The random intersection of two graphs. In Research Papers in
       Statistics, 455-459. Wiley.
    .. [3] Johnson, S. D. et al. (2007). Space-time patterns of risk: a cross national assessment of residential
       burglary victimization. Journal of Quantitative Criminology 23, 201-219. doi:10.1007/s10940-007-9025-3.
    """
    east, north = as_points(x, y)
    days = as_vector("t", t)
    if len(days) != len(east):
        raise ValueError(f"`x` and `t` must have the same length. Got {len(east)} and {len(days)}.")
    if n_replicates < 1:
        raise ValueError(f"`n_replicates` must be 1 or more. Got {n_replicates}.")
    space_edges, time_edges = _edges("distance_bands", distance_bands), _edges("time_bands", time_bands)
    pairs = _Pairs(east, north, days, space_edges, time_edges, manhattan=is_manhattan(metric))
    counted = replicates(
        _block,
        pairs.data,
        n_replicates=n_replicates,
        rng=rng,
        block_size=BLOCK_SIZE,
        threads=threads,
        scheduler=scheduler,
        progress=progress,
    )
    return _result(
        pairs,
        pairs.tables(counted),
        parameters={
            "distance_bands": space_edges.tolist(),
            "time_bands": time_edges.tolist(),
            "metric": metric,
            "n_replicates": n_replicates,
            "rng": int(rng) if isinstance(rng, (int, np.integer)) else "generator",
        },
    )


def _edges(name: str, given: ArrayLike) -> FloatArray:
    edges = np.array(given, dtype=np.float64)
    if edges.ndim != 1 or len(edges) < 2 or not bool(edges[0] >= 0) or not bool(np.all(edges[1:] > edges[:-1])):
        raise ValueError(f"`{name}` must hold two or more rising edges from 0 or more. Got {edges.tolist()}.")
    return edges


class _Pairs:
    """The pairs of events: which are near in space and in time, and what follows for the table and its moments."""

    def __init__(
        self, x: FloatArray, y: FloatArray, t: FloatArray, space: FloatArray, time: FloatArray, *, manhattan: bool
    ) -> None:
        self.n = len(x)
        self.space, self.time, self.manhattan = space, time, manhattan
        self._space, self._time = (edges[(edges > 0) & np.isfinite(edges)] for edges in (space, time))
        reach = float(self._space[-1]) if len(self._space) else 0.0
        self.near: NearOrder = near_order(x, y, radius_m=reach)
        self.t = t[self.near.order]

    @property
    def data(self) -> tuple[Any, ...]:
        """What a block of replicates needs."""
        return (self.near.places, self.manhattan, self._space, *_narrow(self.t, self._time))

    @property
    def n_pairs(self) -> int:
        return self.n * (self.n - 1) // 2

    def tables(self, near: npt.NDArray[np.int64]) -> IntArray:
        """Tables (r, K, L) from pairs (r, finite distance bands, finite time edges).

        Fixed sums give the open bands: all orders have as many pairs at each distance, and as many at each time.
        """
        below = np.zeros((len(near), len(self.space), len(self.time)), dtype=np.int64)
        rows, columns = np.flatnonzero(_finite(self.space)), np.flatnonzero(_finite(self.time))
        below[:, rows[:, None], columns] = np.cumsum(near, axis=1)
        if math.isinf(self.time[-1]):
            below[:, :, -1] = self.degrees_in_space.sum(axis=0) // 2
        if math.isinf(self.space[-1]):
            below[:, -1, :] = self.degrees_in_time.sum(axis=0) // 2
        return np.diff(np.diff(below, axis=1), axis=2)

    @cached_property
    def degrees_in_space(self) -> IntArray:
        """How many events are nearer to each than each edge. Shape (n, K + 1)."""
        from lagesbild.stats._knox_kernel import near_in_space

        degrees = np.full((self.n, len(self.space)), max(self.n - 1, 0), dtype=np.int64)
        degrees[:, self.space == 0] = 0
        degrees[:, _finite(self.space)] = near_in_space(*self.near.places, self.manhattan, self._space)
        return degrees

    @cached_property
    def degrees_in_time(self) -> IntArray:
        """How many events are closer in time to each than each edge, in the order of time. Shape (n, L + 1)."""
        from lagesbild.stats._knox_kernel import near_in_time

        ordered = np.sort(self.t)
        degrees = np.full((self.n, len(self.time)), max(self.n - 1, 0), dtype=np.int64)
        degrees[:, self.time == 0] = 0
        for column in np.flatnonzero(_finite(self.time)):
            degrees[:, column] = near_in_time(ordered, float(self.time[column]))
        return degrees

    def observed(self) -> IntArray:
        places, manhattan, space, times, edges = self.data
        table: IntArray = self.tables(_count(places, manhattan, space, times[:, None], edges))[0]
        return table

    def moments(self) -> tuple[FloatArray, FloatArray]:
        """Mean and standard deviation of each cell over all orders of the times (Barton and David 1966)."""
        by_space, by_time = np.diff(self.degrees_in_space, axis=1), np.diff(self.degrees_in_time, axis=1)
        shape = (by_space.shape[1], by_time.shape[1])
        mean, sd = np.zeros(shape), np.zeros(shape)
        for k, m in np.ndindex(shape):
            mean[k, m], sd[k, m] = _moments(_graph(by_space[:, k]), _graph(by_time[:, m]), self.n)
        return mean, sd


def _finite(edges: FloatArray) -> npt.NDArray[np.bool_]:
    return np.asarray((edges > 0) & np.isfinite(edges))


def _graph(degrees: IntArray) -> tuple[int, int]:
    """Number of links, and of two links that share an event."""
    return int(degrees.sum()) // 2, int((degrees * (degrees - 1)).sum()) // 2


def _moments(space: tuple[int, int], time: tuple[int, int], n: int) -> tuple[float, float]:
    """Of the links two graphs have in common when the events of one are put in random order; exact until the end."""
    if n < 2:
        return 0.0, 0.0
    (a, a_paths), (b, b_paths) = space, time
    mean = Fraction(2 * a * b, n * (n - 1))
    square = mean
    if n > 2:
        square += Fraction(4 * a_paths * b_paths, n * (n - 1) * (n - 2))
    if n > 3:
        apart = (a * (a - 1) - 2 * a_paths) * (b * (b - 1) - 2 * b_paths)
        square += Fraction(4 * apart, n * (n - 1) * (n - 2) * (n - 3))
    return float(mean), math.sqrt(float(square - mean * mean))


def _narrow(times: FloatArray, edges: FloatArray) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Whole days in four bytes, which the kernel counts twice as fast; others as they are. The pairs are the same."""
    if not len(times) or bool(np.any(times != np.floor(times))) or float(np.ptp(times)) >= LARGEST_WHOLE:
        return times, edges
    # For whole numbers, less than an edge is less than the next whole number above it.
    return (times - times.min()).astype(np.int32), np.minimum(np.ceil(edges), LARGEST_WHOLE).astype(np.int32)


def _block(
    places: Places,
    manhattan: bool,
    space: FloatArray,
    times: npt.NDArray[Any],
    edges: npt.NDArray[Any],
    seeds: UIntArray,
) -> IntArray:
    """Pairs (replicates, distance bands, time edges) after the times of each replicate were put in random order."""
    from lagesbild.stats._knox_kernel import shuffled

    columns = np.empty((len(times), len(seeds)), dtype=times.dtype)
    shuffled(times, seeds, columns)
    return _count(places, manhattan, space, columns, edges)


def _count(
    places: Places,
    manhattan: bool,
    space: FloatArray,
    columns: npt.NDArray[Any],
    edges: npt.NDArray[Any],
) -> IntArray:
    from lagesbild.stats._knox_kernel import count_pairs

    shape = (len(space), len(edges), columns.shape[1])
    total = np.zeros(shape, dtype=np.int64)
    if total.size and len(columns) > 1:
        part = np.zeros(shape, dtype=np.int32 if columns.dtype == np.int32 else np.int64)
        count_pairs(*places, manhattan, space, columns, edges, part, total)
    return np.ascontiguousarray(np.moveaxis(total, 2, 0))


def _result(pairs: _Pairs, simulated: IntArray, *, parameters: dict[str, object]) -> KnoxResult:
    observed = pairs.observed()
    mean, sd = pairs.moments()
    expected = simulated.mean(axis=0)
    varies = sd > 0
    scale = np.where(varies, sd, 1.0)
    residual = np.where(varies, (observed - mean) / scale, 0.0)
    largest = np.where(varies, (simulated - mean) / scale, -np.inf).max(axis=(1, 2))
    at_least = (simulated >= observed).sum(axis=0)
    r = len(simulated)
    return KnoxResult(
        distance_bands=_texts(pairs.space),
        time_bands=_texts(pairs.time),
        same_place_band=bool(pairs.space[0] == 0 and pairs.space[1] <= SAME_PLACE_M),
        observed=observed,
        expected=expected,
        expected_exact=mean,
        sd_exact=sd,
        ratio=np.divide(observed, expected, out=np.full(observed.shape, np.nan), where=expected > 0),
        p=(at_least + 1) / (r + 1),
        p_adjusted=np.where(varies, adjusted_p(residual, largest), 1.0),
        residual=residual,
        n_events=pairs.n,
        n_pairs=pairs.n_pairs,
        n_replicates=r,
        parameters=parameters,
        notes=_notes(pairs, expected=expected, mean=mean, varies=bool(varies.any())),
    )


def _texts(edges: FloatArray) -> tuple[str, ...]:
    return tuple(f"[{low:g}, {high:g})" for low, high in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True))


def _notes(pairs: _Pairs, *, expected: FloatArray, mean: FloatArray, varies: bool) -> tuple[Note, ...]:
    if pairs.n < 2:
        return (Note("knox.too_few_events"),)
    if not varies:
        return (Note("knox.nothing_varies"),)
    notes = []
    rare = int(np.count_nonzero((mean > 0) & (mean < 1)))
    if rare:
        notes.append(Note("knox.few_pairs", {"n": rare}))
    unknown = int(np.count_nonzero(expected == 0))
    if unknown:
        notes.append(Note("knox.ratio_unknown", {"n": unknown}))
    return tuple(notes)
