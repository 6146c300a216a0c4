"""Reads of the picture: the ground that it stands on, populations, shapes of areas."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

import shapely
from django.db.models import BinaryField, CharField, Count, Exists, F, FloatField, IntegerField, OuterRef, Q, Value
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from lagesbild.accounts.access import visible_to
from lagesbild.accounts.models import Collaboration, Membership, SharingLevel
from lagesbild.observations.categories import CategoryMapping, CategoryNode
from lagesbild.observations.models import Category, Source
from lagesbild.picture.content import CaveatFact
from lagesbild.picture.ground import AreaNode, AreaSetRow, CaveatRow, Ground, PlaceRow, Populations, SourceRow
from lagesbild.picture.models import FrozenPicture, PictureComment
from lagesbild.places.models import Area, AreaSet, AreaSetDrawing, AreaSetVersion, BaseLayer, Fact, FactKind, Place

MOST_BESIDE = 60
CAVEAT_FIELDS = ("text", "text_en", "citation", "from_on", "to_on")
POPULATION_KINDS = (FactKind.RESIDENTS, FactKind.AMBIENT)


def ground(collaboration: Collaboration, membership: Membership | None) -> Ground:
    """Everything a picture stands on, as this member may see it; None is the server itself. Three queries."""
    sees = Q(collaboration=collaboration) if membership is None else visible_to(membership)
    sources, pairs, source_caveats = _sources(sees)
    nodes, category_caveats = _categories(collaboration)
    area_sets, places = _where(sees)
    return Ground(
        slug=collaboration.slug,
        name=collaboration.name,
        working_crs=collaboration.working_crs,
        time_zone=collaboration.time_zone,
        mapping=CategoryMapping(nodes, pairs),
        sources=sources,
        caveats=(*category_caveats, *source_caveats),
        area_sets=area_sets,
        places=places,
    )


def _sources(sees: Q) -> tuple[tuple[SourceRow, ...], tuple[tuple[str, str, str], ...], tuple[CaveatRow, ...]]:
    """Sources, what their types are mapped to, and their reservations: one joined query, taken apart."""
    rows = (
        Source.objects.filter(sees)
        .order_by("slug", "type_mappings__source_type", "caveats__pk")
        .values(
            *("pk", "slug", "name", "owner__name", "owner_id", "sharing", "is_exercise"),
            *("type_mappings__source_type", "type_mappings__category__code"),
            *("caveats__pk", "caveats__category__code"),
            *(f"caveats__{field}" for field in CAVEAT_FIELDS),
        )
    )
    sources: dict[str, SourceRow] = {}
    pairs: dict[tuple[str, str], str] = {}
    caveats: dict[int, CaveatRow] = {}
    for row in rows:
        slug, source_type = row["slug"], row["type_mappings__source_type"]
        sources.setdefault(slug, _source(row))
        if source_type is not None:
            pairs[slug, source_type] = row["type_mappings__category__code"]
        if row["caveats__pk"] is not None:
            category = row["caveats__category__code"] or ""
            caveats[row["caveats__pk"]] = _caveat(row, about=(row["name"], row["name"]), category=category, source=slug)
    mapped = tuple((source, source_type, code) for (source, source_type), code in pairs.items())
    return tuple(sources.values()), mapped, tuple(caveats.values())


def _source(row: dict[str, Any]) -> SourceRow:
    same = {name: row[name] for name in ("slug", "name", "owner_id", "sharing", "is_exercise")}
    return SourceRow(id=row["pk"], owner=row["owner__name"], **same)


def _categories(collaboration: Collaboration) -> tuple[tuple[CategoryNode, ...], tuple[CaveatRow, ...]]:
    """The tree, and the reservations about categories in every source."""
    rows = (
        Category.objects.filter(collaboration=collaboration)
        .order_by("order", "name", "caveats__pk")
        .values(
            *("code", "name", "name_en", "parent__code", "detection", "caveats__pk", "caveats__source"),
            *(f"caveats__{field}" for field in CAVEAT_FIELDS),
        )
    )
    nodes: dict[str, CategoryNode] = {}
    caveats: dict[int, CaveatRow] = {}
    for row in rows:
        code, about = row["code"], (row["name"], row["name_en"] or row["name"])
        nodes[code] = CategoryNode(code, row["name"], row["name_en"], row["parent__code"], row["detection"])
        if row["caveats__pk"] is not None and row["caveats__source"] is None:
            caveats[row["caveats__pk"]] = _caveat(row, about=about, category=code, source="")
    return tuple(nodes.values()), tuple(caveats.values())


def _caveat(row: dict[str, Any], *, about: tuple[str, str], category: str, source: str) -> CaveatRow:
    facts = {name: row[f"caveats__{name}"] for name in CAVEAT_FIELDS}
    return CaveatRow(category=category, source=source, fact=CaveatFact(about=about[0], about_en=about[1], **facts))


def _where(sees: Q) -> tuple[tuple[AreaSetRow, ...], tuple[PlaceRow, ...]]:
    """Areas of the current versions, and places in use, in one query."""
    newer = AreaSetVersion.objects.filter(
        area_set=OuterRef("version__area_set"), number__gt=OuterRef("version__number")
    )
    areas = (
        Area.objects.filter(~Exists(newer), version__area_set__in=AreaSet.objects.filter(sees))
        .annotate(
            kind=Value("area"),
            parent_name=F("parent__name"),
            set_id=F("version__area_set_id"),
            set_slug=F("version__area_set__slug"),
            set_name=F("version__area_set__name"),
            number=F("version__number"),
            at_x=F("label_x"),
            at_y=F("label_y"),
            reach=Value(None, output_field=FloatField()),
            shape_wkb=Value(None, output_field=BinaryField()),
        )
        .order_by()
        .values_list(*_AREA_COLUMNS)
    )
    places = (
        Place.objects.filter(sees, retired_on=None)
        .annotate(
            kind=Value("place"),
            code=Value("", output_field=CharField()),
            parent_name=Value("", output_field=CharField()),
            set_id=Value(0, output_field=IntegerField()),
            set_slug=Value("", output_field=CharField()),
            set_name=Value("", output_field=CharField()),
            version_id=Value(0, output_field=IntegerField()),
            number=Value(0, output_field=IntegerField()),
            at_x=F("x"),
            at_y=F("y"),
            reach=F("radius_m"),
            shape_wkb=F("geometry"),
        )
        .order_by()
        .values_list(*_AREA_COLUMNS)
    )
    rows = list(areas.union(places, all=True))
    return _area_sets(rows), _places(rows)


_AREA_COLUMNS = (
    *("kind", "pk", "code", "name", "parent_name", "set_id", "set_slug", "set_name", "version_id", "number"),
    *("at_x", "at_y", "reach", "shape_wkb"),
)


def _area_sets(rows: Iterable[tuple[Any, ...]]) -> tuple[AreaSetRow, ...]:
    sets: dict[int, AreaSetRow] = {}
    areas: dict[int, list[AreaNode]] = {}
    for kind, pk, code, name, parent, set_id, slug, set_name, version_id, number, *_ in rows:
        if kind == "area":
            sets[set_id] = AreaSetRow(id=set_id, slug=slug, name=set_name, version_id=version_id, version=number)
            areas.setdefault(set_id, []).append(AreaNode(id=pk, code=code, name=name, parent=parent or ""))
    return tuple(
        AreaSetRow(**{**vars(sets[key]), "areas": tuple(sorted(areas[key], key=lambda area: (area.name, area.code)))})
        for key in sorted(sets)
    )


def _places(rows: Iterable[tuple[Any, ...]]) -> tuple[PlaceRow, ...]:
    found = [
        PlaceRow(id=row[1], name=row[3], x=row[10], y=row[11], radius_m=row[12], wkb=_wkb(row[12], row[13]))
        for row in rows
        if row[0] == "place"
    ]
    return tuple(sorted(found, key=lambda place: (place.name, place.id)))


def _wkb(radius_m: float | None, geometry: bytes | memoryview) -> str:
    """A circle needs no polygon."""
    return "" if radius_m else bytes(geometry).hex()


def areas_of_versions(version_ids: Collection[int]) -> dict[int, tuple[AreaNode, ...]]:
    """The areas of versions that need not be current any longer, for frozen pictures."""
    found: dict[int, list[AreaNode]] = {pk: [] for pk in version_ids}
    rows = Area.objects.filter(version__in=version_ids).values_list("version", "pk", "code", "name", "parent__name")
    for version, pk, code, name, parent in rows:
        found[version].append(AreaNode(id=pk, code=code, name=name, parent=parent or ""))
    return {pk: tuple(sorted(areas, key=lambda area: (area.name, area.code))) for pk, areas in found.items()}


def populations(version_id: int, on: date) -> Populations | None:
    """Who may be counted per, in each area on a day: residents before people present. One query."""
    rows = (
        Fact.objects.filter(area__version=version_id, kind__in=POPULATION_KINDS, valid_from__lte=on)
        .filter(Q(valid_to=None) | Q(valid_to__gt=on))
        .order_by("valid_from", "pk")
        .values_list("kind", "area", "value", "source", "valid_from")
    )
    by_kind: dict[str, list[tuple[int, float, str, date]]] = {}
    for kind, area, value, source, valid_from in rows:
        by_kind.setdefault(kind, []).append((area, value, source, valid_from))
    for kind in POPULATION_KINDS:
        if facts := by_kind.get(kind):
            newest = facts[-1]
            values = {str(area): value for area, value, _source, _from in facts}
            return Populations(kind=kind, source=newest[2], on=newest[3], values=values)
    return None


def shapes_of(area_ids: Collection[int]) -> dict[int, BaseGeometry]:
    """Boundaries by area, in working coordinates."""
    rows = Area.objects.filter(pk__in=area_ids).values_list("pk", "geometry")
    return {pk: shapely.from_wkb(bytes(geometry)) for pk, geometry in rows}


def drawing_of(version_id: int) -> dict[str, Any] | None:
    """The areas of a version as the map draws them; each feature has its area's id, code and name. One query."""
    text = AreaSetDrawing.objects.filter(version=version_id).values_list("polygons", flat=True).first()
    drawing: dict[str, Any] | None = json.loads(text) if text else None
    return drawing


def drawn_shapes(version_id: int) -> dict[int, BaseGeometry]:
    """The areas of a version as they are drawn, in WGS 84, by area. One query."""
    drawing = drawing_of(version_id)
    return {each["id"]: shape(each["geometry"]) for each in drawing["features"]} if drawing else {}


def frozen_versions(collaboration: Collaboration) -> set[int]:
    """Every data version that a frozen picture rests on."""
    versions = FrozenPicture.objects.filter(collaboration=collaboration).values_list("data_version", flat=True)
    return {version for version in versions if version is not None}


def frozen_pictures(membership: Membership) -> list[FrozenPicture]:
    """The frozen pictures that the member may see, newest first, without their content. Two queries."""
    pictures = FrozenPicture.objects.filter(visible_to(membership)).select_related("owner", "created_by")
    seen = set(Source.objects.filter(visible_to(membership)).values_list("slug", flat=True))
    listed = pictures.defer("content").annotate(n_comments=Count("comments", distinct=True))
    return [picture for picture in listed if set(picture.parameters.get("borrowed", [])) <= seen]


def frozen_beside(membership: Membership, sharing: str) -> list[FrozenPicture]:
    """Pictures with hidden numbers that somebody may see who sees one of this sharing, newest first. One query.

    Also some that the member may not see: their content is for a check, not to be shown.
    """
    pictures = FrozenPicture.objects.filter(collaboration=membership.collaboration)
    if sharing == SharingLevel.OWN:
        pictures = pictures.filter(~Q(sharing=SharingLevel.OWN) | Q(owner=membership.organisation))
    return [picture for picture in pictures if picture.parameters.get("threshold")][:MOST_BESIDE]


def frozen_seen(membership: Membership, pk: int) -> FrozenPicture | None:
    """A frozen picture whose sharing lets the member see it, or None."""
    return FrozenPicture.objects.filter(visible_to(membership), pk=pk).select_related("owner").first()


def comments_on(membership: Membership, picture: FrozenPicture) -> list[PictureComment]:
    """What the actors say of a picture, as far as the member may see, oldest first. One query."""
    return list(
        PictureComment.objects.filter(visible_to(membership), picture=picture)
        .select_related("function__organisation", "created_by")
        .order_by("created_at", "pk")
    )


def latest_alike(membership: Membership, ask: Mapping[str, Any]) -> FrozenPicture | None:
    """The newest picture that asked the same but for the period: the one to compare with."""
    return next((picture for picture in frozen_pictures(membership) if alike(picture.parameters["ask"], ask)), None)


def alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """The same question, whatever the period."""

    def timeless(ask: Mapping[str, Any]) -> dict[str, Any]:
        filters = {name: value for name, value in ask["filters"].items() if name not in ("from_on", "to_on")}
        return {**ask, "filters": filters}

    return timeless(one) == timeless(other)


def base_shapes(collaboration: Collaboration, sees: Q) -> tuple[tuple[str, BaseGeometry], ...]:
    """The base map for print: kind and shape of each layer, in WGS 84. One query."""
    rows = BaseLayer.objects.filter(sees, collaboration=collaboration).values_list("kind", "geojson")
    return tuple((kind, shapely.from_geojson(geojson)) for kind, geojson in rows)
