"""Scan statistics (Kulldorff): is there a place and a period with more cases than chance puts anywhere?

Here live the three questions that differ in what is known beside the cases: nothing (permutation), the population
(Poisson), or controls (Bernoulli). Windows, circles, models, loops and clusters live in the `_scan` modules.
"""

from __future__ import annotations

import numpy as np

from lagesbild.stats._arrays import ArrayLike, as_mask
from lagesbild.stats._replicates import Progress, Rng
from lagesbild.stats._scan_cases import Design, Prepared
from lagesbild.stats._scan_clusters import Sampling, ScanCluster, ScanResult
from lagesbild.stats._scan_model import bernoulli_model, permutation_model, poisson_model
from lagesbild.stats._scan_population import Population, as_category, risk
from lagesbild.stats._scan_windows import ScanWindows

__all__ = [
    "Population",
    "ScanCluster",
    "ScanResult",
    "ScanWindows",
    "scan_bernoulli",
    "scan_permutation",
    "scan_poisson",
]


def scan_permutation(
    x: ArrayLike,
    y: ArrayLike,
    t: ArrayLike,
    *,
    windows: ScanWindows,
    places: tuple[ArrayLike, ArrayLike] | None = None,
    max_clusters: int = 10,
    n_replicates: int = 999,
    rng: Rng,
    stop_after: int | None = None,
    gumbel: bool = False,
    threads: int | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> ScanResult:
    """Where and when do cases gather more than the place and the time, each on its own, account for?

    Null hypothesis: times are exchangeable among the cases; where one happens says nothing of when. Only cases are
    needed.

    Parameters
    ----------
    x, y : array of shape (n,), float
        Easting and northing [m] of each case; longitude and latitude [degrees] if `windows` says so.
    t : array of shape (n,), float
        Time since any fixed origin [days].
    windows : ScanWindows
        How far circles reach, how long periods last, and how time is cut. For streets: some hundreds of metres and
        one or two weeks.
    places : two arrays of shape (m,), float, optional
        Coordinates of all places where cases could be, which are the centres of the circles. A case counts at the
        nearest. Default: where the cases are.
    max_clusters : int, default 10
        Most clusters to report.
    n_replicates : int >= 1
        Random replicates. Take one for which (r + 1) α is whole: 99, 999, 9999.
    rng : numpy.random.Generator or int
        Source of the replicates.
    stop_after : int, optional
        Stop when so many replicates exceed the observed maximum; 50 saves most of the work where nothing is found.
    gumbel : bool
        Also give the p-value of a Gumbel distribution fitted to the replicates, which goes below 1 / (r + 1).
    threads, scheduler, progress : optional
        How the replicates are run: threads of this machine (default: all), or the address of a Dask scheduler;
        ``progress(done, total)`` is called along the way. They do not change the answer.

    Returns
    -------
    ScanResult
        ``clusters``, the most likely first, each with ``x``, ``y``, ``radius_m``, ``t_from``, ``t_to``, ``observed``,
        ``expected``, ``ratio``, ``relative_risk``, ``statistic`` (log likelihood ratio), ``p`` (0, 1], ``p_gumbel``,
        ``recurrence_days`` (prospective scans), ``places`` and ``events``; ``maxima`` of the replicates; ``place_x``,
        ``place_y``, ``n_cases``, ``n_places``, ``n_intervals``, ``n_replicates``, ``stopped_early``, ``notes``.

    Raises
    ------
    ValueError
        If arrays differ in length or hold NaN.

    Notes
    -----
    Expected cases: μ = Σ over places and intervals of (cases of the place) x (cases of the interval) / C. Statistic:
    (c / μ)^c ((C - c) / (C - μ))^(C - c) for c > μ, its logarithm, at most over all windows ([1]_).

    1. p = (b + 1) / (r + 1), b replicates whose largest statistic anywhere is at least that of the cluster. It holds
       for having looked everywhere. Lesser clusters are held against the same maxima; their p is too large if anything.
    2. Each centre offers its best window; a cluster is told of if it shares no place with one told of before.
    3. Places at one distance from a centre enter a circle together. A place at exactly `max_radius_m` is within.
    4. With `stop_after` p is the sequential one of [2]_, which is exact; ``n_replicates`` counts those drawn.
    5. ``recurrence_days`` = interval / p: how often one would see this if the scan was made once for each interval and
       nothing went on. ``p_gumbel`` after [3]_; not given for scans that stopped early.
    6. A place whose share of all cases rises or falls over a long period is found too: keep periods short.

    Cost: each circle is built once, and a window is looked at only if it starts and ends with a case and holds one
    of the place met last. With s places in the widest circles and L intervals in the longest period: O(r m s L) time
    when cases are sparse. Memory O(m + 16 n) for each thread, and up to 32 MB for members of circles.

    References
    ----------
    .. [1] Kulldorff, M. et al. (2005). A space-time permutation scan statistic for disease outbreak detection. PLoS
       Medicine 2(3), e59. doi:10.1371/journal.pmed.0020059.
    .. [2] Besag, J. and Clifford, P. (1991). Sequential Monte Carlo p-values. Biometrika 78(2), 301-304.
       doi:10.1093/biomet/78.2.301.
    .. [3] Abrams, A. M., Kleinman, K. and Kulldorff, M. (2010). Gumbel based p-value approximations for spatial scan
       statistics. International Journal of Health Geographics 9, 61. doi:10.1186/1476-072X-9-61.
    """
    scan = Prepared(x, y, t, design="space-time", windows=windows, places=places)
    model = permutation_model(scan.place, scan.interval, len(scan.places), at=scan.at, min_cases=windows.min_cases)
    varies = len(scan.place) < 2 or bool(np.ptp(scan.place) > 0 and np.ptp(scan.interval) > 0)
    sampling = Sampling(
        n_replicates=n_replicates,
        rng=rng,
        stop_after=stop_after,
        gumbel=gumbel,
        threads=threads,
        scheduler=scheduler,
        progress=progress,
    )
    return scan.result(model, most=max_clusters, sampling=sampling, varies=varies)


def scan_poisson(
    x: ArrayLike,
    y: ArrayLike,
    t: ArrayLike | None = None,
    *,
    population: Population,
    category: ArrayLike | None = None,
    windows: ScanWindows,
    design: Design = "space-time",
    max_clusters: int = 10,
    n_replicates: int = 999,
    rng: Rng,
    stop_after: int | None = None,
    gumbel: bool = False,
    threads: int | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> ScanResult:
    """Where and when are there more cases than the population accounts for?

    Null hypothesis: cases are Poisson, in proportion to the population, with one rate for each category of people.

    Parameters
    ----------
    x, y, t : arrays of shape (n,), float
        As in `scan_permutation`. `t` may be left out with design "space".
    population : Population
        People of each place, at one time or more, in one category or more. Its places are the centres.
    category : array of shape (n,), int, optional
        Category of each case, 0 … the last one of `population`. Needed if there are several.
    windows : ScanWindows
        `max_share` is a share of the expected cases.
    design : "space-time", "space" or "time"
        Windows in both; circles that last the whole period; or periods in the whole area.
    max_clusters, n_replicates, rng, stop_after, gumbel, threads, scheduler, progress
        As in `scan_permutation`.

    Returns
    -------
    ScanResult
        As `scan_permutation`. With design "time", x, y and radius_m of a cluster are those of the whole area.

    Raises
    ------
    ValueError
        If arrays differ in length or hold NaN, or cases belong to a category without people.

    Notes
    -----
    Indirect standardisation: the rate of a category is its cases over its mean population times the length of the
    period; expected cases are rates times people, summed over categories. Between two times of `population` people
    change linearly; before the first and after the last they stay. Statistic and p as in `scan_permutation`; replicates
    spread the same number of cases over places and intervals in proportion to what is expected ([1]_, [2]_). Places
    without people take no part; a case there counts at the nearest place with people, and a note says so.

    Cost: as `scan_permutation`, times the number of population times. Memory O(n + m x times).

    References
    ----------
    .. [1] Kulldorff, M. (1997). A spatial scan statistic. Communications in Statistics - Theory and Methods 26(6),
       1481-1496. doi:10.1080/03610929708831995.
    .. [2] Kulldorff, M. et al. (1998). Evaluating cluster alarms: a space-time scan statistic and brain cancer in
       Los Alamos, New Mexico. American Journal of Public Health 88(9), 1377-1380. doi:10.2105/AJPH.88.9.1377.
    """
    rows = np.flatnonzero(population.inhabited)
    scan = Prepared(x, y, t, design=design, windows=windows, places=(population.x[rows], population.y[rows]))
    groups = as_category(category, scan.n_given)
    groups = None if groups is None else scan.kept(groups)
    weights, profile = risk(population, groups, len(scan.row), scan.at.edges)
    together = np.zeros((len(scan.places), weights.shape[1]))
    np.add.at(together, scan.places.of_given, weights[rows])
    model = poisson_model(
        scan.place, scan.interval, weights=together, profile=profile, at=scan.at, min_cases=windows.min_cases
    )
    sampling = Sampling(
        n_replicates=n_replicates,
        rng=rng,
        stop_after=stop_after,
        gumbel=gumbel,
        threads=threads,
        scheduler=scheduler,
        progress=progress,
    )
    return scan.result(model, most=max_clusters, sampling=sampling, known=(population.x, population.y, rows))


def scan_bernoulli(
    x: ArrayLike,
    y: ArrayLike,
    t: ArrayLike | None = None,
    *,
    is_case: ArrayLike,
    windows: ScanWindows,
    places: tuple[ArrayLike, ArrayLike] | None = None,
    design: Design = "space-time",
    max_clusters: int = 10,
    n_replicates: int = 999,
    rng: Rng,
    stop_after: int | None = None,
    gumbel: bool = False,
    threads: int | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> ScanResult:
    """Where and when is the share of cases among all events higher than elsewhere?

    Null hypothesis: which of the events are cases is random. Cases and controls can be drug offences among all
    offences, or thefts among all parked cars.

    Parameters
    ----------
    x, y, t : arrays of shape (n,), float
        Cases and controls; as in `scan_permutation`. `t` may be left out with design "space".
    is_case : array of shape (n,), bool
        Which of them are cases.
    windows : ScanWindows
        `max_share` is a share of cases and controls together.
    places, max_clusters, n_replicates, rng, stop_after, gumbel, threads, scheduler, progress
        As in `scan_permutation`.
    design : "space-time", "space" or "time"
        As in `scan_poisson`.

    Returns
    -------
    ScanResult
        As `scan_permutation`; ``n_people`` is the number of cases and controls.

    Raises
    ------
    ValueError
        If arrays differ in length or hold NaN.
    TypeError
        If `is_case` is not boolean.

    Notes
    -----
    Statistic: the likelihood with one probability inside and another outside over that with a single one ([1]_), for
    windows with a higher one inside. Replicates choose as many cases at random among all events. p as in
    `scan_permutation`.

    Cost: as `scan_permutation`.

    References
    ----------
    .. [1] Kulldorff, M. (1997). A spatial scan statistic. Communications in Statistics - Theory and Methods 26(6),
       1481-1496. doi:10.1080/03610929708831995.
    """
    scan = Prepared(x, y, t, design=design, windows=windows, places=places)
    marked = scan.kept(as_mask("is_case", is_case, shape=np.shape(x)))
    model = bernoulli_model(
        scan.place, scan.interval, marked, len(scan.places), at=scan.at, min_cases=windows.min_cases
    )
    sampling = Sampling(
        n_replicates=n_replicates,
        rng=rng,
        stop_after=stop_after,
        gumbel=gumbel,
        threads=threads,
        scheduler=scheduler,
        progress=progress,
    )
    return scan.result(
        model, most=max_clusters, sampling=sampling, is_case=marked, varies=not bool(marked.all()) or not len(marked)
    )
