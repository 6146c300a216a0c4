"""The areas, places, facts and base map of a world, stored through the actions of ``places``."""

from __future__ import annotations

import csv
import json
import tempfile
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from lagesbild.accounts.models import Collaboration, Organisation
from lagesbild.places import actions
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
