"""The cells where events can be: which grid covers a study area, and which of its cells lie in it.

Computed once for each area set version, choice of areas and cell size, and kept in a file under the data folder: a
page never waits for geometry twice. What happens in the cells is the business of ``spots.py``.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from lagesbild.stats import Grid

MAX_CELLS = 160_000
CELL_SIZES_M = (50.0, 100.0, 200.0, 250.0, 500.0, 1000.0, 2000.0, 5000.0, 10_000.0)
# Streets are resolved by 50 m; a city by 100 m, where a cell still holds a few events.
SMALL_AREA_M2 = 3_000_000.0
VERSION = "1"


@dataclass(frozen=True, eq=False)
class StudyArea:
    """A grid and the cells of it that touch the study area. ``name`` tells which areas it is made of."""

    grid: Grid
    inside: NDArray[np.bool_]
    name: str
    is_rectangle: bool = False

    @property
    def n_cells(self) -> int:
        return int(np.count_nonzero(self.inside))


def cell_size(area_m2: float, bounds: tuple[float, float, float, float]) -> float:
    """The finest cell that suits the area: 50 m for a quarter, 100 m for a city, then as large as it must."""
    width, height = bounds[2] - bounds[0], bounds[3] - bounds[1]
    for cell_m in CELL_SIZES_M:
        if cell_m < 100.0 and area_m2 > SMALL_AREA_M2:
            continue
        if (width / cell_m + 2) * (height / cell_m + 2) <= MAX_CELLS:
            return cell_m
    return CELL_SIZES_M[-1]


def from_polygons(key: str, name: str, load: Callable[[], Sequence[BaseGeometry]], *, folder: Path) -> StudyArea:
    """The study area made of the polygons that ``load`` returns; ``key`` names them and their version."""
    path = folder / f"{hashlib.sha256(f'{VERSION}|{key}'.encode()).hexdigest()}.npz"
    if not path.exists():
        grid, inside = cells_of(load())
        _keep(path, grid, inside)
    grid, inside = _kept(path)
    return StudyArea(grid=grid, inside=inside, name=name)


def cells_of(polygons: Sequence[BaseGeometry]) -> tuple[Grid, NDArray[np.bool_]]:
    """The grid over the polygons and which of its cells touch any of them."""
    shapes = np.asarray(polygons, dtype=object)
    x_min, y_min, x_max, y_max = (float(edge) for edge in shapely.total_bounds(shapes))
    bounds = (x_min, y_min, x_max, y_max)
    grid = Grid.covering(cell_m=cell_size(float(shapely.area(shapes).sum()), bounds), bounds=bounds)
    east, north = grid.centres()
    half = grid.cell_m / 2
    boxes = shapely.box(east.ravel() - half, north.ravel() - half, east.ravel() + half, north.ravel() + half)
    touched = shapely.STRtree(boxes).query(shapes, predicate="intersects")[1]
    inside = np.zeros(grid.n_cells, dtype=np.bool_)
    inside[touched] = True
    return grid, inside.reshape(grid.shape)


def rectangle(x: NDArray[np.float64], y: NDArray[np.float64], *, name: str) -> StudyArea:
    """The box round the points, for collaborations without areas; honest only where points fill it."""
    bounds = (float(x.min()), float(y.min()), float(x.max()) + 1.0, float(y.max()) + 1.0)
    area = (bounds[2] - bounds[0]) * (bounds[3] - bounds[1])
    grid = Grid.covering(cell_m=cell_size(area, bounds), bounds=bounds)
    return StudyArea(grid=grid, inside=np.ones(grid.shape, dtype=np.bool_), name=name, is_rectangle=True)


@lru_cache(maxsize=16)
def _kept(path: Path) -> tuple[Grid, NDArray[np.bool_]]:
    with np.load(path) as data:
        x0, y0, cell_m, n_cols, n_rows = data["grid"].tolist()
        inside = np.unpackbits(data["inside"], count=int(n_cols * n_rows)).astype(np.bool_)
    return Grid(x0, y0, cell_m, int(n_cols), int(n_rows)), inside.reshape(int(n_rows), int(n_cols))


def _keep(path: Path, grid: Grid, inside: NDArray[np.bool_]) -> None:
    """Written beside and moved into place, so that nobody reads half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".npz", delete=False) as draft:
        corner = np.array([grid.x0, grid.y0, grid.cell_m, grid.n_cols, grid.n_rows])
        np.savez_compressed(draft, grid=corner, inside=np.packbits(inside.ravel()))
    Path(draft.name).replace(path)
