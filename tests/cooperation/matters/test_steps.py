"""The path of a matter, one rule at a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lagesbild.accounts.models import SharingLevel
from lagesbild.actors.actions.responsibility import ensure_entry
from lagesbild.actors.models import ObjectKind, ResponsibilityQuestion
from lagesbild.cooperation.actions import closing, handling, merging, plan, raising
from lagesbild.cooperation.actions.plan import ActionText
from lagesbild.cooperation.models import Action, Feedback, Matter, MatterState, Raiser, Step, StepKind
from lagesbild.cooperation.transitions import TRANSITIONS
from lagesbild.core import clock
from lagesbild.core.conflicts import EditConflict
from lagesbild.core.errors import UserError
from lagesbild.notices.models import Notice
from lagesbild.places.actions import create_place
from lagesbild.places.actions.places import PlaceText
from lagesbild.places.ground import circle
from tests.cooperation.matters.world import EAST, NORTH, World, a_matter

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def _kinds(matter: Matter) -> list[str]:
    return list(matter.steps.values_list("kind", flat=True))


def _act(world: World, matter: Matter) -> Action:
    return plan.create_action(world.cast.anna, ActionText("Byt lampan", world.roads), matter=matter)


def _close(world: World, matter: Matter, **more: str) -> Matter:
    said = {"reason": "Lampan är bytt", "feedback": "Tack, nu lyser den", **more}
    return closing.close_as_done(world.cast.anna, matter, reason=said["reason"], feedback=said["feedback"])


def test_a_raised_matter_is_held_at_once_by_the_entry_forum(world: World) -> None:
    matter = a_matter(world)
    assert (matter.number, matter.state, matter.holder) == (1, MatterState.RAISED, world.evening)
    assert matter.owner == world.cast.housing
    assert matter.title == "Lampa, belysning, under bron"
    assert Raiser.objects.get().membership == world.cast.bo
    assert a_matter(world).number == 2


def test_without_a_forum_that_takes_matters_nothing_can_be_raised(world: World) -> None:
    world.evening.is_entry = False
    world.evening.save()
    with pytest.raises(UserError) as refused:
        a_matter(world)
    assert refused.value.code == "matters.no_forum"


def test_a_forum_never_gets_what_it_may_not_see(world: World) -> None:
    with pytest.raises(UserError) as refused:
        a_matter(world, sharing=SharingLevel.OWN)
    assert refused.value.code == "matters.hidden_from_forum"
    matter = a_matter(world, sharing=SharingLevel.OPERATIONAL)
    with pytest.raises(UserError) as refused:
        handling.lift(world.cast.anna, matter, reason="Belysning")
    assert refused.value.field == "widen"
    lifted = handling.lift(world.cast.anna, matter, reason="Belysning", widen=True)
    assert lifted.sharing == SharingLevel.PARTNERS  # strategic would have hidden it from those who saw it


def test_lifting_goes_up_and_handing_down_goes_down(world: World) -> None:
    matter = a_matter(world)
    with pytest.raises(UserError) as refused:
        handling.hand_down(world.cast.anna, matter, reason="Fel håll", to_forum=world.monthly)
    assert refused.value.code == "matters.wrong_way"
    handling.lift(world.cast.anna, matter, reason="Stor fråga", to_forum=world.steering)
    with pytest.raises(UserError):
        handling.lift(world.cast.ada, matter, reason="Högre", to_forum=world.monthly)
    handling.hand_down(world.cast.ada, matter, reason="För litet", to_forum=world.monthly)
    matter.refresh_from_db()
    assert matter.holder == world.monthly
    steps = list(matter.steps.all())
    assert [(step.from_forum, step.to_forum) for step in steps[1:]] == [
        (world.evening, world.steering),
        (world.steering, world.monthly),
    ]


def test_what_comes_to_another_forum_waits_to_be_taken_up_there_unless_action_is_under_way(world: World) -> None:
    matter = a_matter(world)
    handling.take_up(world.cast.anna, matter)
    assert handling.lift(world.cast.anna, matter, reason="Ljus").state == MatterState.RAISED
    handling.take_up(world.cast.anna, matter)
    _act(world, matter)
    assert handling.lift(world.cast.anna, matter, reason="Pengar").state == MatterState.ACTING


@pytest.mark.parametrize("kind", [StepKind.LIFTED, StepKind.DONE, StepKind.WRITTEN_OFF, StepKind.REOPENED])
def test_these_steps_need_a_reason(kind: StepKind) -> None:
    assert TRANSITIONS[kind].needs_reason


def test_a_reason_of_blanks_is_none(world: World) -> None:
    with pytest.raises(UserError) as refused:
        handling.lift(world.cast.anna, a_matter(world), reason="  ")
    assert refused.value.code == "matters.reason_missing"
    assert Step.objects.count() == 1


def test_it_cannot_be_closed_without_words_for_those_who_raised_it(world: World) -> None:
    matter = a_matter(world)
    with pytest.raises(UserError) as refused:
        _close(world, matter, feedback=" ")
    assert refused.value.field == "feedback"
    assert Matter.objects.get().is_open


def test_it_cannot_be_closed_with_open_actions(world: World) -> None:
    matter = a_matter(world)
    action = _act(world, matter)
    for close in (closing.close_as_done, closing.write_off):
        with pytest.raises(UserError) as refused:
            close(world.cast.anna, matter, reason="Klart", feedback="Klart")
        assert refused.value.code == "matters.open_actions"
        assert f"#{action.number}" in refused.value.message
    plan.complete_action(world.greta, action)
    assert _close(world, matter).state == MatterState.DONE


def test_the_end_of_the_last_action_gives_the_matter_back_to_its_forum(world: World) -> None:
    matter = a_matter(world)
    first, second = _act(world, matter), _act(world, matter)
    plan.complete_action(world.greta, first)
    matter.refresh_from_db()
    assert matter.state == MatterState.ACTING
    plan.write_off_action(world.greta, second, reason="Behövs inte")
    matter.refresh_from_db()
    assert matter.state == MatterState.HANDLED
    plan.reopen_action(world.greta, second, reason="Behövs ändå")
    matter.refresh_from_db()
    assert matter.state == MatterState.ACTING


def test_the_action_of_a_closed_matter_is_not_taken_up_again(world: World) -> None:
    matter = a_matter(world)
    action = _act(world, matter)
    plan.complete_action(world.greta, action)
    _close(world, matter)
    with pytest.raises(UserError) as refused:
        plan.reopen_action(world.greta, action, reason="Lampan är trasig")
    assert refused.value.code == "actions.matter_closed"


def test_everybody_who_raised_it_is_told_at_each_step(world: World) -> None:
    matter = a_matter(world)
    raising.join(world.hanna, matter, words="Jag med")
    handling.lift(world.cast.anna, matter, reason="Belysning")
    handling.take_up(world.cast.anna, matter)
    plan.complete_action(world.greta, _act(world, matter))
    _close(world, matter)
    for person in (world.cast.bo, world.hanna):
        told = Feedback.objects.filter(raiser__membership=person).order_by("step")
        assert [each.step.kind for each in told] == ["lifted", "taken_up", "acting", "done"]
        assert told[3].text == "Tack, nu lyser den"
        assert Notice.objects.filter(membership=person, code="matters.moved").count() == 4


def test_who_may_not_see_the_matter_is_told_without_forums_and_words(world: World) -> None:
    matter = a_matter(world, sharing=SharingLevel.OPERATIONAL)
    raising.join(world.cast.anna, matter)
    function = world.cast.anna.function
    function.operational = False
    function.save()
    handling.take_up(world.cast.eva, matter, note="Hemligt")
    told = Feedback.objects.get(raiser__membership=world.cast.anna)
    assert (told.is_full, told.text) == (False, "")
    assert Feedback.objects.get(raiser__membership=world.cast.bo).text == "Hemligt"


def test_a_notice_holds_no_words_of_the_matter(world: World) -> None:
    matter = a_matter(world, title="Hemlig lampa", location="Hemliga bron")
    handling.lift(world.cast.anna, matter, reason="Hemligt skäl")
    assert not [each for each in Notice.objects.all() if "emlig" in each.shown]


def test_joining_twice_is_once_and_keeps_all_words(world: World) -> None:
    matter = a_matter(world)
    raising.join(world.hanna, matter, words="Mörkt")
    raising.join(world.hanna, matter, words="Mörkt")
    raising.join(world.hanna, matter, words="Fortfarande mörkt")
    assert matter.raisers.count() == 2
    assert matter.raisers.get(membership=world.hanna).words == "Mörkt\nFortfarande mörkt"
    assert _kinds(matter) == ["raised", "joined"]


def test_joining_a_closed_matter_opens_it_again(world: World) -> None:
    matter = a_matter(world)
    _close(world, matter)
    raising.join(world.hanna, matter, words="Den är trasig igen")
    matter.refresh_from_db()
    assert (matter.state, matter.closed_at, matter.closing_reason, matter.ask_on) == (
        MatterState.RAISED,
        None,
        "",
        None,
    )
    assert Feedback.objects.filter(raiser__membership=world.hanna, step__kind="reopened").exists()


def test_reopening_tells_owner_and_responsible_organisation(world: World) -> None:
    matter = a_matter(world)
    handling.set_responsible(world.cast.anna, matter, world.roads, why="Äger lampan")
    _close(world, matter)
    closing.reopen(world.cast.anna, matter, reason="Trasig igen")
    told = set(Notice.objects.filter(code="matters.reopened").values_list("membership", flat=True))
    assert told >= {world.greta.pk, world.cast.bo.pk, world.hanna.pk, world.cast.eva.pk}


def test_a_matter_whose_forum_is_gone_opens_in_the_entry_forum(world: World) -> None:
    matter = a_matter(world)
    handling.lift(world.cast.anna, matter, reason="Ljus")
    _close(world, matter)
    world.monthly.retired_on = NOON.date()
    world.monthly.save()
    assert closing.reopen(world.cast.anna, matter, reason="Trasig").holder == world.evening


def test_who_answers_is_found_in_the_register_or_asked_for(world: World) -> None:
    lamp = ObjectKind.objects.create(collaboration=world.cast.ekby, code="lamp", name="Lampa")
    ensure_entry(world.cast.municipality, actor=None, kind=lamp, organisation=world.roads)
    assert a_matter(world).responsible == world.roads
    hidden = a_matter(world, object_kind="bush", sharing=SharingLevel.OPERATIONAL)
    handling.take_up(world.cast.anna, hidden)
    assert not ResponsibilityQuestion.objects.exists()
    assert handling.take_up(world.cast.anna, a_matter(world, object_kind="bush")).responsible is None
    assert ResponsibilityQuestion.objects.count() == 1


def test_a_place_that_few_may_see_is_not_shown_through_a_matter(world: World) -> None:
    ground = circle(EAST, NORTH, 20, crs=3006, working_crs=3006)
    hidden = create_place(world.cast.anna, PlaceText("Gården", sharing=SharingLevel.OWN), ground)
    matter = a_matter(world, by=world.cast.anna, place=hidden, location="", x=None, y=None)
    assert (matter.place, matter.location, matter.x) == (None, "Gården", EAST)


def test_the_later_of_two_sees_what_stands(world: World) -> None:
    matter = a_matter(world)
    handling.take_up(world.cast.anna, matter, seen=1)
    with pytest.raises(EditConflict):
        _closed_by_eva = closing.close_as_done(world.cast.eva, matter, reason="Klar", feedback="Klar", seen=1)
    assert Matter.objects.get().state == MatterState.HANDLED


def test_changed_text_keeps_what_stood_before(world: World) -> None:
    matter = a_matter(world, description="Mörkt")
    text = raising.MatterText(object_kind="lamp", title="Två lampor", description="Mörkt", location="under bron")
    handling.change_text(world.cast.anna, matter, text, seen=1)
    changed = matter.steps.get(kind=StepKind.CHANGED).details["fields"]
    assert changed["title"] == ["Lampa, belysning, under bron", "Två lampor"]
    assert "description" not in changed


def test_two_that_become_one_lose_nobody_and_nothing(world: World) -> None:
    one, other = a_matter(world), a_matter(world, by=world.hanna)
    action = _act(world, one)
    merging.merge(world.cast.anna, one, other, reason="Samma lampa")
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.state, one.joined_into) == (MatterState.WRITTEN_OFF, other)
    assert (other.state, Action.objects.get(pk=action.pk).matter) == (MatterState.ACTING, other)
    assert {raiser.membership for raiser in other.raisers.all()} == {world.cast.bo, world.hanna}
    assert _kinds(one)[-1] == "written_off"
    assert "merged" in _kinds(other)
    with pytest.raises(UserError):
        closing.reopen(world.cast.anna, one, reason="Nej")
    with pytest.raises(UserError):
        raising.join(world.cast.eva, one)


def test_words_that_few_may_see_do_not_follow_to_where_more_see(world: World) -> None:
    narrow = a_matter(world, sharing=SharingLevel.OPERATIONAL, description="Bara för oss")
    wide = a_matter(world, by=world.hanna)
    merging.merge(world.cast.anna, narrow, wide, reason="Samma")
    assert wide.raisers.get(membership=world.cast.bo).words == ""


def test_what_is_said_of_an_action_is_kept(world: World) -> None:
    action = plan.create_action(world.cast.anna, ActionText("Byt lampan", world.roads), forum=world.monthly)
    changed = plan.update_action(
        world.greta, action, ActionText("Byt två lampor", world.roads, due_on=NOON.date()), seen=1
    )
    assert changed.changes.last().fields == {  # type: ignore[union-attr]
        "title": ["Byt lampan", "Byt två lampor"],
        "due_on": [None, "2026-03-02"],
    }
    with pytest.raises(EditConflict):
        plan.update_action(world.cast.anna, action, ActionText("Byt tre", world.roads), seen=1)
    assert Action.objects.get().title == "Byt två lampor"


def test_the_organisation_that_is_to_act_is_told(world: World) -> None:
    plan.create_action(world.cast.anna, ActionText("Byt lampan", world.roads), forum=world.monthly)
    assert [each.membership for each in Notice.objects.filter(code="actions.assigned")] == [world.greta]


def test_actions_never_wait_for_each_other_in_a_ring(world: World) -> None:
    first, second, third = (
        plan.create_action(world.cast.anna, ActionText(title, world.roads), forum=world.monthly) for title in "abc"
    )
    plan.set_dependencies(world.cast.anna, second, [first], seen=1)
    plan.set_dependencies(world.cast.anna, third, [second], seen=1)
    with pytest.raises(UserError) as refused:
        plan.set_dependencies(world.cast.anna, first, [third], seen=1)
    assert refused.value.code == "actions.circle"


def test_it_is_asked_about_four_weeks_later(world: World) -> None:
    with clock.frozen(NOON):
        matter = _close(world, a_matter(world))
    assert matter.ask_on == (NOON + timedelta(weeks=4)).date()
