"""Hot spots and events against zones: what lies on ground where somebody has powers, and what outside all of it.

The zones come from ``offers.py``, the points from the store. Counts are exact here; hiding is in ``disclosure.py``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import polars as pl
import shapely
from numpy.typing import NDArray
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from lagesbild.core.geo import WGS_84, project
from lagesbild.observations.questions import Question as Events
from lagesbild.picture import codec, kept
from lagesbild.picture.answer import Prepared, key_of
from lagesbild.picture.beside import SpotZones, ZoneFact, Zones, ZoneShare
from lagesbild.picture.content import HotSpot, Period, PictureContent
from lagesbild.picture.gather import IS_POINT
from lagesbild.picture.offers import ZoneRow

VERSION = "1"
SLIVER = 0.01
"""A smaller share of a hot spot's ground is the width of a drawn line."""

Shapes = NDArray[np.object_]


def compared(prepared: Prepared, full: PictureContent, rows: Sequence[ZoneRow]) -> Zones | None:
    """The picture against the zones; recalled if the same was asked before. None where there are no zones or points."""
    if not rows or not full.totals.n_points:
        return None
    told = [codec.plain(row) for row in rows]
    digest = hashlib.sha256(json.dumps([VERSION, told]).encode()).hexdigest()
    key = f"{key_of(prepared)}|{digest}"
    data = kept.recall("zones", key)
    if data is not None:
        return codec.restore(Zones, json.loads(data))
    found = computed(prepared, full, rows)
    kept.keep("zones", key, json.dumps(codec.plain(found)).encode())
    return found


def computed(prepared: Prepared, full: PictureContent, rows: Sequence[ZoneRow]) -> Zones:
    """The same made now, whatever is kept."""
    ground = shapely.from_wkb([bytes.fromhex(row.wkb) for row in rows])
    earlier = full.question.comparison_period
    now = _counted(prepared.events, full.question.period, prepared.data_version, ground)
    before = (
        _counted(prepared.events, earlier, prepared.data_version, ground)
        if earlier and full.totals.n_before is not None
        else None
    )
    spots = full.hot_spots.spots if full.hot_spots else ()
    return Zones(
        on=full.question.period.last_on,
        zones=tuple(
            ZoneFact(
                id=row.id,
                name=row.name,
                kind=row.kind,
                kind_en=row.kind_en,
                valid_from=row.valid_from,
                n=now[at],
                n_before=None if before is None else before[at],
            )
            for at, row in enumerate(rows)
        ),
        n_points=now[-1],
        n_inside=now[-2],
        n_points_before=None if before is None else before[-1],
        n_inside_before=None if before is None else before[-2],
        spots=_spots(spots, ground, [row.id for row in rows], prepared.ground.working_crs),
    )


def _counted(events: Events, period: Period, data_version: int | None, ground: Shapes) -> list[int]:
    """Points in each zone, in any, and in all. Only points in the zones' common extent leave the store."""
    asked = events.asked_with(replace(events.filters, from_on=period.from_on, to_on=period.to_on))
    points = asked.events(data_version).filter(IS_POINT)
    west, south, east, north = shapely.total_bounds(ground).tolist()
    near = points.filter(pl.col("x").is_between(west, east), pl.col("y").is_between(south, north))
    everything, some = pl.collect_all([points.select(pl.len()), near.select("x", "y")])
    x, y = some["x"].to_numpy(), some["y"].to_numpy()
    inside = np.zeros(len(x), dtype=np.bool_)
    counts = []
    for zone in ground:
        shapely.prepare(zone)
        within = shapely.intersects_xy(zone, x, y)
        counts.append(int(np.count_nonzero(within)))
        inside |= within
    return [*counts, int(np.count_nonzero(inside)), int(everything.item())]


def _spots(spots: Sequence[HotSpot], ground: Shapes, ids: Sequence[int], crs: int) -> tuple[SpotZones, ...]:
    """How much of each hot spot's ground lies in which zone."""
    union = shapely.union_all(ground)
    found = []
    for spot in spots:
        outline = _in_metres(shape(spot.geometry), crs)
        shares = shapely.area(shapely.intersection(ground, outline)) / outline.area
        within = [
            ZoneShare(zone=pk, share=_share(share))
            for pk, share in zip(ids, shares.tolist(), strict=True)
            if share > SLIVER
        ]
        inside = float(shapely.area(shapely.intersection(union, outline)) / outline.area)
        found.append(SpotZones(rank=spot.rank, share_inside=_share(inside), zones=tuple(within)))
    return tuple(found)


def _share(share: float) -> float:
    """To whole per cent; what misses a drawn line's width is all or nothing."""
    return 1.0 if share > 1 - SLIVER else 0.0 if share < SLIVER else round(share, 2)


def _in_metres(outline: BaseGeometry, crs: int) -> BaseGeometry:
    def moved(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(project(lonlat[:, 0], lonlat[:, 1], from_crs=WGS_84, to_crs=crs))

    projected: BaseGeometry = shapely.transform(outline, moved)
    return projected
