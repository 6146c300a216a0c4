"""Who may ask for the addresses of the action plan."""

from __future__ import annotations

from typing import Any

from lagesbild.accounts.access import Capability
from lagesbild.cooperation.actions.plan import ActionText, create_action
from lagesbild.cooperation.models import Action, Evidence, Forum, ForumLevel
from tests.architecture.permission_matrix import Row
from tests.cast import Cast

READ, REPORT, COOPERATE = Capability.READ, Capability.REPORT, Capability.COOPERATE


def _action(cast: Cast) -> Action:
    """An action of the municipality, in a forum where only the municipality sits."""
    forum = Forum.objects.create(
        collaboration=cast.ekby,
        owner=cast.municipality,
        slug="planforum",
        name="Planforum",
        level=ForumLevel.OPERATIONAL,
        convenor=cast.anna.function,
    )
    return create_action(cast.anna, ActionText("Lampan", cast.municipality), forum=forum)


def _number(cast: Cast) -> dict[str, Any]:
    return {"number": _action(cast).number}


def _evidence(cast: Cast) -> dict[str, Any]:
    action = _action(cast)
    made = Evidence.objects.create(
        action=action,
        at=action.created_at,
        file="borta.jpg",
        name="foto.jpg",
        media_type="image/jpeg",
        size=1,
        sha256="0",
    )
    return {"number": action.number, "pk": made.pk}


# The file itself is gone, so that those who may see it meet 404 as well
GONE = {"anna": 404, "ada": 404, "eva": 404, "bo": 404, "dag": 404}

ROWS = {
    "cooperation:actions": Row(get=READ),
    "cooperation:actions_csv": Row(get=READ),
    "cooperation:actions_xlsx": Row(get=READ),
    "cooperation:actions_docx": Row(get=READ),
    "cooperation:actions_geojson": Row(get=READ),
    "cooperation:action_new": Row(get=COOPERATE, post=COOPERATE),
    "cooperation:actions_bulk": Row(get=COOPERATE, post=COOPERATE),
    "cooperation:action_edit": Row(get=COOPERATE, post=COOPERATE, owners_only=True, kwargs=_number),
    "cooperation:action_depends": Row(get=COOPERATE, post=COOPERATE, owners_only=True, kwargs=_number),
    "cooperation:evidence_add": Row(post=REPORT, owners_only=True, kwargs=_number),
    "cooperation:evidence_file": Row(get=READ, kwargs=_evidence, expected=GONE),
    "cooperation:evidence_remove": Row(post=REPORT, owners_only=True, kwargs=_evidence),
}
