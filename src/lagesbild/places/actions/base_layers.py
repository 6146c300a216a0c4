"""The layers of the base map."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from django.db import transaction

from lagesbild.accounts.models import Collaboration, Organisation, SharingLevel, User
from lagesbild.core import audit
from lagesbild.places.drawing import draw_layer
from lagesbild.places.models import BaseLayer
from lagesbild.places.reading import file_digest, read_base_layer


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
