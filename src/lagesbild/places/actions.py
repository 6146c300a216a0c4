"""Changes to area sets, places, facts and the base map: one function, one change, one transaction, one audit row."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import shapely
from django.db import transaction
from django.db.models import Max

from lagesbild.accounts.models import Collaboration, Organisation, SharingLevel, User
from lagesbild.core import audit, clock
from lagesbild.places import after, queries
from lagesbild.places.area_import import AreaFile, PlannedAreas, plan_areas, same_as
from lagesbild.places.drawing import draw_layer, join_features
from lagesbild.places.models import Area, AreaSet, AreaSetDrawing, AreaSetVersion, BaseLayer, PlaceType
from lagesbild.places.reading import RepairsNotAcceptedError, file_digest, read_base_layer


def import_areas(
    collaboration: Collaboration,
    owner: Organisation,
    *,
    slug: str,
    name: str,
    file: Path,
    source: str,
    valid_from: date | None,
    code_field: str,
    name_field: str,
    parent_set: str | None = None,
    parent_field: str | None = None,
    alias_fields: Sequence[str] = (),
    crs: str | int | None = None,
    layer: str | None = None,
    accept_repairs: bool = False,
    sharing: str = SharingLevel.PARTNERS,
    actor: User | None,
) -> AreaSetVersion:
    """Store the areas of a file as a new version of the set ``slug``, which is made if it does not exist.

    All or nothing: everything is read, checked and computed first and stored in one transaction. The same file read
    the same way as the current version changes nothing and returns that version. Parents are found in ``parent_set``
    by the code in ``parent_field``, or else by position.

    Raises
    ------
    UserError
        If the file cannot be used; `FileProblemsError` has every row, `RepairsNotAcceptedError` what to accept.
    """
    asked = AreaFile(
        file, code_field, name_field, parent_set, parent_field, tuple(alias_fields), str(crs) if crs else None, layer
    )
    current = queries.current_version(collaboration, slug)
    if current is not None and same_as(current, asked, file_digest(file)):
        return current
    planned = plan_areas(collaboration, asked, slug=slug)
    if planned.repairs and not accept_repairs:
        raise RepairsNotAcceptedError(planned.repairs)
    return store_areas(
        collaboration,
        owner,
        planned,
        file=asked,
        slug=slug,
        name=name,
        source=source,
        valid_from=valid_from,
        sharing=sharing,
        actor=actor,
    )


@transaction.atomic
def store_areas(
    collaboration: Collaboration,
    owner: Organisation,
    planned: PlannedAreas,
    *,
    file: AreaFile,
    slug: str,
    name: str,
    source: str,
    valid_from: date | None,
    sharing: str = SharingLevel.PARTNERS,
    actor: User | None,
) -> AreaSetVersion:
    """Write what was planned. Whoever comes second with the same file gets the first one's version."""
    area_set, _made = AreaSet.objects.select_for_update().get_or_create(
        collaboration=collaboration,
        slug=slug,
        defaults={"owner": owner, "name": name, "sharing": sharing, "parent_set": planned.parent_set},
    )
    current = queries.current_version(collaboration, slug)
    if current is not None and same_as(current, file, planned.read.file_sha256):
        return current
    if area_set.parent_set_id != (planned.parent_set.pk if planned.parent_set else None):
        area_set.parent_set = planned.parent_set
        area_set.save(update_fields=["parent_set"])
    version = AreaSetVersion.objects.create(
        area_set=area_set,
        number=(area_set.versions.aggregate(last=Max("number"))["last"] or 0) + 1,
        valid_from=valid_from,
        source=source,
        imported_crs=planned.read.crs,
        imported_at=clock.now(),
        file_sha256=planned.read.file_sha256,
        reading=file.reading(),
        repairs=[repair.to_dict() for repair in planned.repairs],
    )
    _store_rows(version, planned)
    _relink(version, planned.relinks)
    audit.record(
        "area_sets.imported",
        area_set,
        actor=actor,
        collaboration=collaboration.slug,
        version=version.number,
        areas=len(planned.read),
        repairs=len(planned.repairs),
    )
    transaction.on_commit(lambda: after.areas_changed(version))
    return version


def _store_rows(version: AreaSetVersion, planned: PlannedAreas) -> None:
    read = planned.read
    bounds = shapely.bounds(read.geometries).reshape(-1, 4)
    labels = shapely.point_on_surface(read.geometries)
    rows = [
        Area(
            version=version,
            code=read.codes[i],
            name=read.names[i],
            aliases=list(read.aliases[i]),
            parent_id=planned.parents[i],
            geometry=shapely.to_wkb(read.geometries[i]),
            min_x=bounds[i, 0],
            min_y=bounds[i, 1],
            max_x=bounds[i, 2],
            max_y=bounds[i, 3],
            label_x=labels[i].x,
            label_y=labels[i].y,
            area_m2=read.geometries[i].area,
        )
        for i in range(len(read))
    ]
    stored = Area.objects.bulk_create(rows, batch_size=500)
    properties = [{"id": area.pk, "code": area.code, "name": area.name} for area in stored]
    AreaSetDrawing.objects.create(
        version=version, polygons=join_features(planned.shapes, properties), outline=planned.outline
    )


def _relink(version: AreaSetVersion, codes: Mapping[int, str]) -> None:
    keys = dict(Area.objects.filter(version=version).values_list("code", "pk"))
    children = [Area(pk=area, parent_id=keys.get(code)) for area, code in codes.items()]
    Area.objects.bulk_update(children, ["parent"], batch_size=500)


@transaction.atomic
def ensure_place_type(
    collaboration: Collaboration, code: str, *, name: str, name_en: str = "", actor: User | None
) -> PlaceType:
    """The kind of place with this code, made if it does not exist."""
    kind, made = PlaceType.objects.get_or_create(
        collaboration=collaboration, code=code, defaults={"name": name, "name_en": name_en}
    )
    if made:
        audit.record("place_types.created", kind, actor=actor, collaboration=collaboration.slug)
    return kind


def ensure_base_layer(
    collaboration: Collaboration,
    owner: Organisation,
    *,
    slug: str,
    name: str,
    kind: str,
    file: Path,
    source: str,
    crs: str | int | None = None,
    name_field: str | None = None,
    layer: str | None = None,
    tolerance_m: float | None = None,
    order: int = 0,
    sharing: str = SharingLevel.PARTNERS,
    actor: User | None,
) -> BaseLayer:
    """The base layer with this slug, drawn from the file, simplified to at most a quarter of a megabyte.

    The same file drawn the same way changes nothing.
    """
    how = {"kind": kind, "crs": str(crs or ""), "name": name_field, "layer": layer, "tolerance": tolerance_m}
    digest = hashlib.sha256((file_digest(file) + json.dumps(how, sort_keys=True)).encode()).hexdigest()
    existing = BaseLayer.objects.filter(collaboration=collaboration, slug=slug, digest=digest).first()
    if existing is not None:
        return existing
    read = read_base_layer(
        file,
        working_crs=collaboration.working_crs,
        name_field=name_field,
        crs=str(crs) if crs else None,
        layer=layer,
    )
    geojson = draw_layer(read.geometries, read.names, crs=collaboration.working_crs, tolerance_m=tolerance_m)
    values = {"name": name, "kind": kind, "geojson": geojson, "digest": digest, "source": source, "order": order}
    return _store_base_layer(collaboration, slug, {**values, "owner": owner, "sharing": sharing}, actor=actor)


@transaction.atomic
def _store_base_layer(
    collaboration: Collaboration, slug: str, values: Mapping[str, object], *, actor: User | None
) -> BaseLayer:
    stored, made = BaseLayer.objects.update_or_create(collaboration=collaboration, slug=slug, defaults=values)
    code = "base_layers.created" if made else "base_layers.changed"
    audit.record(code, stored, actor=actor, collaboration=collaboration.slug)
    return stored
