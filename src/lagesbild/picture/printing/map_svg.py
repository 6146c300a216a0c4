"""The map of a picture as a drawing for print: base map, density or areas, numbered hot spots, scale and north.

Hot spots differ by line and number, not by colour only. Takes geometry in longitude and latitude and draws it in
the collaboration's metres, so that the scale bar is true.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from xml.sax.saxutils import escape

import numpy as np
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from lagesbild.core import geo
from lagesbild.picture.content import HotSpot, PictureContent

WIDTH = 680
SHAPE = (0.55, 0.8)  # least and most height over width, so that map and heading share a page
MARGIN_SHARE = 0.06
LEAST_EXTENT_M = 400.0
DENSITY_COLOURS = ("#f6e8c3", "#f0c987", "#e39a5b", "#cb6240", "#8f2d2a")
AREA_COLOURS = ("#e8eef0", "#c3d8dd", "#8fb8c2", "#4f8d9d", "#0b5a6f")
UNKNOWN_COLOUR = "#ffffff"
STATUS_STROKE: Mapping[str | None, tuple[str, str]] = {
    "new": ("#8c1d40", ""),
    "persistent": ("#17232e", ""),
    "fading": ("#17232e", "5 4"),
    None: ("#17232e", ""),
}
BASE_STYLE: Mapping[str, str] = {
    "land": "fill:#f4f2ec;stroke:#cfcabd;stroke-width:0.6",
    "area": "fill:none;stroke:#c9c4b7;stroke-width:0.5",
    "water": "fill:#d5e6ee;stroke:#a9c8d6;stroke-width:0.5",
    "line": "fill:none;stroke:#b5b0a3;stroke-width:0.8",
    "point": "fill:#5b6b78;stroke:#ffffff;stroke-width:0.6",
}


@dataclass(frozen=True, kw_only=True)
class Backdrop:
    """What lies under the picture. Geometry in WGS 84; ``areas`` by the Area's primary key."""

    crs: int
    layers: tuple[tuple[str, BaseGeometry], ...] = ()
    areas: Mapping[int, BaseGeometry] = field(default_factory=dict)


class _Frame:
    """Metres → drawing units, with the y axis turned."""

    def __init__(self, bounds: tuple[float, float, float, float], crs: int) -> None:
        x0, y0, x1, y1 = _padded(bounds)
        self.crs = crs
        self.scale = WIDTH / (x1 - x0)
        self.width, self.height = (x1 - x0) * self.scale, (y1 - y0) * self.scale
        self.x0, self.y1 = x0, y1
        self.window = shapely.box(x0, y0, x1, y1)

    def path(self, geometry: BaseGeometry) -> str:
        """The outline of what is inside the frame, as SVG path data; empty when nothing is."""
        clipped = shapely.intersection(shapely.make_valid(geometry), self.window)
        return "".join(self._ring(ring) for ring in _rings(clipped))

    def at(self, x: float, y: float) -> tuple[float, float]:
        return round((x - self.x0) * self.scale, 1), round((self.y1 - y) * self.scale, 1)

    def _ring(self, ring: BaseGeometry) -> str:
        points = shapely.get_coordinates(ring)
        drawn = np.round(np.column_stack([(points[:, 0] - self.x0), (self.y1 - points[:, 1])]) * self.scale, 1)
        text = "L".join(f"{x:g} {y:g}" for x, y in drawn)
        return f"M{text}{'Z' if shapely.is_closed(ring) else ''}"


def draw_map(content: PictureContent, backdrop: Backdrop, *, legend: Sequence[str], title: str) -> str | None:
    """The drawing, or None when the picture has nothing to put on a map.

    ``legend`` holds the texts of the classes, lowest first.
    """
    metres = {key: _metres(geometry, backdrop.crs) for key, geometry in backdrop.areas.items()}
    bounds = _bounds(content, metres, backdrop.crs)
    if bounds is None:
        return None
    frame = _Frame(bounds, backdrop.crs)
    parts = [f'<rect width="{frame.width:.0f}" height="{frame.height:.0f}" fill="#fbfaf6"/>']
    layers = [(kind, _metres(geometry, backdrop.crs)) for kind, geometry in backdrop.layers]
    parts += _base(frame, [layer for layer in layers if layer[0] in ("land", "water")])
    if content.hot_spots is None:
        parts += _choropleth(frame, content, metres)
    else:
        parts += _density(frame, content)
    parts += _base(frame, [layer for layer in layers if layer[0] not in ("land", "water")])
    if content.hot_spots is not None:
        parts += [part for spot in reversed(content.hot_spots.spots) for part in _spot(frame, spot)]
    parts += _scale_bar(frame)
    parts += _legend(frame, legend, DENSITY_COLOURS if content.hot_spots is not None else AREA_COLOURS)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {frame.width:.0f} {frame.height:.0f}" '
        f'width="{frame.width:.0f}" height="{frame.height:.0f}" font-family="Libertinus Serif, Calibri, serif">'
        f"<title>{escape(title)}</title>{''.join(parts)}</svg>"
    )


def area_classes(content: PictureContent) -> list[tuple[float, float]]:
    """Limits of the classes of the areas' values (rate where there is one, else count): equal numbers of areas."""
    values = sorted(value for _, value in _area_values(content) if value is not None)
    if not values:
        return []
    edges = np.unique(np.quantile(values, np.linspace(0, 1, len(AREA_COLOURS) + 1)))
    if len(edges) == 1:
        return [(float(edges[0]), float(edges[0]))]
    return [(float(low), float(high)) for low, high in pairwise(edges)]


def _area_values(content: PictureContent) -> list[tuple[int, float | None]]:
    if content.areas is None:
        return []
    rates = any(row.rate is not None for row in content.areas.rows)
    return [(row.id, row.rate if rates else row.n) for row in content.areas.rows]


def _choropleth(frame: _Frame, content: PictureContent, shapes: Mapping[int, BaseGeometry]) -> list[str]:
    classes = area_classes(content)
    drawn = []
    for key, value in _area_values(content):
        if key not in shapes:
            continue
        colour = UNKNOWN_COLOUR if value is None or not classes else AREA_COLOURS[_class_of(value, classes)]
        drawn.append(f'<path d="{frame.path(shapes[key])}" fill="{colour}" stroke="#7d8a94" stroke-width="0.4"/>')
    return drawn


def _class_of(value: float, classes: Sequence[tuple[float, float]]) -> int:
    return min(sum(value > high for _, high in classes[:-1]), len(classes) - 1)


def _density(frame: _Frame, content: PictureContent) -> list[str]:
    assert content.hot_spots is not None
    return [
        f'<path d="{frame.path(_metres(shape(each.geometry), frame.crs))}" fill="{DENSITY_COLOURS[number]}" '
        'fill-opacity="0.8" fill-rule="evenodd"/>'
        for number, each in enumerate(content.hot_spots.density[: len(DENSITY_COLOURS)])
    ]


def _spot(frame: _Frame, spot: HotSpot) -> list[str]:
    colour, dash = STATUS_STROKE[spot.status]
    outline = frame.path(_metres(shape(spot.geometry), frame.crs))
    x, y = (float(value[0]) for value in geo.project([spot.lon], [spot.lat], from_crs=geo.WGS_84, to_crs=frame.crs))
    px, py = frame.at(x, y)
    return [
        f'<path d="{outline}" fill="none" stroke="#ffffff" stroke-width="4" stroke-opacity="0.8"/>',
        f'<path d="{outline}" fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"/>',
        f'<circle cx="{px}" cy="{py}" r="9" fill="{colour}" stroke="#ffffff" stroke-width="1.5"/>',
        f'<text x="{px}" y="{py + 4}" text-anchor="middle" font-size="11" font-weight="bold" fill="#ffffff">'
        f"{spot.rank}</text>",
    ]


def _base(frame: _Frame, layers: Iterable[tuple[str, BaseGeometry]]) -> list[str]:
    drawn = []
    for kind, geometry in layers:
        if kind == "point":
            inside = shapely.intersection(geometry, frame.window)
            drawn += [
                '<circle cx="{}" cy="{}" r="2.2" style="{}"/>'.format(*frame.at(x, y), BASE_STYLE["point"])
                for x, y in shapely.get_coordinates(inside)
            ]
        elif path := frame.path(geometry):
            drawn.append(f'<path d="{path}" style="{BASE_STYLE[kind]}"/>')
    return drawn


def _scale_bar(frame: _Frame) -> list[str]:
    length_m = _round_length(frame.width / frame.scale / 5)
    length = length_m * frame.scale
    x, y = 14, frame.height - 16
    label = f"{length_m:g} m" if length_m < 1000 else f"{length_m / 1000:g} km"
    return [
        f'<rect x="{x - 6}" y="{y - 20}" width="{length + 12:.1f}" height="28" fill="#ffffff" fill-opacity="0.85"/>',
        f'<path d="M{x} {y - 4}v4h{length:.1f}v-4" fill="none" stroke="#17232e" stroke-width="1.2"/>',
        f'<text x="{x + length / 2:.1f}" y="{y - 6}" text-anchor="middle" font-size="10" fill="#17232e">{label}</text>',
    ]


def _legend(frame: _Frame, texts: Sequence[str], colours: Sequence[str]) -> list[str]:
    if not texts:
        return []
    height, width = 15 * len(texts) + 10, 16 + 6.2 * max(len(text) for text in texts) + 16
    x, y = frame.width - width - 8, 8
    drawn = [f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{height}" fill="#ffffff" fill-opacity="0.88"/>']
    for number, text in enumerate(texts):
        top = y + 6 + 15 * number
        drawn.append(
            f'<rect x="{x + 6:.1f}" y="{top}" width="12" height="11" fill="{colours[number % len(colours)]}" '
            f'stroke="#7d8a94" stroke-width="0.4"/><text x="{x + 23:.1f}" y="{top + 9}" font-size="10" '
            f'fill="#17232e">{escape(text)}</text>'
        )
    return drawn


def _round_length(length_m: float) -> float:
    """1, 2 or 5 times a power of ten, at most ``length_m``."""
    power = 10.0 ** math.floor(math.log10(length_m))
    return max(step * power for step in (1, 2, 5) if step * power <= length_m * (1 + 1e-9))


def _bounds(
    content: PictureContent, areas: Mapping[int, BaseGeometry], crs: int
) -> tuple[float, float, float, float] | None:
    if content.hot_spots is not None:
        shown = [shape(spot.geometry) for spot in content.hot_spots.spots]
        shown += [shape(each.geometry) for each in content.hot_spots.density]
        geometries = [_metres(geometry, crs) for geometry in shown]
    else:
        geometries = [areas[key] for key, _ in _area_values(content) if key in areas]
    geometries = [geometry for geometry in geometries if not geometry.is_empty]
    if not geometries:
        return None
    x0, y0, x1, y1 = shapely.total_bounds(geometries)
    return float(x0), float(y0), float(x1), float(y1)


def _padded(bounds: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = bounds
    width, height = max(x1 - x0, LEAST_EXTENT_M), max(y1 - y0, LEAST_EXTENT_M)
    margin = MARGIN_SHARE * max(width, height)
    width, height = width + 2 * margin, height + 2 * margin
    width, height = max(width, height / SHAPE[1]), max(height, width * SHAPE[0])
    cx, cy = (x0 + x1) / 2, (y0 + y1) / 2
    return cx - width / 2, cy - height / 2, cx + width / 2, cy + height / 2


def _metres(geometry: BaseGeometry, crs: int) -> BaseGeometry:
    return geo.project_geometry(geometry, from_crs=geo.WGS_84, to_crs=crs)


def _rings(geometry: BaseGeometry) -> list[BaseGeometry]:
    """Every line of the geometry: outer and inner rings of polygons, lines as they are; points are left out."""
    rings: list[BaseGeometry] = []
    for part in shapely.get_parts(geometry):
        if part.geom_type == "Polygon" and not part.is_empty:
            rings += [part.exterior, *part.interiors]
        elif part.geom_type in ("LineString", "LinearRing"):
            rings.append(part)
        elif part.geom_type.startswith(("Multi", "Geometry")):
            rings += _rings(part)
    return rings
