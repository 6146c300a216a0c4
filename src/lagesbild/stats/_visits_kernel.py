"""The loops of visit planning: when the visits of an order begin, climbing to a better order, and the exact search.

Places have numbers from 0; in the matrix of travel times place i stands at i + 1, and the base at 0. Time is minutes
after the start. Slots are the hours of the clock, numbered from the one the start lies in.
"""

from __future__ import annotations

import numpy as np

from lagesbild.stats._arrays import FloatArray, IntArray
from lagesbild.stats._jit import jit

HAIR = 1e-9
LABELS = 4
TABLE = 1 << 18
EXCHANGE, MOVE, TURN, INSERT = 0, 1, 2, 3


@jit
def slot_of(t: float, offset: float, slot: float) -> int:
    return int((offset + t) / slot + HAIR)


@jit
def timed(
    order: IntArray,
    n: int,
    starts: FloatArray,
    travel: FloatArray,
    scores: FloatArray,
    visit: float,
    budget: float,
    offset: float,
    slot: float,
    back: float,
) -> tuple[float, float]:
    """Score and end of the first n visits of an order, and when each begins; (-1, 0) when there is no time for them.

    A visit begins on arrival or when a later hour begins. For each hour only the best way to begin in it is kept, so a
    plan that is possible may be missed when hours differ, never when they are alike.
    """
    n_slots = scores.shape[1]
    score = np.full((n + 1, n_slots), -1.0)
    begin = np.zeros((n + 1, n_slots))
    origin = np.zeros((n + 1, n_slots), dtype=np.int64)
    score[0, 0] = 0.0
    for i in range(n):
        place = order[i]
        leg = travel[order[i - 1] + 1 if i else 0, place + 1]
        for g in range(n_slots):
            if score[i, g] < 0:
                continue
            arrival = begin[i, g] + leg + (visit if i else 0.0)
            first = slot_of(arrival, offset, slot)
            for h in range(first, n_slots):
                start = arrival if h == first else h * slot - offset
                if start + visit > budget + HAIR:
                    break
                gain = score[i, g] + scores[place, h] - score[i + 1, h]
                if gain > HAIR or (gain > -HAIR and start < begin[i + 1, h] - HAIR):
                    score[i + 1, h], begin[i + 1, h], origin[i + 1, h] = score[i + 1, h] + gain, start, g
    home = back * travel[order[n - 1] + 1, 0] if n else 0.0
    best, end, last = -1.0, 0.0, -1
    for h in range(n_slots):
        after = begin[n, h] + (visit if n else 0.0) + home
        if score[n, h] > best + HAIR and after <= budget + HAIR:
            best, end, last = score[n, h], after, h
    for i in range(n, 0, -1):
        if last >= 0:
            starts[i - 1] = begin[i, last]
            last = origin[i, last]
    return best, end


@jit
def _variant(kind: int, i: int, j: int, order: IntArray, n: int, changed: IntArray) -> int:
    """Write the order with one change; gives its length. For exchange and insert j is the new place."""
    for at in range(n):
        changed[at] = order[at]
    if kind == EXCHANGE:
        changed[i] = j
    elif kind == TURN:
        for at in range(i, j + 1):
            changed[at] = order[i + j - at]
    elif kind == MOVE:
        step = 1 if j > i else -1
        for at in range(i, j, step):
            changed[at] = order[at + step]
        changed[j] = order[i]
    else:
        for at in range(n, i, -1):
            changed[at] = order[at - 1]
        changed[i] = j
        return n + 1
    return n


@jit
def climb(
    order: IntArray,
    n: int,
    travel: FloatArray,
    scores: FloatArray,
    visit: float,
    budget: float,
    offset: float,
    slot: float,
    back: float,
) -> int:
    """Insert, exchange, move and turn round (2-opt) while that scores more, or as much in less time.

    Changes `order`; gives its length.
    """
    k = len(scores)
    starts, changed = np.zeros(k + 1), np.zeros(k + 1, dtype=np.int64)
    used = np.zeros(k, dtype=np.bool_)
    best, end = timed(order, n, starts, travel, scores, visit, budget, offset, slot, back)
    kind = INSERT
    while kind >= 0:
        better = False
        for place in range(k):
            used[place] = False
        for at in range(n):
            used[order[at]] = True
        for i in range(n + 1 if kind == INSERT else n):
            for j in range(k if kind in (INSERT, EXCHANGE) else n):
                if (kind in (INSERT, EXCHANGE) and used[j]) or (i == j and kind == MOVE) or (i >= j and kind == TURN):
                    continue
                length = _variant(kind, i, j, order, n, changed)
                score, after = timed(changed, length, starts, travel, scores, visit, budget, offset, slot, back)
                if score > best + HAIR or (score > best - HAIR and after < end - HAIR):
                    best, end, n, better = score, after, length, True
                    for at in range(n):
                        order[at] = changed[at]
                    break
            if better:
                break
        # After each improvement all kinds are tried again.
        kind = INSERT if better else kind - 1
    return n


@jit
def fits(free: IntArray, worth: FloatArray, cost: FloatArray, ranks: IntArray, room: float) -> float:
    """The most that unvisited places can add if parts of visits counted: the dearest for their time first."""
    total = 0.0
    for place in ranks:
        if not free[place]:
            continue
        if cost[place] >= room:
            total += worth[place] * max(room, 0.0) / cost[place]
            break
        total += worth[place]
        room -= cost[place]
    return total


@jit
def _known(keys: IntArray, times: FloatArray, scores: FloatArray, key: int, time: float, score: float) -> bool:
    """Whether a state no later and no worse was met before; else it is remembered, in place of an older one."""
    row = (key ^ ((key >> 18) * 40503)) & (len(keys) - 1)
    for i in range(LABELS):
        if keys[row, i] == key and times[row, i] <= time + HAIR and scores[row, i] >= score - HAIR:
            return True
    for i in range(LABELS - 1, 0, -1):
        keys[row, i], times[row, i], scores[row, i] = keys[row, i - 1], times[row, i - 1], scores[row, i - 1]
    keys[row, 0], times[row, 0], scores[row, 0] = key, time, score
    return False


@jit
def search(
    at_least: float,
    most_nodes: int,
    later: FloatArray,
    cost: FloatArray,
    ranks: IntArray,
    shortest_home: float,
    travel: FloatArray,
    scores: FloatArray,
    visit: float,
    budget: float,
    offset: float,
    slot: float,
    back: float,
) -> tuple[bool, int, float, IntArray, FloatArray]:
    """Every order that could score more than `at_least`, depth first.

    Whether all were looked at, the number of visits in the best, its score, its order and when its visits begin.
    `later` (slots, k) is the most a place is worth from that hour on, `ranks` the places by that per `cost`. What was
    reached by the same visits with the same last one, no later and with no lower score, is not gone through again.
    """
    k, n_slots = scores.shape
    keys = np.full((TABLE, LABELS), -1, dtype=np.int64)
    label_time, label_score = np.zeros((TABLE, LABELS)), np.zeros((TABLE, LABELS))
    # Row 0 is the base; the visit of each depth, when it begins and ends, the score until then, what is tried next.
    path, begin = np.full(k + 1, -1, dtype=np.int64), np.zeros(k + 1)
    finish, score = np.zeros(k + 1), np.zeros(k + 1)
    pointer, free = np.zeros(k + 1, dtype=np.int64), np.ones(k, dtype=np.int64)
    best, best_n = at_least, -1
    best_order, best_starts = np.zeros(k, dtype=np.int64), np.zeros(k)
    mask, depth, nodes = 0, 0, 0
    while depth >= 0:
        if pointer[depth] >= k * n_slots:
            if depth > 0:
                free[path[depth]] = 1
                mask ^= 1 << path[depth]
            depth -= 1
            continue
        rank, h = pointer[depth] // n_slots, pointer[depth] % n_slots
        place = ranks[0, rank]
        arrival = finish[depth] + travel[path[depth] + 1, place + 1]
        first = slot_of(arrival, offset, slot)
        start = arrival if h <= first else h * slot - offset
        after = start + visit
        if not free[place] or after + back * travel[place + 1, 0] > budget + HAIR:
            pointer[depth] = (rank + 1) * n_slots
            continue
        if h < first:
            pointer[depth] = rank * n_slots + first
            continue
        pointer[depth] += 1
        # To wait for an hour must be worth more than all hours before it.
        worth_waiting = True
        for earlier in range(first, h):
            worth_waiting = worth_waiting and scores[place, h] > scores[place, earlier]
        if not worth_waiting:
            continue
        reached = score[depth] + scores[place, h]
        if reached > best + HAIR:
            best, best_n = reached, depth + 1
            for i in range(depth):
                best_order[i], best_starts[i] = path[i + 1], begin[i + 1]
            best_order[depth], best_starts[depth] = place, start
        free[place] = 0
        now = min(slot_of(after, offset, slot), n_slots - 1)
        most = reached + fits(free, later[now], cost, ranks[now], budget - after - shortest_home)
        key = (mask | (1 << place)) * k + place
        if most <= best + HAIR or _known(keys, label_time, label_score, key, after, reached):
            free[place] = 1
            continue
        nodes += 1
        if nodes > most_nodes:
            return False, best_n, best, best_order, best_starts
        depth += 1
        mask |= 1 << place
        path[depth], begin[depth], finish[depth], score[depth] = place, start, after, reached
        pointer[depth] = 0
    return True, best_n, best, best_order, best_starts
