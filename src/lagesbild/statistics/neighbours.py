"""Which places are neighbours: cells, areas that touch, places within a distance, the nearest ones, or a list.

Here live sparse weights for `moran` and `gistar`. What is done with them is the library's.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
import numpy.typing as npt

from lagesbild.statistics.events import Asked
from lagesbild.statistics.refusals import refuse
from lagesbild.statistics.table import Table, read_table

Ints = npt.NDArray[np.int64]

VALUE = click.option(
    "--value", metavar="COLUMN", help="Every row of FILE is a place with this measure. Default: count events in cells."
)
WAYS = (
    click.option("--radius", type=float, metavar="M", help="Neighbours are places, or centres of cells, this near."),
    click.option("--nearest", type=click.IntRange(min=1), metavar="K", help="Neighbours are the nearest K places."),
    click.option(
        "--links",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        metavar="TABLE",
        help="Neighbours stand in this table: columns id, neighbor and, if wanted, weight.",
    ),
    click.option(
        "--id", "id_column", metavar="COLUMN", help="What --links calls the places. Default: row numbers from 1."
    ),
)


@dataclass(frozen=True)
class Ways:
    """How places with a measure become neighbours. Areas that touch, if nothing was said and FILE has shapes."""

    radius: float | None
    nearest: int | None
    links: Path | None
    id_column: str | None

    def weights(self, asked: Asked, *, itself: bool) -> Any:
        """Sparse weights in compressed row form, with the place itself or without."""
        given = [name for name in ("radius", "nearest", "links") if getattr(self, name) is not None]
        if len(given) > 1:
            refuse("Give only one of --radius, --nearest and --links.", field=given[1])
        n = len(asked.table)
        if self.links:
            first, second, weight = _listed(asked.table, self.id_column, read_table(self.links))
        else:
            first, second = self._found(asked)
            weight = np.ones(len(first))
        apart = first != second
        first, second, weight = first[apart], second[apart], weight[apart]
        if itself:
            every = np.arange(n)
            first, second = np.append(first, every), np.append(second, every)
            weight = np.append(weight, np.ones(n))
        return csr(first, second, weight, n)

    def _found(self, asked: Asked) -> tuple[Ints, Ints]:
        table = asked.table
        if self.radius is None and self.nearest is None:
            if table.shapes is None:
                refuse("Say which places are neighbours: --radius, --nearest or --links.", field="radius")
            return _touching(table.shapes)
        x, y = asked.centres()
        if bool(np.isnan(x + y).any()):
            row = int(np.flatnonzero(np.isnan(x + y))[0]) + table.first_row
            refuse(f"Row {row}: the place has no coordinates, so it has no neighbours.", field="x")
        return _within(x, y, self.radius) if self.radius is not None else _nearest(x, y, self.nearest or 1)


def csr(first: Ints, second: Ints, weight: Any, n: int) -> Any:
    from scipy.sparse import coo_array

    made = coo_array((weight, (first, second)), shape=(n, n)).tocsr()
    made.sort_indices()
    return made


def cells_around(shape: tuple[int, int], half_widths: tuple[int, ...]) -> Any:
    """Weights 1 for the cells of a window, without the cell itself, on a grid."""
    rows, cols = np.divmod(np.arange(shape[0] * shape[1]), shape[1])
    reach = len(half_widths) // 2
    first, second = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
    for up, half in enumerate(half_widths, start=-reach):
        if abs(up) >= shape[0]:
            continue
        widest = min(half, shape[1] - 1)
        for aside in range(-widest, widest + 1):
            there = (rows + up >= 0) & (rows + up < shape[0]) & (cols + aside >= 0) & (cols + aside < shape[1])
            if up or aside:
                first.append(np.flatnonzero(there))
                second.append(first[-1] + up * shape[1] + aside)
    one, other = (np.concatenate(each) for each in (first, second))
    return csr(one, other, np.ones(len(one)), len(rows))


def _touching(shapes: npt.NDArray[np.object_]) -> tuple[Ints, Ints]:
    from shapely import STRtree

    first, second = STRtree(shapes).query(shapes, predicate="intersects")
    return first.astype(np.int64), second.astype(np.int64)


def _within(x: Any, y: Any, radius: float) -> tuple[Ints, Ints]:
    from scipy.spatial import cKDTree

    if radius <= 0:
        refuse(f"--radius must be a positive number of metres. Got {radius:g}.", field="radius")
    pairs = cKDTree(np.column_stack([x, y])).query_pairs(radius, output_type="ndarray").astype(np.int64)
    return np.concatenate([pairs[:, 0], pairs[:, 1]]), np.concatenate([pairs[:, 1], pairs[:, 0]])


def _nearest(x: Any, y: Any, k: int) -> tuple[Ints, Ints]:
    """The K nearest others. Places at one point are told apart, so that none is its own neighbour."""
    from scipy.spatial import cKDTree

    n = len(x)
    if k >= n:
        refuse(f"--nearest must be below the number of places, {n}. Got {k}.", field="nearest")
    found = np.asarray(cKDTree(np.column_stack([x, y])).query(np.column_stack([x, y]), k=k + 1)[1])
    own = found == np.arange(n)[:, None]
    # With more than K places at its point a place may not be among its own nearest; then the farthest goes.
    own[~own.any(axis=1), -1] = True
    return np.repeat(np.arange(n), k), found[~own].astype(np.int64)


def _listed(table: Table, id_column: str | None, links: Table) -> tuple[Ints, Ints, Any]:
    names = table.texts(id_column).to_list() if id_column else [str(at + 1) for at in range(len(table))]
    number = {name: at for at, name in enumerate(names)}
    if len(number) < len(names):
        refuse(f'Column "{id_column}" of {table.name} must name each place once.', field="id")
    neighbour = next((name for name in ("neighbor", "neighbour") if links.has(name)), "neighbor")
    ends = []
    for column in ("id", neighbour):
        found = [number.get(each, -1) for each in links.texts(column)]
        if -1 in found:
            row = found.index(-1)
            text = links.texts(column)[row]
            refuse(f'Row {row + links.first_row} of {links.name}: "{text}" is no place of {table.name}.', field="links")
        ends.append(np.array(found, dtype=np.int64))
    weight = links.counts("weight") if links.has("weight") else np.ones(len(ends[0]))
    return ends[0], ends[1], weight
