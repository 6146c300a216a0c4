"""Reports and what they need, stored through the ordinary actions."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any
from uuid import uuid4

from lagesbild.accounts.models import Membership
from lagesbild.core.geo import WGS_84, project
from lagesbild.fieldreports import actions
from lagesbild.fieldreports.models import FieldReport
from lagesbild.fieldreports.reporting import ReportText
from lagesbild.observations.actions import ensure_category
from lagesbild.places import actions as places
from lagesbild.places import ground
from lagesbild.places.actions.places import PlaceText
from lagesbild.places.models import Place
from tests.cast import Cast
from tests.places.builders import EAST, NORTH

NEW = "/c/ekby/fieldreports/new/"
LIST = "/c/ekby/fieldreports/"


def categories(cast: Cast) -> None:
    """Environment with lighting and litter below it; disorder; drugs."""
    for order, (code, parent) in enumerate(
        [
            ("environment", None),
            ("lighting", "environment"),
            ("litter", "environment"),
            ("order", None),
            ("drugs", None),
        ]
    ):
        ensure_category(
            cast.ekby,
            code,
            name=code.title(),
            name_en=code.title(),
            parent=parent,
            detection="mixed",
            order=order,
            actor=None,
        )


def at(dx: float = 0.0, dy: float = 0.0) -> dict[str, float]:
    """Longitude and latitude of a point so many metres from the middle of Ekby."""
    lon, lat = project([EAST + dx], [NORTH + dy], from_crs=3006, to_crs=WGS_84)
    return {"lon": float(lon[0]), "lat": float(lat[0])}


def a_report(
    who: Membership, category: str = "lighting", *, dx: float = 0.0, when: datetime | None = None, **more: Any
) -> FieldReport:
    """A report of somebody, at a point unless ``place_text`` says where."""
    where = {} if "place_text" in more else at(dx, 5.0)
    text = ReportText(category, occurred_from=when, **where, **more)
    return actions.send_report(who, text, client_id=uuid4()).report


def a_place(cast: Cast, name: str, *, dx: float = 0.0, radius_m: float = 50.0, **more: Any) -> Place:
    where = ground.circle(EAST + dx, NORTH, radius_m, crs=3006, working_crs=3006)
    return places.create_place(cast.anna, PlaceText(name, **more), where)


def typed(**change: Any) -> dict[str, Any]:
    """What the form posts for an ordinary report."""
    plain = {
        "client_id": str(uuid4()),
        "category": "lighting",
        "place_text": "under bron, Storgatan 24",
        "certainty": "seen",
        "note": "Lampan är trasig.",
        "sharing": "partners",
    }
    return {**plain, **change}


def picture(size: tuple[int, int] = (64, 48), *, kind: str = "JPEG", colour: str = "navy") -> io.BytesIO:
    """A small photo that tells where, when and with what it was taken, turned a quarter."""
    from PIL import Image

    image = Image.new("RGB", size, colour)
    tags = image.getexif()
    tags[0x0112] = 6  # a quarter turn to the right
    tags[0x010F] = "HEMLIG KAMERA"
    tags.get_ifd(0x8825)[2] = (59.0, 19.0, 48.0)
    written = io.BytesIO()
    image.save(written, kind, exif=tags, comment=b"HEMLIG KOMMENTAR") if kind == "JPEG" else image.save(written, kind)
    written.name = f"photo.{kind.lower()}"
    written.seek(0)
    return written
