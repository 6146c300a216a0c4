"""Hot spots of a picture: counts on the grid in, named hot spots with their support and the density under them out.

The statistics are the library's (`gi_star_grid`, `hot_spots`, `hot_spot_change`, `compare_counts_many`,
`density_of_counts`); here they are put together for two periods, and shapes are made for the map.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from lagesbild.core.geo import WGS_84, project, to_geojson
from lagesbild.picture.content import (
    Change,
    DensityClass,
    GridFacts,
    HotSpot,
    HotSpots,
    NoteFact,
    SpotName,
    Status,
    rounded,
)
from lagesbild.picture.study_area import StudyArea
from lagesbild.stats import (
    ChangesResult,
    Grid,
    HotSpotsResult,
    Note,
    Window,
    compare_counts_many,
    density_of_counts,
    gi_star_grid,
    hot_spot_change,
    hot_spots,
)
from lagesbild.stats import HotSpot as Cluster

ALPHA = 0.05
MIN_COUNT = 5
MIN_POINTS = 20
MAX_SPOTS = 40
RADIUS_CELLS = 2
BANDWIDTH_CELLS = 4
# Shares of the cells of the study area below each limit: the last class is the densest half per cent.
DENSITY_SHARES = (0.75, 0.90, 0.95, 0.98, 0.995)

Namer = Callable[[Sequence[float], Sequence[float]], list[SpotName]]
Counts = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Sides:
    """Counts per cell now and before; ``before`` is None where there is nothing to compare with."""

    after: Counts
    before: Counts | None
    days: int
    days_before: int


@dataclass(frozen=True, eq=False)
class _Found:
    cluster: Cluster
    status: Status | None
    n: int
    n_before: int


def find(area: StudyArea, sides: Sides, *, crs: int, name: Namer) -> tuple[HotSpots, list[NoteFact]]:
    """The hot spots of the period, what became of those before, and the density; with the library's remarks."""
    after = _tested(area, sides.after)
    before = None if sides.before is None else _tested(area, sides.before)
    ranked = _ranked(sides, after, before)
    spots = _described(ranked[:MAX_SPOTS], sides, area.grid, crs=crs, name=name)
    facts = GridFacts(
        cell_m=area.grid.cell_m,
        radius_m=RADIUS_CELLS * area.grid.cell_m,
        bandwidth_m=BANDWIDTH_CELLS * area.grid.cell_m,
        n_cells=after.n_tests,
        n_significant=int(np.count_nonzero(after.hot_mask)),
        alpha=ALPHA,
        min_count=MIN_COUNT,
        n_points=int(sides.after[area.inside].sum()),
        n_points_before=None if sides.before is None else int(sides.before[area.inside].sum()),
        study_area=area.name,
    )
    notes = [fact(note) for note in after.notes]
    if len(ranked) > MAX_SPOTS:
        notes.append(NoteFact(code="picture.more_spots", values={"n": len(ranked) - MAX_SPOTS, "shown": MAX_SPOTS}))
    if any(spot.status in ("new", "fading") for spot in spots):
        notes.append(NoteFact(code="picture.chosen_high"))
    return HotSpots(spots=tuple(spots), density=_density(area, sides.after, crs=crs), grid=facts), notes


def fact(note: Note) -> NoteFact:
    """A remark of the library in the form that a picture keeps."""
    return NoteFact(code=note.code, values=dict(note.values))


def _tested(area: StudyArea, counts: Counts) -> HotSpotsResult:
    window = Window.disc(radius_m=RADIUS_CELLS * area.grid.cell_m, cell_m=area.grid.cell_m)
    inside = np.where(area.inside, counts, 0)
    gi = gi_star_grid(inside, window=window, inside=area.inside)
    return hot_spots(inside, grid=area.grid, gi=gi, alpha=ALPHA, min_count=MIN_COUNT)


def _ranked(sides: Sides, after: HotSpotsResult, before: HotSpotsResult | None) -> list[_Found]:
    """Those of now by events, then the fading ones by events before."""
    if before is None or sides.before is None:
        return [_Found(cluster, None, int(cluster.n_events), 0) for cluster in after.hot]
    fates = hot_spot_change(before.labels, after.labels, reach_cells=1).clusters
    status = {(fate.fate == "fading", fate.label): fate.fate for fate in fates}
    counts_after, counts_before = sides.after.ravel(), sides.before.ravel()

    def found(cluster: Cluster, kind: Status) -> _Found:
        cells = cluster.cells
        return _Found(cluster, kind, int(counts_after[cells].sum()), int(counts_before[cells].sum()))

    now = [found(cluster, status[False, cluster.label]) for cluster in after.hot]
    gone = [found(cluster, "fading") for cluster in before.hot if (True, cluster.label) in status]
    return now + gone


def _described(found: list[_Found], sides: Sides, grid: Grid, *, crs: int, name: Namer) -> list[HotSpot]:
    if not found:
        return []
    xs, ys = [each.cluster.peak_x for each in found], [each.cluster.peak_y for each in found]
    names = name(xs, ys)
    lon, lat = project(xs, ys, from_crs=crs, to_crs=WGS_84)
    changes = _changes(found, sides)
    return [
        _described_one(rank, each, names[rank - 1], (lon[rank - 1], lat[rank - 1]), changes, grid, crs=crs)
        for rank, each in enumerate(found, start=1)
    ]


def _described_one(
    rank: int,
    found: _Found,
    name: SpotName,
    lonlat: tuple[float, float],
    changes: ChangesResult | None,
    grid: Grid,
    *,
    crs: int,
) -> HotSpot:
    cluster = found.cluster
    return HotSpot(
        rank=rank,
        key=f"{cluster.peak_x:.0f}-{cluster.peak_y:.0f}",
        name=name,
        status=found.status,
        n=found.n,
        n_before=None if changes is None else found.n_before,
        expected=rounded(cluster.expected) or 0.0,
        change=change_at(changes, rank - 1),
        p_adjusted=rounded(cluster.p_adjusted_min) or 0.0,
        z_max=rounded(cluster.z_max) or 0.0,
        area_m2=cluster.area_m2,
        n_cells=len(cluster.cells),
        x=cluster.peak_x,
        y=cluster.peak_y,
        lon=round(float(lonlat[0]), 6),
        lat=round(float(lonlat[1]), 6),
        geometry=to_geojson(cells_shape(cluster.cells, grid), crs=crs),
    )


def _changes(found: list[_Found], sides: Sides) -> ChangesResult | None:
    if sides.before is None:
        return None
    return compare_counts_many(
        [each.n_before for each in found],
        [each.n for each in found],
        exposure_before=float(sides.days_before),
        exposure_after=float(sides.days),
    )


def change_at(changes: ChangesResult | None, at: int) -> Change | None:
    """One line of many comparisons, corrected for their number; None where nothing was compared."""
    if changes is None:
        return None

    def finite(value: np.float64) -> float | None:
        return rounded(float(value)) if np.isfinite(value) else None

    return Change(
        ratio=finite(changes.ratio[at]),
        low=finite(changes.low[at]),
        high=finite(changes.high[at]),
        pvalue=rounded(float(changes.pvalue[at])) or 0.0,
        p_adjusted=rounded(float(changes.p_adjusted[at])),
    )


def cells_shape(cells: NDArray[np.int64], grid: Grid) -> BaseGeometry:
    """The outline of cells, without the lines between them."""
    row, col = np.divmod(np.sort(cells), grid.n_cols)
    # Cells side by side in a row are one box: a tenth of the boxes to join.
    starts = np.flatnonzero(np.r_[True, (np.diff(row) != 0) | (np.diff(col) != 1)])
    ends = np.r_[starts[1:], len(row)] - 1
    boxes = shapely.box(
        grid.x0 + col[starts] * grid.cell_m,
        grid.y0 + row[starts] * grid.cell_m,
        grid.x0 + (col[ends] + 1) * grid.cell_m,
        grid.y0 + (row[ends] + 1) * grid.cell_m,
    )
    joined: BaseGeometry = shapely.simplify(shapely.union_all(boxes), 0.0)
    return joined


def _density(area: StudyArea, counts: Counts, *, crs: int) -> tuple[DensityClass, ...]:
    smooth = density_of_counts(
        np.where(area.inside, counts, 0),
        grid=area.grid,
        bandwidth_m=BANDWIDTH_CELLS * area.grid.cell_m,
        inside=area.inside,
    ).per_km2
    limits = sorted({_round_limit(float(limit)) for limit in np.quantile(smooth[area.inside], DENSITY_SHARES)} - {0.0})
    classes = []
    for at, low in enumerate(limits):
        high = limits[at + 1] if at + 1 < len(limits) else float("inf")
        cells = np.flatnonzero(((smooth >= low) & (smooth < high) & area.inside).ravel())
        if len(cells):
            shape = to_geojson(cells_shape(cells, area.grid), crs=crs, decimals=5)
            top = high if np.isfinite(high) else float(smooth.max())
            classes.append(DensityClass(low=low, high=rounded(top, 3) or 0.0, geometry=shape))
    return tuple(classes)


def _round_limit(value: float) -> float:
    """Two digits are enough for a legend."""
    return float(f"{value:.2g}")
