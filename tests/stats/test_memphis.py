"""Robberies in Memphis, January 2019: grid, Gi* and density as the documentation of the R package sfhotspot has them.

Version 1.0.0, reference pages of hotspot_gistar and hotspot_kde (memphis_robberies_jan in EPSG:32615). Its grid covers
the convex hull with a margin of half a cell; cells that do not meet that are left out.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest
import shapely
from pyproj import Transformer

from lagesbild.stats import Grid, Window, density, gi_star_grid
from tests.shared_data import shared_data

pytestmark = pytest.mark.one_database

Floats = npt.NDArray[np.float64]


@pytest.fixture(scope="module")
def robberies() -> tuple[Floats, Floats]:
    rows = pl.read_csv(shared_data("memphis-robberies-2019") / "robberies.csv.gz", infer_schema_length=0)
    assert len(rows) == 2_245
    january = rows.filter(pl.col("in_jan_subset") == "TRUE")
    lon, lat = (january[name].cast(pl.Float64).to_numpy() for name in ("longitude", "latitude"))
    x, y = Transformer.from_crs(4326, 32615, always_xy=True).transform(lon, lat)
    return np.asarray(x), np.asarray(y)


def study_area(x: Floats, y: Floats, cell_m: float) -> tuple[Grid, npt.NDArray[np.bool_]]:
    points = shapely.multipoints(np.column_stack([x, y]))
    hull = shapely.buffer(shapely.convex_hull(points), cell_m / 2, quad_segs=30)
    x0, y0, x1, y1 = hull.bounds
    grid = Grid(x0, y0, cell_m, n_cols=int(np.ceil((x1 - x0) / cell_m)), n_rows=int(np.ceil((y1 - y0) / cell_m)))
    west, south = np.meshgrid(x0 + cell_m * np.arange(grid.n_cols), y0 + cell_m * np.arange(grid.n_rows))
    return grid, shapely.intersects(hull, shapely.box(west, south, west + cell_m, south + cell_m))


PRINTED = {
    500: (
        2_715,
        [-0.546, -0.598, -0.598, 0.716, 0.716, 0.716, -0.598, -0.598, -0.546, 0.893],
        [0.585, 0.550, 0.550, 0.474, 0.474, 0.474, 0.550, 0.550, 0.585, 0.372],
    ),
    200: (
        16_133,
        [-0.243, -0.266, -0.266, 3.20, 3.20, 3.20, -0.266, -0.266, -0.243, -0.243],
        [0.808, 0.790, 0.790, 0.00135, 0.00135, 0.00135, 0.790, 0.790, 0.808, 0.808],
    ),
}


@pytest.mark.parametrize("cell_m", sorted(PRINTED))
def test_the_printed_values_of_gi_star(robberies: tuple[Floats, Floats], cell_m: int) -> None:
    n_cells, z, p = PRINTED[cell_m]
    grid, inside = study_area(*robberies, cell_m)
    counts = grid.count(*robberies)
    assert int(counts.sum()) == 206
    assert int(inside.sum()) == n_cells
    result = gi_star_grid(counts, window=Window.queen(), inside=inside)
    assert counts[inside][:10].tolist() == [0, 0, 0, 0, 1, 0, 0, 0, 0, 0]
    # Three digits are printed.
    assert result.z[inside][:10].tolist() == pytest.approx(z, rel=2e-3)
    assert result.pvalue[inside][:10].tolist() == pytest.approx(p, rel=4e-3)


def test_the_printed_values_of_the_density(robberies: tuple[Floats, Floats]) -> None:
    # hotspot_kde(cell_size = 200, bandwidth = 1000): the plain sum of (1 - d²/h²)² round the middle of each cell.
    printed = [0.0658, 0.315, 0.618, 0.867, 1.00, 0.997, 0.821, 0.518, 0.208, 0.183]
    grid, inside = study_area(*robberies, 200)
    rows, cols = (each[:10] for each in np.nonzero(inside))
    # Our density counts in cells first, so they are small: 25 in the width of one of theirs, and one in its middle.
    fine = Grid(
        grid.x0 + 200 * float(cols.min() - 6), grid.y0 - 1_200, 8.0, n_cols=25 * int(np.ptp(cols) + 13), n_rows=25 * 14
    )
    found = density(*robberies, grid=fine, bandwidth_m=1_000, kernel="quartic", edge_correction=False).per_km2
    middle = found[25 * (rows + 6) + 12, 25 * (cols - cols.min() + 6) + 12]
    # An event may move by half a small cell, 4 m of 1,000, where the kernel falls by less than its height in a reach.
    assert (middle * np.pi / 3).tolist() == pytest.approx(printed, abs=4e-3)
