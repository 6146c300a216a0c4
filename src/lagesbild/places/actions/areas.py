"""Storing the areas of a file as a new version of their set."""

from __future__ import annotations

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
from lagesbild.places.drawing import join_features
from lagesbild.places.models import Area, AreaSet, AreaSetDrawing, AreaSetVersion
from lagesbild.places.reading import RepairsNotAcceptedError, file_digest


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
