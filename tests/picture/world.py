"""A small planted world: Ekby as sixteen squares of 500 m, with hot spots where we put them.

Now is January to June 2025, before is the same months of 2024. The torg stands out in both, the station only now, the
park only before; a hundred events lie evenly over the rest in each period.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
import shapely

from lagesbild.accounts.models import Organisation, SharingLevel
from lagesbild.core import clock
from lagesbild.observations.models import Category, Caveat, Source
from lagesbild.observations.store import IncidentStore
from lagesbild.places.drawing import join_features, shape_texts
from lagesbild.places.models import Area, AreaSet, AreaSetDrawing, AreaSetVersion, Fact, FactKind, Place, PlaceShape
from tests.cast import Cast
from tests.observations.frames import frame, incident
from tests.observations.world import category, source

WEST, SOUTH, SQUARE_M, SIDE = 600_000.0, 6_600_000.0, 500.0, 4
TORG, STATION, PARK = (600_250.0, 6_600_250.0), (601_750.0, 6_601_750.0), (601_750.0, 6_600_250.0)
NOW = "from=2025-01-01&to=2025-06-30"
N_SPOT, N_SPREAD = 30, 100


@dataclass(frozen=True)
class World:
    """What the tests need to name."""

    cast: Cast
    source: Source
    areas: AreaSetVersion
    torg: Place
    narcotics: Category
    damage: Category


def planted(cast: Cast, *, owner: Organisation | None = None, sharing: str = SharingLevel.PARTNERS) -> World:
    """Everything, stored."""
    owner = owner or cast.municipality
    police = source(owner, "anmalningar", sharing=sharing)
    public = category(cast.ekby, "public-order")
    narcotics = category(cast.ekby, "narcotics", public, (police, "Narkotika"))
    damage = category(cast.ekby, "damage", None, (police, "Skadegörelse"))
    Caveat.objects.create(
        collaboration=cast.ekby,
        category=narcotics,
        text="Upptäcktsbrott: följer polisens arbete.",
        text_en="Detection crime: follows the work of the police.",
        citation="V, mål 5",
    )
    areas = squares(cast)
    torg = Place.objects.create(
        collaboration=cast.ekby,
        owner=cast.municipality,
        name="Torget",
        shape=PlaceShape.CIRCLE,
        geometry=shapely.to_wkb(shapely.Point(*TORG).buffer(60)),
        x=TORG[0],
        y=TORG[1],
        radius_m=60.0,
    )
    IncidentStore("ekby").commit(incidents(areas), source=police.slug, batch_id=1)
    return World(cast=cast, source=police, areas=areas, torg=torg, narcotics=narcotics, damage=damage)


def squares(cast: Cast) -> AreaSetVersion:
    """Sixteen squares, A1 in the south-west to D4 in the north-east, each with 1,000 residents."""
    area_set = AreaSet.objects.create(collaboration=cast.ekby, owner=cast.municipality, slug="rutor", name="Rutor")
    version = AreaSetVersion.objects.create(
        area_set=area_set, number=1, source="prov", imported_crs="EPSG:3006", imported_at=clock.now()
    )
    boxes = {f"{'ABCD'[col]}{row + 1}": _square(col, row) for row in range(SIDE) for col in range(SIDE)}
    for code, box in boxes.items():
        west, south, east, north = box.bounds
        area = Area.objects.create(
            version=version,
            code=code,
            name=f"Kvarter {code}",
            geometry=shapely.to_wkb(box),
            min_x=west,
            min_y=south,
            max_x=east,
            max_y=north,
            label_x=box.centroid.x,
            label_y=box.centroid.y,
            area_m2=box.area,
        )
        Fact.objects.create(
            collaboration=cast.ekby,
            owner=cast.municipality,
            area=area,
            kind=FactKind.RESIDENTS,
            value=1000,
            valid_from=date(2020, 1, 1),
            source="Folkbokföringen, påhittad",
        )
    keys = dict(Area.objects.filter(version=version).values_list("code", "pk"))
    shapes = shape_texts(np.array(list(boxes.values()), dtype=object), crs=3006)
    properties = [{"id": keys[code], "code": code, "name": f"Kvarter {code}"} for code in boxes]
    AreaSetDrawing.objects.create(version=version, polygons=join_features(shapes, properties), outline=json.dumps({}))
    return version


def _square(col: int, row: int) -> shapely.Geometry:
    west, south = WEST + col * SQUARE_M, SOUTH + row * SQUARE_M
    return shapely.box(west, south, west + SQUARE_M, south + SQUARE_M)


def incidents(areas: AreaSetVersion) -> pl.DataFrame:
    """160 located events now and 160 before; beside them now one that is withheld and one without an hour."""
    rows = [*_period(areas, 2025, (TORG, STATION)), *_period(areas, 2024, (TORG, PARK))]
    rows += [
        incident("withheld", "2025-03-03", x=None, y=None, precision="none", source_type="Narkotika"),
        incident("dated", "2025-03-04", None, time_precision="day", source_type="Okänd typ", **_at(areas, *TORG)),
        incident(
            "interval",
            "2025-03-08",
            21,
            occurred_from=datetime(2025, 3, 8, 20, 30, tzinfo=UTC),
            occurred_to=datetime(2025, 3, 8, 22, 30, tzinfo=UTC),
            **_at(areas, *TORG),
        ),
    ]
    return frame(*rows)


def _period(areas: AreaSetVersion, year: int, hot: tuple[tuple[float, float], ...]) -> list[dict[str, Any]]:
    rows = []
    for x, y in hot:
        for k in range(N_SPOT):
            on = date(year, 1, 6) + timedelta(days=5 * k)
            rows.append(
                incident(f"{year}-{x}-{y}-{k}", on.isoformat(), 22, source_type="Narkotika", **_at(areas, x, y))
            )
    for k in range(N_SPREAD):
        x, y = WEST + 50 + 200 * (k % 10), SOUTH + 50 + 200 * (k // 10)
        on = date(year, 1, 1) + timedelta(days=k)
        rows.append(incident(f"{year}-spread-{k}", on.isoformat(), k % 24, **_at(areas, x, y)))
    return rows


def _at(areas: AreaSetVersion, x: float, y: float) -> dict[str, Any]:
    code = f"{'ABCD'[int((x - WEST) // SQUARE_M)]}{int((y - SOUTH) // SQUARE_M) + 1}"
    return {"x": x, "y": y, f"area_{areas.area_set_id}": _keys(areas)[code]}


def _keys(areas: AreaSetVersion) -> dict[str, int]:
    """Read once for each version: the frame asks for every incident."""
    if not hasattr(areas, "keys_by_code"):
        areas.keys_by_code = dict(Area.objects.filter(version=areas).values_list("code", "pk"))  # type: ignore[attr-defined]
    keys: dict[str, int] = areas.keys_by_code  # type: ignore[attr-defined]
    return keys
