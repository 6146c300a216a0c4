"""The loops behind the scan statistics. Imported only when there is something to scan.

Around each centre the places are met nearest first, and a histogram of case times is kept up to date. A longer or
wider window without another case only raises what is expected; so a window can be the best one only if it starts and
ends in an interval with cases and holds a case of the place met last. All others are never looked at.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from lagesbild.stats._arrays import BoolArray, FloatArray, IntArray
from lagesbild.stats._jit import jit
from lagesbild.stats._random import below, shuffle, stream, uniform

UIntArray = npt.NDArray[np.uint64]
ShortArray = npt.NDArray[np.int32]
HALVINGS = 26


@jit
def term(count: float, ratio: float) -> float:
    """count · log(ratio), with 0 · log 0 = 0."""
    return count * math.log(ratio) if count > 0 else 0.0


@jit
def log_ratio(c: float, size: float, cases: float, people: float) -> float:
    """Log likelihood ratio of a window with c cases; 0 unless there are more than expected.

    Without `people`: Poisson, size = expected cases (Kulldorff 1997, in logs). With: Bernoulli, size = number of
    people in the window.
    """
    if size <= 0:
        return 0.0
    if people == 0:
        if c <= size:
            return 0.0
        return term(c, c / size) + term(cases - c, (cases - c) / max(cases - size, 1e-300))
    if c * people <= cases * size:
        return 0.0
    rest, others = cases - c, people - size
    inside = term(c, c / size) + term(size - c, (size - c) / size)
    outside = term(rest, rest / max(others, 1e-300)) + term(others - rest, (others - rest) / max(others, 1e-300))
    return inside + outside - term(cases, cases / people) - term(people - cases, (people - cases) / people)


@jit
def largest_size(c: float, best: float, cases: float, people: float) -> float:
    """No window with c cases and a size above this has a ratio above `best`. The ratio falls as the size grows."""
    low, high = 0.0, c
    if people > 0:
        low, high = c, c * people / cases
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        if log_ratio(c, middle, cases, people) > best:
            low = middle
        else:
            high = middle
    return high * (1 + 1e-9)


@jit
def scan_circles(
    pointer: IntArray,
    member: ShortArray,
    starts: ShortArray,
    times: ShortArray,
    people_starts: IntArray,
    people_times: ShortArray,
    weights: FloatArray,
    profile: FloatArray,
    scale: float,
    people: float,
    first_start: IntArray,
    last_end: IntArray,
    alive: bool,
    min_cases: int,
    best: float,
    each: bool,
    statistic: FloatArray,
    window: IntArray,
    sizes: FloatArray,
) -> float:
    """The largest log likelihood ratio of all windows round these centres, or `best` if that is larger.

    Members of centre i are member[pointer[i] : pointer[i + 1]], nearest first; one that has the next at the same
    distance is stored as its complement. Cases of place z have the intervals times[starts[z] : starts[z + 1]]. The size
    of a window is scale · Σ_k (Σ_z weights[z, k]) (profile[k, end + 1] - profile[k, start]), or with `people` their
    number.

    With `each`, the best of every centre is written to statistic[i], window[i] = (members, first interval, last
    interval, cases) and sizes[i]; else those are not touched.
    """
    n_intervals, n_parts = len(last_end), weights.shape[1]
    cases = float(len(times))
    counts = np.zeros(n_intervals, dtype=np.int64)
    crowd = np.zeros(n_intervals, dtype=np.int64)
    weight = np.zeros(n_parts)
    fresh = np.empty(len(times), dtype=np.int64)
    seen = np.full(n_intervals, -1, dtype=np.int64)
    ends = np.empty(n_intervals, dtype=np.int64)
    end_cases = np.empty(n_intervals, dtype=np.int64)
    end_size = np.empty(n_intervals)
    limit = np.zeros(len(times) + 1)
    limit_of = np.full(len(times) + 1, -1.0)
    earliest = first_start[n_intervals - 1]
    tick = 0
    for centre in range(len(pointer) - 1):
        if each:
            best = 0.0
        n_fresh, n_inside = 0, 0
        for at in range(pointer[centre], pointer[centre + 1]):
            place, unfinished = member[at], member[at] < 0
            if unfinished:
                place = ~place
            for k in range(n_parts):
                weight[k] += weights[place, k]
            if people > 0:
                for i in range(people_starts[place], people_starts[place + 1]):
                    crowd[people_times[i]] += 1
            for i in range(starts[place], starts[place + 1]):
                counts[times[i]] += 1
                fresh[n_fresh] = times[i]
                n_fresh += 1
            if unfinished or n_fresh == 0:
                continue
            n_inside += n_fresh
            tick += 1
            for new in range(n_fresh):
                s = fresh[new]
                if n_inside < min_cases or seen[s] == tick or (alive and s < earliest):
                    continue
                seen[s] = tick
                if not each:
                    # Could a window with all the cases within reach of s, and no larger than it must be, be the best?
                    around, least = 0, 0.0
                    for e in range(first_start[s], last_end[s] + 1):
                        around += counts[e]
                    if people == 0:
                        shortest = n_intervals if alive else s + 1
                        for k in range(n_parts):
                            least += weight[k] * (profile[k, shortest] - profile[k, s])
                    else:
                        least = float(crowd[s])
                    if around < min_cases:
                        continue
                    if limit_of[around] != best:
                        limit[around], limit_of[around] = largest_size(float(around), best, cases, people), best
                    if least * scale > limit[around]:
                        continue
                # Ends at or after s, with cases and size from s on.
                n_ends, from_s, size_from_s = 0, 0, 0.0
                for e in range(s, last_end[s] + 1):
                    from_s += counts[e]
                    size_from_s += crowd[e]
                    if counts[e] > 0 or (alive and e == n_intervals - 1):
                        ends[n_ends], end_cases[n_ends] = e, from_s
                        if people == 0:
                            size_from_s = 0.0
                            for k in range(n_parts):
                                size_from_s += weight[k] * (profile[k, e + 1] - profile[k, s])
                        end_size[n_ends] = size_from_s
                        n_ends += 1
                first_end = n_ends - 1 if alive else 0
                before, size_before = 0, 0.0
                for a in range(s, first_start[s] - 1, -1):
                    if a < s:
                        before += counts[a]
                        size_before += crowd[a]
                    if counts[a] == 0 or (alive and a < earliest):
                        continue
                    if people == 0:
                        size_before = 0.0
                        for k in range(n_parts):
                            size_before += weight[k] * (profile[k, s] - profile[k, a])
                    most = before + from_s
                    if most < min_cases:
                        continue
                    if not each:
                        if limit_of[most] != best:
                            limit[most], limit_of[most] = largest_size(float(most), best, cases, people), best
                        if (size_before + end_size[first_end]) * scale > limit[most]:
                            continue
                    for at_end in range(first_end, n_ends):
                        if ends[at_end] > last_end[a]:
                            break
                        c = before + end_cases[at_end]
                        if c < min_cases:
                            continue
                        size = (size_before + end_size[at_end]) * scale
                        if not each:
                            if limit_of[c] != best:
                                limit[c], limit_of[c] = largest_size(float(c), best, cases, people), best
                            if size > limit[c]:
                                continue
                        value = log_ratio(float(c), size, cases, people)
                        if value > best:
                            best = value
                            if each:
                                statistic[centre], sizes[centre] = value, size
                                window[centre, 0], window[centre, 1] = at + 1 - pointer[centre], a
                                window[centre, 2], window[centre, 3] = ends[at_end], c
            n_fresh = 0
        weight[:] = 0.0
        for at in range(pointer[centre], pointer[centre + 1]):
            place = member[at] if member[at] >= 0 else ~member[at]
            for i in range(starts[place], starts[place + 1]):
                counts[times[i]] = 0
            if people > 0:
                for i in range(people_starts[place], people_starts[place + 1]):
                    crowd[people_times[i]] = 0
    return best


@jit
def permuted(times: ShortArray, seeds: UIntArray, out: ShortArray) -> None:
    """Row b of `out`: the times in the order that seed b gives."""
    for b in range(len(seeds)):
        out[b] = times
        shuffle(out[b], stream(seeds[b]))  # compiled for four bytes too


@jit
def position(cumulative: FloatArray, share: float) -> int:
    """The first entry whose cumulative share exceeds `share` of the last; never one of weight 0."""
    aim = share * cumulative[-1]
    low, high = 0, len(cumulative) - 1
    while low < high:
        middle = (low + high) // 2
        if cumulative[middle] > aim:
            high = middle
        else:
            low = middle + 1
    return low


@jit
def spread(
    parts: FloatArray, places: FloatArray, profile: FloatArray, seeds: UIntArray, starts: ShortArray, times: ShortArray
) -> None:
    """Put as many cases as `times` has columns at random: a part, then a place and an interval of that part.

    `parts` (K), `places` (K, m) and `profile` (K, T) are cumulative.
    """
    n_cases, n_places = times.shape[1], places.shape[1]
    where = np.empty(n_cases, dtype=np.int64)
    when = np.empty(n_cases, dtype=np.int64)
    slot = np.empty(n_places, dtype=np.int64)
    for b in range(len(seeds)):
        state = stream(seeds[b])
        starts[b] = 0
        for i in range(n_cases):
            k = position(parts, uniform(state))
            where[i], when[i] = position(places[k], uniform(state)), position(profile[k], uniform(state))
            starts[b, where[i] + 1] += 1
        for z in range(n_places):
            slot[z] = starts[b, z]
            starts[b, z + 1] += starts[b, z]
        for i in range(n_cases):
            times[b, slot[where[i]]] = when[i]
            slot[where[i]] += 1


@jit
def labelled(
    people_starts: IntArray, people_times: ShortArray, seeds: UIntArray, starts: ShortArray, times: ShortArray
) -> None:
    """Choose as many of the people as `times` has columns to be cases; every choice is as likely.

    Selection sampling, so that the chosen stay in the order of their places.
    """
    n_cases, n_places = times.shape[1], len(people_starts) - 1
    for b in range(len(seeds)):
        state = stream(seeds[b])
        taken, left = 0, len(people_times)
        starts[b, 0] = 0
        for z in range(n_places):
            for i in range(people_starts[z], people_starts[z + 1]):
                if below(state, left) < n_cases - taken:
                    times[b, taken] = people_times[i]
                    taken += 1
                left -= 1
            starts[b, z + 1] = taken


@jit
def fill_circles(
    first: int,
    x: FloatArray,
    y: FloatArray,
    z: FloatArray,
    order: IntArray,
    cell_start: IntArray,
    n_cols: int,
    col: IntArray,
    row: IntArray,
    counted: BoolArray,
    share: FloatArray,
    radius: float,
    most: float,
    tie: float,
    pointer: IntArray,
    member: ShortArray,
) -> int:
    """Write the members of the circles round centres `first` … and return the first centre that found no room.

    Candidates are the places of the nine cells round the centre's own; `order` lists places by cell. A circle grows
    until its share passes `most`; places at one distance are taken or left together.
    """
    n_rows = (len(cell_start) - 1) // n_cols
    near = np.empty(len(x), dtype=np.int64)
    far = np.empty(len(x))
    filled = 0
    for centre in range(first, len(x)):
        n_near = 0
        for r in range(max(row[centre] - 1, 0), min(row[centre] + 2, n_rows)):
            left, right = max(col[centre] - 1, 0), min(col[centre] + 2, n_cols)
            for at in range(cell_start[r * n_cols + left], cell_start[r * n_cols + right]):
                other = order[at]
                dx, dy, dz = x[other] - x[centre], y[other] - y[centre], z[other] - z[centre]
                apart = math.sqrt(dx * dx + dy * dy + dz * dz)
                if counted[other] and apart <= radius:
                    near[n_near], far[n_near] = other, apart
                    n_near += 1
        if filled + n_near > len(member):
            return centre
        by_distance = np.argsort(far[:n_near])
        held, kept = 0.0, filled
        for rank in range(n_near):
            place = near[by_distance[rank]]
            held += share[place]
            if held > most:
                break
            tied = rank + 1 < n_near and far[by_distance[rank + 1]] - far[by_distance[rank]] <= tie
            member[filled] = ~place if tied else place
            filled += 1
            if not tied:
                kept = filled
        filled = kept
        pointer[centre - first + 1] = filled
    return len(x)
