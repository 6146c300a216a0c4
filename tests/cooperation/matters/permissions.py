"""Who may ask for the addresses of matters."""

from __future__ import annotations

from typing import Any

from lagesbild.accounts.access import Capability
from lagesbild.cooperation.actions.plan import ActionText, create_action
from lagesbild.cooperation.actions.raising import MatterText, raise_matter
from lagesbild.cooperation.models import Forum, ForumLevel, Matter
from tests.architecture.permission_matrix import Row
from tests.cast import Cast


def _matter(cast: Cast) -> Matter:
    """A matter of the municipality, in a forum where only the municipality sits."""
    forum = Forum.objects.create(
        collaboration=cast.ekby,
        owner=cast.municipality,
        slug="arenden",
        name="Ärendeforum",
        level=ForumLevel.OPERATIONAL,
        convenor=cast.anna.function,
        is_entry=True,
    )
    return raise_matter(cast.anna, MatterText(title="Lampan"), forum=forum)


def _number(cast: Cast) -> dict[str, Any]:
    return {"number": _matter(cast).number}


def _deed(cast: Cast) -> dict[str, Any]:
    return {"number": _matter(cast).number, "code": "note"}


def _action(cast: Cast) -> dict[str, Any]:
    text = ActionText("Byt lampan", cast.municipality)
    return {"number": create_action(cast.anna, text, matter=_matter(cast)).number}


def _turn(cast: Cast) -> dict[str, Any]:
    return {**_action(cast), "code": "start"}


READ, REPORT, COOPERATE = Capability.READ, Capability.REPORT, Capability.COOPERATE
# What one raised is one's own: nobody else finds it, whatever the role.
NOT_MINE = {"dag": 404, "bo": 404, "eva": 404, "ada": 404}

ROWS = {
    "cooperation:matters": Row(get=READ),
    "cooperation:matters_csv": Row(get=READ),
    "cooperation:matters_geojson": Row(get=READ),
    "cooperation:matters_mine": Row(get=READ),
    "cooperation:matter_raise": Row(get=REPORT, post=REPORT),
    "cooperation:matter": Row(get=READ, kwargs=_number),
    "cooperation:matter_join": Row(post=REPORT, kwargs=_number),
    "cooperation:matter_deed": Row(get=COOPERATE, post=COOPERATE, owners_only=True, kwargs=_deed),
    "cooperation:action": Row(get=READ, kwargs=_action),
    "cooperation:action_turn": Row(post=REPORT, owners_only=True, kwargs=_turn),
    "cooperation:raised": Row(get=READ, kwargs=_number, expected=NOT_MINE),
    "cooperation:matter_answer": Row(post=READ, kwargs=_number, expected=NOT_MINE),
}
