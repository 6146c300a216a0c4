"""Coordinates as people type them: one point a line, in the usual Swedish order and spellings. Pure."""

from __future__ import annotations

import re

import numpy as np
import shapely
from django.utils.translation import gettext_lazy as _

from lagesbild.core.errors import UserError
from lagesbild.places import ground
from lagesbild.places.ground import Ground
from lagesbild.places.reading.crs import inside_region, parse_crs

NUMBER = re.compile(r"[-−]?\d+(?:[.,]\d+)?")
MOST_LINES = 2_000


def typed_ground(text: str, *, crs: int, radius_m: float | None, working_crs: int) -> Ground:
    """One line is the middle of a circle and needs a radius; three or more are the corners of a polygon."""
    points = typed_points(text, crs=crs, working_crs=working_crs)
    if len(points) == 1:
        if radius_m is None:
            raise UserError(
                "places.no_radius", _("Give the radius in metres, or write at least three corners."), "radius_m"
            )
        return ground.circle(*points[0], radius_m, crs=crs, working_crs=working_crs)
    if len(points) < 3:
        raise UserError("places.two_points", _("Two points are no area: write at least three corners."), "coordinates")
    return ground.polygon(shapely.Polygon(points), crs=crs, working_crs=working_crs)


def typed_points(text: str, *, crs: int, working_crs: int) -> list[tuple[float, float]]:
    """(east, north) or (longitude, latitude) of each line.

    Lines are north before east, as Swedish maps write; if that lies outside the region for all of them and the other
    order does not, they are taken in the other order.
    """
    lines = [line for line in text.splitlines() if line.strip()][: MOST_LINES + 1]
    if not lines or len(lines) > MOST_LINES:
        raise UserError(
            "places.no_points", _("Write at most {most} points, one a line."), "coordinates", most=MOST_LINES
        )
    pairs = np.array([_pair(line, number) for number, line in enumerate(lines, start=1)])
    north, east = pairs[:, 0], pairs[:, 1]
    system = parse_crs(crs)
    if not inside_region(east, north, system, working_crs=working_crs).any() and (
        inside_region(north, east, system, working_crs=working_crs).all()
    ):
        north, east = east, north
    return list(zip(east.tolist(), north.tolist(), strict=True))


def _pair(line: str, number: int) -> tuple[float, float]:
    found = NUMBER.findall(line)
    if len(found) == 1 and "," in found[0]:  # 6580743,674315: the comma stands between, not within
        found = found[0].split(",")
    if len(found) != 2:
        raise UserError(
            "places.not_a_point",
            _("Line {number}: “{line}” is not two numbers. Write 6580743, 674315 or 59.3323, 18.0640."),
            "coordinates",
            number=number,
            line=line.strip()[:60],
        )
    north, east = (float(each.replace(",", ".").replace("−", "-")) for each in found)
    return north, east
