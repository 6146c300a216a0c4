"""Closed paths in a table: rows and columns are the nodes of a graph, cells the edges between them.

Here lives what `disclosure` needs of graphs: edges on no cycle, and the cheapest way round an edge.
"""

from __future__ import annotations

import numpy as np

from lagesbild.stats._arrays import BoolArray, FloatArray, IntArray

Cell = tuple[int, int]


def bridges(cells: BoolArray) -> list[Cell]:
    """The true cells that lie on no closed path of true cells, in order. O(cells) time, without recursion."""
    n_rows = len(cells)
    neighbours = [np.flatnonzero(row) + n_rows for row in cells] + [np.flatnonzero(col) for col in cells.T]
    entered = np.zeros(sum(cells.shape), dtype=np.int64)
    lowest = entered.copy()
    found: list[Cell] = []
    clock = 0
    for root in range(n_rows):
        if entered[root]:
            continue
        clock += 1
        entered[root] = lowest[root] = clock
        stack = [(root, -1, iter(neighbours[root].tolist()))]
        while stack:
            node, parent, rest = stack[-1]
            following = next((other for other in rest if other != parent), None)
            if following is None:
                stack.pop()
                if parent >= 0:
                    lowest[parent] = min(lowest[parent], lowest[node])
                    if lowest[node] > entered[parent]:
                        found.append((min(node, parent), max(node, parent) - n_rows))
            elif entered[following]:
                lowest[node] = min(lowest[node], entered[following])
            else:
                clock += 1
                entered[following] = lowest[following] = clock
                stack.append((following, node, iter(neighbours[following].tolist())))
    return sorted(found)


def cheapest_path(cost: FloatArray, cell: Cell) -> list[Cell]:
    """Cells of the cheapest path from the row of `cell` to its column, without `cell` itself.

    Dijkstra's method on a dense matrix; infinite cost closes a cell. Empty when there is no path.
    """
    n_rows, n_cols = cost.shape
    cost = cost.copy()
    cost[cell] = np.inf
    distance = np.full(n_rows + n_cols, np.inf)
    came_from: IntArray = np.full(n_rows + n_cols, -1, dtype=np.int64)
    done = np.zeros(n_rows + n_cols, dtype=np.bool_)
    distance[cell[0]] = 0.0
    goal = n_rows + cell[1]
    while not done[goal]:
        node = int(np.argmin(np.where(done, np.inf, distance)))
        if not np.isfinite(distance[node]) or done[node]:
            return []
        done[node] = True
        steps, offset = (cost[node], n_rows) if node < n_rows else (cost[:, node - n_rows], 0)
        reached = distance[node] + steps
        better = reached < distance[offset : offset + len(steps)]
        distance[offset : offset + len(steps)][better] = reached[better]
        came_from[offset : offset + len(steps)][better] = node
    path: list[Cell] = []
    node = goal
    while came_from[node] >= 0:
        previous = int(came_from[node])
        path.append((min(node, previous), max(node, previous) - n_rows))
        node = previous
    return path
