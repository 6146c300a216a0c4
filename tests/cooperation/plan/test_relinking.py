"""An action is said to belong to another forum, agreement or matter, and its matters follow."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from lagesbild.accounts.models import Membership, SharingLevel
from lagesbild.actors.models import Agreement
from lagesbild.cooperation.actions import closing, handling, plan
from lagesbild.cooperation.actions.bulk import text_of
from lagesbild.cooperation.actions.raising import MatterText, raise_matter
from lagesbild.cooperation.actions.relinking import Links, change_action
from lagesbild.cooperation.models import Action, ActionChange, Feedback, Matter, StepKind
from lagesbild.core.conflicts import EditConflict
from lagesbild.core.errors import UserError
from tests.cooperation.matters.world import World, a_matter
from tests.cooperation.plan.builders import PLAN, an_action
from tests.cooperation.plan.test_pages import _agreement

SAID = {"title": "Byt lampan", "responsible": "gatukontoret", "sharing": "partners"}


def _as(client: Client, person: Membership) -> Client:
    client.force_login(person.user)
    return client


def _edit(client: Client, **changes: Any) -> Any:
    action = Action.objects.get(number=1)
    now = {
        "forum": action.forum.slug,
        "agreement": action.agreement_id or "",
        "matter_number": action.matter.number if action.matter else "",
        "version": action.version,
    }
    return client.post(f"{PLAN}1/edit/", {**SAID, **now, **changes}, headers={"accept-language": "en"})


def _hidden(world: World) -> Matter:
    """In the strategic forum, where the housing company does not sit."""
    text = MatterText(title="Dold", sharing=SharingLevel.STRATEGIC)
    return raise_matter(world.cast.anna, text, forum=world.monthly)


def _state(number: int) -> str:
    return str(Matter.objects.get(number=number).state)


def test_forum_agreement_and_matter_are_changed_with_a_line_in_the_history(world: World, client: Client) -> None:
    an_action(world)
    a_matter(world)
    agreement = _agreement(world, "Platssamverkan 2026", "partners")
    anna = _as(client, world.cast.anna)
    answer = _edit(anna, forum="styrgrupp", agreement=agreement, matter_number=1, note="Hör dit")
    assert answer.status_code == 302
    action = Action.objects.get()
    assert (action.forum, action.agreement_id, action.matter.number) == (world.steering, agreement, 1)  # type: ignore[union-attr]
    change = ActionChange.objects.latest("pk")
    assert change.fields == {
        "forum": ["Platssamverkan", "Styrgrupp"],
        "agreement": ["", "Platssamverkan 2026"],
        "matter": ["", 1],
    }
    assert change.note == "Hör dit"
    page = anna.get(f"{PLAN}1/", headers={"accept-language": "en"}).content.decode()
    assert "Styrgrupp" in page
    assert 'href="/c/ekby/matters/1/"' in page


def test_the_matter_it_leaves_goes_back_to_its_forum_and_the_one_it_comes_to_is_acted_upon(world: World) -> None:
    first, second = a_matter(world), a_matter(world, title="Busken")
    handling.take_up(world.cast.anna, first)
    action = plan.create_action(world.cast.anna, _text(world), matter=first)
    assert (_state(1), _state(2)) == ("acting", "raised")
    links = Links(world.monthly, None, second)
    change_action(world.cast.anna, action, text_of(action), links, seen=action.version)
    assert (_state(1), _state(2)) == ("handled", "acting")
    left = first.steps.get(kind=StepKind.ACTION_ENDED)
    assert left.details == {"action": 1, "state": "moved"}
    assert Feedback.objects.filter(raiser__matter=second, step__kind=StepKind.ACTING).exists()
    closing.close_as_done(world.cast.anna, first, reason="Inget kvar", feedback="Klart")
    with pytest.raises(UserError, match="fortfarande öppna"):
        closing.close_as_done(world.cast.anna, second, reason="Klart", feedback="Klart")


def _text(world: World) -> plan.ActionText:
    return plan.ActionText("Byt lampan", world.roads, sharing=SharingLevel.PARTNERS)


def test_a_matter_with_another_open_action_is_acted_upon_still(world: World) -> None:
    matter = a_matter(world)
    action = plan.create_action(world.cast.anna, _text(world), matter=matter)
    plan.create_action(world.cast.anna, _text(world), matter=matter)
    change_action(world.cast.anna, action, text_of(action), Links(world.monthly), seen=1)
    assert _state(1) == "acting"
    assert Action.objects.get(number=1).matter is None


def test_an_action_that_has_ended_moves_without_moving_the_matters(world: World) -> None:
    first, second = a_matter(world), a_matter(world, title="Busken")
    action = plan.complete_action(world.cast.anna, plan.create_action(world.cast.anna, _text(world), matter=first))
    change_action(world.cast.anna, action, text_of(action), Links(world.monthly, None, second), seen=action.version)
    assert (_state(1), _state(2)) == ("handled", "raised")
    assert Action.objects.get().matter == second


@pytest.mark.parametrize("closed", ["from", "to"])
def test_nothing_moves_from_or_to_a_closed_matter_and_the_text_stays_as_it_was(world: World, closed: str) -> None:
    first, second = a_matter(world), a_matter(world, title="Busken")
    action = plan.complete_action(world.cast.anna, plan.create_action(world.cast.anna, _text(world), matter=first))
    closing.close_as_done(world.cast.anna, first if closed == "from" else second, reason="Klart", feedback="Klart")
    text = plan.ActionText("Ny text", world.roads, sharing=SharingLevel.PARTNERS)
    with pytest.raises(UserError) as refused:
        change_action(world.cast.anna, action, text, Links(world.monthly, None, second), seen=action.version)
    assert refused.value.code == "actions.matter_closed"
    assert Action.objects.get().title == "Byt lampan"


def test_the_later_of_two_who_move_it_sees_what_stands(world: World) -> None:
    first, second = a_matter(world), a_matter(world, title="Busken")
    action = an_action(world)
    change_action(world.cast.anna, action, text_of(action), Links(world.monthly, None, first), seen=1)
    with pytest.raises(EditConflict):
        change_action(world.cast.anna, action, text_of(action), Links(world.monthly, None, second), seen=1)
    assert (_state(1), _state(2)) == ("acting", "raised")


def test_a_matter_that_one_may_not_carry_on_is_no_choice_whether_it_is_there_or_not(
    world: World, client: Client
) -> None:
    an_action(world, responsible=world.cast.housing)
    _hidden(world)
    hanna = _as(client, world.hanna)
    told = []
    for number in (1, 99):
        answer = _edit(hanna, responsible="ekbyhem", matter_number=number)
        assert answer.status_code == 422
        told.append(str(answer.context["form"].errors["matter_number"]).replace(str(number), "n"))
    assert told[0] == told[1]
    assert Action.objects.get().matter is None


def test_nobody_takes_an_action_from_a_matter_that_they_do_not_carry_on(world: World, client: Client) -> None:
    matter = raise_matter(world.cast.anna, MatterText(title="Allas"), forum=world.monthly)
    plan.create_action(world.cast.anna, plan.ActionText("Byt lampan", world.cast.housing), matter=matter)
    answer = _edit(_as(client, world.hanna), responsible="ekbyhem", matter_number="")
    assert answer.status_code == 422
    assert Action.objects.get().matter == matter


def test_what_one_may_not_see_is_not_asked_and_stays(world: World, client: Client) -> None:
    hidden = _hidden(world)
    agreement = _agreement(world, "Förhandlingen", "own")
    text = plan.ActionText("Byt lampan", world.cast.housing, sharing=SharingLevel.PARTNERS)
    plan.create_action(world.cast.anna, text, matter=hidden, agreement_id=agreement)
    hanna = _as(client, world.hanna)
    page = hanna.get(f"{PLAN}1/edit/")
    assert not {"agreement", "matter_number"} & set(page.context["form"].fields)
    assert "Förhandlingen" not in page.content.decode()
    _edit(hanna, title="Byt båda", responsible="ekbyhem", agreement="", matter_number="")
    action = Action.objects.get()
    assert (action.title, action.matter, action.agreement_id) == ("Byt båda", hidden, agreement)


def test_the_history_names_no_agreement_that_its_readers_may_not_see(world: World) -> None:
    secret = _agreement(world, "Förhandlingen", "own")
    action = an_action(world)
    agreement = Agreement.objects.get(pk=secret)
    change_action(world.cast.anna, action, text_of(action), Links(world.monthly, agreement), seen=1)
    assert ActionChange.objects.latest("pk").fields == {"agreement": ["", "…"]}


def test_a_forum_that_has_ended_cannot_begin_to_follow_it(world: World, client: Client) -> None:
    an_action(world)
    world.steering.retired_on = date(2026, 1, 1)
    world.steering.save()
    assert _edit(_as(client, world.cast.anna), forum="styrgrupp").status_code == 422
