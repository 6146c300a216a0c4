"""What the map draws: GeoJSON parts of a picture, and how its layers are described to the map module."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext

from lagesbild.picture import texts
from lagesbild.picture.content import AreaRow, AreaTable, HotSpot, PictureContent

Feature = dict[str, Any]


def map_parts(
    content: PictureContent, drawing: Mapping[str, Any] | None, reports: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """GeoJSON by layer. ``drawing`` is the area set as it is drawn; areas show only where there are no hot spots.

    ``reports`` are field reports as points, where they are shown.
    """
    found = content.hot_spots
    return {
        "density": _density(content),
        "hotspots": _collection([_spot(content, spot) for spot in found.spots] if found else []),
        "areas": _areas(content, drawing) if found is None and drawing and content.totals.n != 0 else _collection([]),
        "reports": reports or _collection([]),
    }


def map_config(content: PictureContent, address: str, *, reports: bool = False) -> dict[str, Any]:
    """For ``<lagesbild-map>``: the layers, lowest first, all from one address.

    A map of points and one of areas are two maps: what the legend says depends on it.
    """
    points = content.hot_spots is not None
    return {
        "label": gettext("Map of the picture"),
        "fit": "density" if points else "reports" if reports and content.totals.n == 0 else "areas",
        "layers": [
            *(_point_layers(address) if points else [_area_layer(content, address)]),
            *([_report_layer(address)] if reports else []),
        ],
    }


def map_sources(content: PictureContent, address: str, *, reports: bool = False) -> dict[str, str]:
    """Where each layer has its data."""
    return {layer["id"]: address for layer in map_config(content, address, reports=reports)["layers"]}


def _report_layer(address: str) -> dict[str, Any]:
    return {"id": "reports", "src": address, "kind": "circle", "title": gettext("Field reports")}


def _area_layer(content: PictureContent, address: str) -> dict[str, Any]:
    by_rate = has_rates(content.areas)
    return {
        "id": "areas",
        "src": address,
        "kind": "fill",
        "property": "value",
        "title": gettext("Events per 100,000 people and year") if by_rate else gettext("Number of events"),
        "lowest": 0,
    }


def _point_layers(address: str) -> list[dict[str, Any]]:
    density = {
        "id": "density",
        "src": address,
        "kind": "grid",
        "property": "value",
        "title": gettext("Events per km² in the period, smoothed"),
        "selectable": False,
        "opacity": 0.6,
    }
    return [density, {"id": "hotspots", "src": address, "kind": "hotspots", "title": gettext("Hot spots")}]


def has_rates(table: AreaTable | None) -> bool:
    """Whether areas are best coloured by rate: most have a known population."""
    rows = table.rows if table else ()
    return bool(rows) and sum(row.rate is not None for row in rows) * 2 > len(rows)


def _collection(features: list[Feature], **more: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": features, **more}


def _density(content: PictureContent) -> dict[str, Any]:
    classes = content.hot_spots.density if content.hot_spots else ()
    lowest = classes[0].low if classes else 0.0
    features = [
        {"type": "Feature", "properties": {"value": each.low, "high": each.high}, "geometry": each.geometry}
        for each in classes
    ]
    return _collection(features, breaks=[each.low for each in classes[1:]], lowest=lowest)


def _spot(content: PictureContent, spot: HotSpot) -> Feature:
    name = texts.spot_name(spot.name)
    return {
        "type": "Feature",
        "id": spot.rank,
        "properties": {
            "id": spot.rank,
            "rank": spot.rank,
            "status": spot.status or "persistent",
            "name": name,
            "title": f"{spot.rank}. {name}",
            "text": "\n".join(spot_lines(content, spot)),
            "label_lon": spot.lon,
            "label_lat": spot.lat,
        },
        "geometry": spot.geometry,
    }


def spot_lines(content: PictureContent, spot: HotSpot) -> list[str]:
    """A hot spot never appears without its support."""
    hidden = content.disclosure.threshold
    lines = [f"{texts.status(spot.status)} · {texts.events(spot.n, threshold=hidden)}"]
    if spot.change is not None:
        before = texts.count(spot.n_before, threshold=hidden)
        lines.append(
            gettext("{before} before: {change} ({interval})").format(
                before=before, change=texts.percent(spot.change), interval=texts.interval(spot.change)
            )
        )
        lines.append(gettext("p for the change, corrected: {p}").format(p=texts.p_value(spot.change.p_adjusted)))
    lines.append(gettext("p for the hot spot, corrected: {p}").format(p=texts.p_value(spot.p_adjusted)))
    return lines


def _areas(content: PictureContent, drawing: Mapping[str, Any]) -> dict[str, Any]:
    """Every area of the set: those without events too, so that empty is seen as empty."""
    rows = {row.id: row for row in content.areas.rows} if content.areas else {}
    by_rate = has_rates(content.areas)
    features = []
    for feature in drawing["features"]:
        pk, name = feature["id"], feature["properties"]["name"]
        row = rows.get(pk)
        empty = {"value": 0, "name": name, "title": name, "text": texts.events(0)}
        properties = _area_properties(content, row, by_rate=by_rate) if row else empty
        features.append({**feature, "properties": {"id": pk, **properties}})
    return _collection(features)


def _area_properties(content: PictureContent, row: AreaRow, *, by_rate: bool) -> dict[str, Any]:
    lines = [texts.events(row.n, threshold=content.disclosure.threshold)]
    if row.change is not None:
        lines.append(
            gettext("{before} before: {change} ({interval})").format(
                before=texts.count(row.n_before), change=texts.percent(row.change), interval=texts.interval(row.change)
            )
        )
    if row.rate is not None:
        lines.append(gettext("{rate} per 100,000 and year").format(rate=texts.rate(row)))
    return {"value": row.rate if by_rate else row.n, "name": row.name, "title": row.name, "text": "\n".join(lines)}
