"""Closed paths in a table: rows and columns are the nodes of a graph, cells the edges between them.

Here lives what `disclosure` needs of graphs: edges on no cycle, and the cheapest way round one.
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


def cheapest_path(there: FloatArray, back: FloatArray, *, start: int, goal: int) -> tuple[float, list[Cell]]:
    """Cost and cells of the cheapest path between two nodes; infinite and empty when there is none.

    Nodes are rows, then columns. `there` is what it costs to go from a row to a column, `back` from a column to a
    row; infinite cost closes a way. Dijkstra's method on dense matrices.
    """
    n_rows, n_cols = there.shape
    distance = np.full(n_rows + n_cols, np.inf)
    came_from: IntArray = np.full(n_rows + n_cols, -1, dtype=np.int64)
    waiting = distance.copy()
    distance[start] = waiting[start] = 0.0
    while True:
        node = int(np.argmin(waiting))
        if node == goal or not np.isfinite(waiting[node]):
            break
        steps, ahead = (there[node], slice(n_rows, None)) if node < n_rows else (back[:, node - n_rows], slice(n_rows))
        reached = distance[node] + steps
        better = reached < distance[ahead]
        distance[ahead][better] = waiting[ahead][better] = reached[better]
        came_from[ahead][better] = node
        waiting[node] = np.inf
    path: list[Cell] = []
    node = goal
    while came_from[node] >= 0:
        previous = int(came_from[node])
        path.append((min(node, previous), max(node, previous) - n_rows))
        node = previous
    return float(distance[goal]), path


def one_way_open(there: BoolArray, back: BoolArray) -> IntArray:
    """Number of the strongly connected part that each node lies in; a one-way cell within one part is on a cycle."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    n_rows, n_cols = there.shape
    row, col = np.nonzero(there)
    row_back, col_back = np.nonzero(back)
    tails, heads = np.concatenate([row, col_back + n_rows]), np.concatenate([col + n_rows, row_back])
    graph = coo_array((np.ones(len(tails)), (tails, heads)), shape=(n_rows + n_cols, n_rows + n_cols))
    parts = connected_components(graph.tocsr(), directed=True, connection="strong")[1]
    return np.asarray(parts, dtype=np.int64)
