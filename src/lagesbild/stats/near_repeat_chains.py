"""Near-repeat chains: events that follow each other close by, linked into series.

Here lives the linking. Whether there are more near repeats than chance gives is tested by `knox`; a chain by itself is
no evidence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from lagesbild.stats._arrays import ArrayLike, BoolArray, FloatArray, IntArray, as_points, as_vector, require_positive
from lagesbild.stats._neighbours import Metric, is_manhattan, near_order
from lagesbild.stats._result import Result
from lagesbild.stats.notes import Note


@dataclass(frozen=True, eq=False, kw_only=True)
class Chain:
    """Two or more events that hang together by links. ``events`` are their positions, in the order of time.

    The centre is the mean point; ``reach_m`` is how far the outermost event lies from it, in a straight line.
    """

    number: int
    events: IntArray
    n_events: int
    n_links: int
    first: float
    last: float
    length_days: float
    x: float
    y: float
    reach_m: float


@dataclass(frozen=True, eq=False, kw_only=True)
class NearRepeatChainsResult(Result):
    """Which chain each event belongs to, 0 for none, and the chains, numbered by their first event."""

    method: ClassVar[str] = "near_repeat_chains"
    version: ClassVar[str] = "1"

    chain: IntArray
    n_links: IntArray
    chains: tuple[Chain, ...]
    n_events: int
    n_in_chains: int


def near_repeat_chains(
    x: ArrayLike,
    y: ArrayLike,
    t: ArrayLike,
    *,
    radius_m: float,
    window_days: float,
    metric: Metric = "euclidean",
) -> NearRepeatChainsResult:
    """Which events hang together in series, each near an earlier or later one?

    Parameters
    ----------
    x, y : array of shape (n,), float
        Easting and northing [m].
    t : array of shape (n,), float
        Time since any fixed origin [days].
    radius_m : float > 0
        Events at most this far apart are near; exactly this far counts.
    window_days : float > 0
        Events at most this long apart are near; exactly this long counts.
    metric : "euclidean" or "manhattan"
        Straight, or along the axes.

    Returns
    -------
    NearRepeatChainsResult
        ``chain`` of shape (n,), 0 for events that are near none; ``n_links`` of shape (n,), how many events each is
        near; ``chains`` with their events, length in days, centre and reach; ``n_events``, ``n_in_chains``, ``notes``.

    Raises
    ------
    ValueError
        If arrays differ in length or hold NaN, or a limit is not positive.

    Notes
    -----
    1. Two events are linked when they are near in space **and** in time. A chain is all that hangs together by
       links, so its ends can lie far apart in both.
    2. Chains are numbered by their first event, then by the position of it. Events at the same time are ordered
       by position.
    3. Unlike in `knox`, whose bands are half-open, both limits are included.

    Cost: O(n log n + pairs within the radius) time, O(n) memory.

    References
    ----------
    .. [1] Haberman, C. P. and Ratcliffe, J. H. (2012). The predictive policing challenges of near repeat armed street
       robberies. Policing 6(2), 151-166. doi:10.1093/police/pas012.
    """
    east, north = as_points(x, y)
    days = as_vector("t", t)
    if len(days) != len(east):
        raise ValueError(f"`x` and `t` must have the same length. Got {len(east)} and {len(days)}.")
    require_positive("radius_m", radius_m, unit="metres")
    require_positive("window_days", window_days, unit="days")
    root, n_links, _ = linked_events(east, north, days, radius_m=radius_m, window_days=window_days, metric=metric)
    chains = _chains(east, north, days, root, n_links)
    chain = np.zeros(len(east), dtype=np.int64)
    for each in chains:
        chain[each.events] = each.number
    return NearRepeatChainsResult(
        chain=chain,
        n_links=n_links,
        chains=chains,
        n_events=len(east),
        n_in_chains=int(np.count_nonzero(chain)),
        parameters={"radius_m": float(radius_m), "window_days": float(window_days), "metric": metric},
        notes=() if chains else (Note("near_repeat_chains.none"),),
    )


def linked_events(
    x: FloatArray,
    y: FloatArray,
    t: FloatArray,
    *,
    radius_m: float,
    window_days: float,
    metric: str,
    wanted: BoolArray | None = None,
) -> tuple[IntArray, IntArray, BoolArray]:
    """For each event the set it hangs together with, its number of links, and whether one leads to a wanted event."""
    n = len(x)
    manhattan = is_manhattan(metric)
    root, n_links, touched = np.arange(n), np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.bool_)
    if n < 2:
        return root, n_links, touched
    from lagesbild.stats._link_kernel import link

    near = near_order(x, y, radius_m=radius_m)
    chosen = np.zeros(n, dtype=np.bool_) if wanted is None else wanted[near.order]
    links, marks = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.bool_)
    found = link(*near.places, manhattan, t[near.order], float(radius_m), float(window_days), chosen, links, marks)
    root[near.order] = found
    n_links[near.order] = links
    touched[near.order] = marks
    return root, n_links, touched


def _chains(x: FloatArray, y: FloatArray, t: FloatArray, root: IntArray, n_links: IntArray) -> tuple[Chain, ...]:
    in_chains = np.flatnonzero(n_links)
    # By chain, then time, then position.
    members = in_chains[np.lexsort((in_chains, t[in_chains], root[in_chains]))]
    cuts = np.flatnonzero(np.diff(root[members])) + 1
    groups = np.split(members, cuts) if len(members) else []
    groups.sort(key=lambda events: (float(t[events[0]]), int(events[0])))
    return tuple(_chain(number, events, x, y, t, n_links) for number, events in enumerate(groups, start=1))


def _chain(number: int, events: IntArray, x: FloatArray, y: FloatArray, t: FloatArray, n_links: IntArray) -> Chain:
    east, north, days = x[events], y[events], t[events]
    centre_x, centre_y = float(east.mean()), float(north.mean())
    return Chain(
        number=number,
        events=events,
        n_events=len(events),
        n_links=int(n_links[events].sum()) // 2,
        first=float(days[0]),
        last=float(days[-1]),
        length_days=float(days[-1] - days[0]),
        x=centre_x,
        y=centre_y,
        reach_m=float(np.hypot(east - centre_x, north - centre_y).max()),
    )
