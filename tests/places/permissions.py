"""Who may ask for the addresses of places."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from lagesbild.accounts.access import Capability
from lagesbild.places import actions, ground
from lagesbild.places.actions.facts import FactText
from lagesbild.places.actions.places import PlaceText
from lagesbild.places.models import Fact, Place
from tests.architecture.permission_matrix import Row
from tests.cast import Cast
from tests.places.builders import EAST, NORTH, a_board


def a_place(cast: Cast, name: str = "Stortorget") -> Place:
    """A place of Ekby, owned by the municipality."""
    where = ground.circle(EAST, NORTH, 50, crs=3006, working_crs=3006)
    return actions.create_place(cast.anna, PlaceText(name), where)


def _place(cast: Cast) -> dict[str, Any]:
    return {"pk": a_place(cast).pk}


def _fact(cast: Cast) -> dict[str, Any]:
    text = FactText("residents", 10, date(2026, 1, 1), "A count")
    fact: Fact = actions.record_fact(cast.anna, a_place(cast), text)
    return {"pk": fact.pk}


def _area_set(cast: Cast) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        return {"slug": a_board(cast, Path(folder)).area_set.slug}


def _area(cast: Cast) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        version = a_board(cast, Path(folder))
    return {"slug": version.area_set.slug, "pk": version.areas.order_by("code")[0].pk}


READ, EDIT = Capability.READ, Capability.EDIT_PLACES

# An upload belongs to the one who made it: nobody else finds it, whatever the role.
NOT_MINE = {"anna": 404, "eva": 404, "ada": 404}

ROWS = {
    "places:base_map": Row(get=READ),
    "places:places": Row(get=READ),
    "places:places_geojson": Row(get=READ),
    "places:places_csv": Row(get=READ),
    "places:place": Row(get=READ, kwargs=_place),
    "places:place_new": Row(get=EDIT, post=EDIT),
    "places:place_edit": Row(get=EDIT, post=EDIT, owners_only=True, kwargs=_place),
    "places:place_retire": Row(post=EDIT, owners_only=True, kwargs=_place),
    "places:place_fact_add": Row(post=EDIT, kwargs=_place),
    "places:fact_remove": Row(post=EDIT, owners_only=True, kwargs=_fact),
    "places:area_sets": Row(get=READ),
    "places:area_set": Row(get=READ, kwargs=_area_set),
    "places:area_geojson": Row(get=READ, kwargs=_area_set),
    "places:area_csv": Row(get=READ, kwargs=_area_set),
    "places:area": Row(get=READ, kwargs=_area),
    "places:area_fact_add": Row(post=EDIT, kwargs=_area),
    "places:areas_import": Row(get=EDIT, post=EDIT),
    "places:areas_import_check": Row(get=EDIT, post=EDIT, kwargs=lambda _cast: {"token": "0" * 32}, expected=NOT_MINE),
}
