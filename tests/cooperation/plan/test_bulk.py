"""One change for several actions: all of them or none."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from lagesbild.accounts.models import Membership
from lagesbild.cooperation.actions import plan
from lagesbild.cooperation.models import Action, ActionChange
from lagesbild.notices.models import Notice
from tests.cooperation.matters.world import World, a_matter
from tests.cooperation.plan.builders import PLAN, an_action

BULK = f"{PLAN}bulk/"


def _as(client: Client, person: Membership) -> Client:
    client.force_login(person.user)
    return client


def test_all_that_were_chosen_are_changed_kept_and_told_one_by_one(world: World, client: Client) -> None:
    for title in ("Ett", "Två", "Tre"):
        an_action(world, title, types=["form:physical"])
    said = {
        "chosen": ["1:1", "3:1"],
        "responsible": "ekbyhem",
        "due_on": "2026-05-04",
        "add_type": "term:long",
        "turn": "start",
    }
    answer = _as(client, world.cast.anna).post(BULK, {**said, "query": "forum=platssamverkan"})
    assert answer.headers["Location"] == f"{PLAN}?forum=platssamverkan"
    for number in (1, 3):
        action = Action.objects.get(number=number)
        assert (action.owner, action.due_on, action.state) == (world.cast.housing, date(2026, 5, 4), "ongoing")
        assert action.types == ["form:physical", "term:long"]
        assert {"due_on", "responsible", "types"} <= set(action.changes.all()[1].fields)
        assert Notice.objects.filter(
            code="actions.assigned", about=f"action {number}", membership=world.cast.bo
        ).exists()
    assert Action.objects.get(number=2).version == 1


def test_if_one_cannot_be_changed_none_is_and_each_is_told_of(world: World, client: Client) -> None:
    for title in ("Ett", "Två", "Tre"):
        an_action(world, title)
    plan.start_action(world.greta, Action.objects.get(number=2))
    plan.complete_action(world.greta, Action.objects.get(number=3))
    history = ActionChange.objects.count()
    anna = _as(client, world.cast.anna)
    said = {"chosen": ["1:1", "2:1", "3:2"], "due_on": "2026-05-04", "turn": "start"}
    answer = anna.post(BULK, said)
    assert answer.status_code == 409
    assert [(action.number, error.code) for action, error in answer.context["problems"]] == [
        (2, "edit_conflict"), (3, "actions.not_now"),
    ]  # fmt: skip
    assert not Action.objects.filter(due_on=date(2026, 5, 4)).exists()
    assert ActionChange.objects.count() == history
    assert [value for _action, value in answer.context["versions"]] == ["1:1", "2:2", "3:2"]


def test_what_would_write_off_must_say_why(world: World, client: Client) -> None:
    an_action(world)
    anna = _as(client, world.cast.anna)
    assert anna.post(BULK, {"chosen": "1:1", "turn": "write-off"}).status_code == 409
    assert anna.post(BULK, {"chosen": "1:1", "turn": "write-off", "words": "Bygget är inställt"}).status_code == 302
    assert Action.objects.get().ending_reason == "Bygget är inställt"


@pytest.mark.parametrize(
    ("said", "status"), [({"chosen": "1:1"}, 422), ({"due_on": "2026-05-04"}, 200), ({"chosen": "x:y"}, 422)]
)
def test_nothing_chosen_or_nothing_to_change_changes_nothing(
    world: World, client: Client, said: dict[str, str], status: int
) -> None:
    an_action(world)
    assert _as(client, world.cast.anna).post(BULK, said).status_code == status
    assert Action.objects.get().version == 1


def test_the_actions_of_others_cannot_be_changed_in_bulk_either(world: World, client: Client) -> None:
    an_action(world)
    hanna = _as(client, world.hanna)
    assert hanna.post(BULK, {"chosen": "1:1", "due_on": "2026-05-04"}).status_code == 403
    assert not [row for row in hanna.get(PLAN).context["rows"] if row.may_change]
    assert Action.objects.get().version == 1


def test_when_the_last_actions_of_a_matter_end_in_bulk_it_returns_to_its_forum(world: World, client: Client) -> None:
    matter = a_matter(world)
    for title in ("Ett", "Två"):
        an_action(world, title, matter=matter)
    assert _as(client, world.cast.anna).post(BULK, {"chosen": ["1:1", "2:1"], "turn": "done"}).status_code == 302
    matter.refresh_from_db()
    assert matter.state == "handled"
