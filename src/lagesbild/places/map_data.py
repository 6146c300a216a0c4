"""GeoJSON for the map. Everything was simplified when it was stored; here texts are joined, nothing is computed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from lagesbild.accounts.access import visible_to
from lagesbild.accounts.models import Membership
from lagesbild.places import queries
from lagesbild.places.models import AreaSetDrawing, AreaSetVersion, BaseLayer, BaseLayerKind

OPENING = '{"type":"FeatureCollection","features":['


@dataclass(frozen=True)
class BaseMap:
    """What the base map is made of; ``etag`` changes when any of it does."""

    versions: tuple[tuple[int, str], ...]  # (key of the version, its source)
    layers: tuple[tuple[int, str, str, str], ...]  # (key, kind, source, digest) in drawing order

    @property
    def etag(self) -> str:
        text = json.dumps([self.versions, self.layers])
        return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def base_map(membership: Membership) -> BaseMap:
    """What the member's base map is made of: two small queries."""
    versions = queries.current_versions(membership.collaboration, membership)
    layers = BaseLayer.objects.filter(visible_to(membership)).values_list("pk", "kind", "source", "digest")
    return BaseMap(tuple((version.pk, version.source) for version in versions), tuple(layers))


def base_map_json(base: BaseMap) -> str:
    """The map itself: layers below, then the outlines of the current areas. Two queries for the stored texts.

    Every feature has the property ``kind`` (land, water, line, point, area); ``sources`` says who made them.
    """
    texts = dict(BaseLayer.objects.filter(pk__in=[pk for pk, *_ in base.layers]).values_list("pk", "geojson"))
    outlines = AreaSetDrawing.objects.filter(version__in=[pk for pk, _source in base.versions])
    parts = [_of_kind(texts[pk], kind) for pk, kind, _source, _digest in _in_order(base)]
    parts += [_of_kind(text, "area") for text in outlines.order_by("version").values_list("outline", flat=True)]
    sources = dict.fromkeys(
        [source for _pk, _kind, source, _digest in base.layers] + [source for _pk, source in base.versions]
    )
    joined = ",".join(part for part in parts if part)
    return f'{OPENING}{joined}],"sources":{json.dumps([s for s in sources if s], ensure_ascii=False)}}}'


def area_polygons(version: AreaSetVersion, *, only: str = "") -> str:
    """The areas of a version as stored; each feature has the area's key as id, and ``code`` and ``name``.

    ``only`` is the key of the one area that is wanted.
    """
    polygons = AreaSetDrawing.objects.values_list("polygons", flat=True).get(version=version)
    if not only:
        return polygons
    features = [feature for feature in json.loads(polygons)["features"] if str(feature.get("id")) == only]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


def _in_order(base: BaseMap) -> list[tuple[int, str, str, str]]:
    kinds = list(BaseLayerKind.values)
    return sorted(base.layers, key=lambda layer: kinds.index(layer[1]))


def _of_kind(collection: str, kind: str) -> str:
    """The features of a stored collection, each with its kind put first among its properties."""
    features = collection.removeprefix(OPENING).removesuffix("]}")
    told = features.replace('"properties":{', f'"properties":{{"kind":"{kind}",')
    return told.replace(f'"kind":"{kind}",}}', f'"kind":"{kind}"}}')
