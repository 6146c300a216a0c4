"""The areas, places, facts and base map of a world, stored through the actions of ``places``."""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from lagesbild.accounts.models import Collaboration, Organisation
from lagesbild.places import actions
from lagesbild.places.actions.facts import FactText
from lagesbild.places.actions.places import PlaceText
from lagesbild.places.ground import from_feature
from lagesbild.places.models import Area, Place
from lagesbild.worlds import queries
from lagesbild.worlds.description import AreaSetText, BaseLayerText, World


def load(world: World, collaboration: Collaboration, owner: Organisation) -> list[str]:
    """Everything on the ground; what was skipped is returned in words."""
    for text in world.area_sets:
        _load_area_set(text, collaboration, owner)
    skipped = []
    for order, layer in enumerate(world.base_layers):
        if not _load_base_layer(layer, collaboration, owner, order=order):
            skipped.append(
                _("{layer} was skipped: the data set may not be passed on and is not at {path}.").format(
                    layer=layer.name, path=settings.LAGESBILD["shared_data"] / str(layer.shared_file)
                )
            )
    for kind in world.place_types:
        actions.ensure_place_type(collaboration, kind.code, name=kind.name, name_en=kind.name_en, actor=None)
    if world.places:
        _load_places(world.places, collaboration, owner)
    for path in world.facts:
        _load_facts(path, collaboration, owner)
    return skipped


def _load_area_set(text: AreaSetText, collaboration: Collaboration, owner: Organisation) -> None:
    actions.import_areas(
        collaboration,
        owner,
        slug=text.slug,
        name=text.name,
        file=text.file,
        source=text.source,
        valid_from=text.valid_from,
        code_field=text.code,
        name_field=text.area_name,
        alias_fields=[text.alias] if text.alias else [],
        parent_set=text.parent_set,
        parent_field=text.parent_code,
        actor=None,
    )


def _load_base_layer(text: BaseLayerText, collaboration: Collaboration, owner: Organisation, *, order: int) -> bool:
    """Draw the layer. False if its file may only be read in place and is not there."""
    if text.file is not None:
        _draw(text, text.file, collaboration, owner, order=order)
        return True
    shared = settings.LAGESBILD["shared_data"] / str(text.shared_file)
    if not shared.is_file():
        return False
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{text.slug}.geojson"
        file.write_text(points_as_geojson(shared), encoding="utf-8")
        _draw(text, file, collaboration, owner, order=order)
    return True


def _draw(text: BaseLayerText, file: Path, collaboration: Collaboration, owner: Organisation, *, order: int) -> None:
    actions.ensure_base_layer(
        collaboration,
        owner,
        slug=text.slug,
        name=text.name,
        kind=text.kind,
        file=file,
        source=text.source,
        name_field="name",
        order=order,
        actor=None,
    )


def _load_places(path: Path, collaboration: Collaboration, owner: Organisation) -> None:
    for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
        told = feature["properties"]
        text = PlaceText(
            name=told["name"],
            municipality=told["municipality"],
            aliases=told["aliases"],
            types=told["types"],
            description=told["description"],
            source=told["source"],
        )
        ground = from_feature(feature, working_crs=collaboration.working_crs)
        actions.ensure_place(collaboration, owner, text, ground, actor=None)


def _load_facts(path: Path, collaboration: Collaboration, owner: Organisation) -> None:
    """The facts of a table that are not stored yet, each about its own area or place."""
    areas, places = queries.areas_by_code(collaboration), queries.places_by_name(collaboration)
    stored = queries.stored_facts(collaboration)
    missing: list[tuple[Area | Place, FactText]] = []
    with path.open(encoding="utf-8", newline="") as opened:
        for row in csv.DictReader(opened):
            text = fact_text(row)
            subject = places[row["place"]] if row["place"] else areas[row["area_set"], row["area_code"]]
            if queries.key_of(subject, text.kind, text.valid_from, text.source) not in stored:
                missing.append((subject, text))
    actions.record_facts(collaboration, owner, missing, actor=None)


def fact_text(row: Mapping[str, str]) -> FactText:
    """One row of a table of facts."""
    return FactText(
        kind=row["kind"],
        value=float(row["value"]),
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        source=row["source"],
        note=row["note"],
    )


def points_as_geojson(table: Path) -> str:
    """A table with ``lon``, ``lat`` and a name in its first columns as GeoJSON points."""
    with table.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    features = [
        {
            "type": "Feature",
            "properties": {"name": " – ".join(list(row.values())[:2])},
            "geometry": {"type": "Point", "coordinates": [float(row["lon"]), float(row["lat"])]},
        }
        for row in rows
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
