"""Whatever people of all organisations do, in whatever order: no matter is lost, doubled, without holder, closed
without feedback, or visible to someone who may not see it.

Random sequences of everything that can be done run against the real database through the doors; what must hold is
checked after every one. Every text holds a mark of its matter, so that a leak is seen wherever it comes out.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.test import Client
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from lagesbild.accounts.access import Capability, may, visible_to
from lagesbild.accounts.models import Membership, SharingLevel
from lagesbild.cooperation.access import access_action, access_matter, access_raised
from lagesbild.cooperation.actions import asking, closing, handling, merging, plan, raising
from lagesbild.cooperation.actions.bulk import text_of
from lagesbild.cooperation.actions.plan import ActionText
from lagesbild.cooperation.actions.relinking import change_action
from lagesbild.cooperation.models import Action, Feedback, Forum, Matter, MatterState, Raiser, Step, StepKind
from lagesbild.cooperation.plan_choices import links_to
from lagesbild.cooperation.seeing import carries_on, carries_out
from lagesbild.cooperation.transitions import TRANSITIONS, next_states
from lagesbild.core import clock
from lagesbild.core.errors import UserError
from lagesbild.notices.models import Notice
from tests.cast import Cast
from tests.cooperation.matters.world import World, make_world

OPEN_ACTION = ("planned", "ongoing")
WHO = st.integers(0, 20)  # mostly somebody who may; from 15 on anybody
WHICH = st.integers(0, 40)
WIDEN = st.sampled_from([True, True, False])
FORUM = st.integers(0, 2)
SHARED = st.sampled_from([SharingLevel.OPERATIONAL, SharingLevel.STRATEGIC, SharingLevel.PARTNERS, SharingLevel.OWN])


class Life(RuleBasedStateMachine):
    """People at work. ``world`` is set by the test; what each run writes is taken back."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.now = datetime(2026, 1, 7, 18, tzinfo=UTC)
        self.n_raised = self.turn = 0
        self.steps: dict[int, tuple[Any, ...]] = {}
        self.first_seen: dict[tuple[str, int], int] = {}
        self.last: dict[str, int] = {}
        rows = Membership.objects.select_related("user", "collaboration", "function__organisation")
        found = rows.in_bulk([each.pk for each in self.world.people])
        self.people = [found[each.pk] for each in self.world.people]

    @initialize()
    def an_evening_has_begun(self) -> None:
        """Three matters, each seen by others than the next."""
        for who, forum, sharing in ((15, 0, "operational"), (14, 0, "partners"), (17, 1, "strategic")):
            self.raise_one(who=who, forum=forum, sharing=sharing)

    def teardown(self) -> None:
        try:
            for person in self.people:
                _sees_what_it_may(person)
            for at in range(2):  # pages are slow: two people each time, in turn
                _pages_tell_no_more(self.people[(self.turn + at) % len(self.people)])
        finally:
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    def person(self, who: int, allowed: Callable[[Membership], bool] = lambda _person: True) -> Membership:
        able = [person for person in self.people if allowed(person)] if who < 15 else []
        return (able or self.people)[who % len(able or self.people)]

    def forum(self, which: int) -> Forum:
        return (self.world.evening, self.world.monthly, self.world.steering)[which]

    def matter(self, which: int) -> Matter | None:
        rows = list(Matter.objects.order_by("number"))
        return rows[which % len(rows)] if rows else None

    def attempt(self, do: Callable[[], object]) -> bool:
        """Do it as a request would: through the door, all or nothing. Refusals are part of life."""
        self.turn += 1
        self.now += timedelta(minutes=7)
        try:
            with clock.frozen(self.now), transaction.atomic():
                do()
        except (UserError, Http404, PermissionDenied):
            return False
        return True

    def carry_on(self, who: int, which: int, do: Callable[[Membership, Matter, str], object]) -> None:
        """Do something with a matter that one may carry on; ``mark`` is for every text."""
        matter = self.matter(which)
        if matter is not None:
            number, person = matter.number, self.person(who, lambda each: carries_on(each, matter))
            self.attempt(lambda: do(person, access_matter(person, number, write=True), _mark(number)))

    @rule(who=WHO, forum=FORUM, sharing=SHARED)
    def raise_one(self, who: int, forum: int, sharing: str) -> None:
        person = self.person(who)
        if not may(person, Capability.REPORT):
            return
        mark = _mark(self.n_raised + 1)
        text = raising.MatterText(title=mark, description=mark, location=mark, sharing=sharing, x=1.0, y=1.0)
        self.n_raised += self.attempt(lambda: raising.raise_matter(person, text, forum=self.forum(forum)))

    @rule(who=WHO, which=WHICH)
    def join(self, who: int, which: int) -> None:
        person, matter = self.person(who), self.matter(which)
        if matter is not None and may(person, Capability.REPORT):
            number = matter.number
            self.attempt(lambda: raising.join(person, access_matter(person, number), words=_mark(number)))

    @rule(who=WHO, which=WHICH)
    def take_up(self, who: int, which: int) -> None:
        self.carry_on(who, which, lambda person, matter, mark: handling.take_up(person, matter, note=mark))

    @rule(who=WHO, which=WHICH, forum=FORUM, widen=WIDEN)
    def lift(self, who: int, which: int, forum: int, widen: bool) -> None:
        to = self.forum(forum)
        self.carry_on(who, which, lambda p, m, mark: handling.lift(p, m, reason=mark, to_forum=to, widen=widen))

    @rule(who=WHO, which=WHICH, forum=FORUM, widen=WIDEN)
    def hand_down(self, who: int, which: int, forum: int, widen: bool) -> None:
        to = self.forum(forum)
        self.carry_on(who, which, lambda p, m, mark: handling.hand_down(p, m, reason=mark, to_forum=to, widen=widen))

    @rule(who=WHO, which=WHICH)
    def carry_over(self, who: int, which: int) -> None:
        self.carry_on(who, which, lambda person, matter, _mark: handling.carry_over(person, matter))

    @rule(who=WHO, which=WHICH)
    def decide(self, who: int, which: int) -> None:
        roads = self.world.roads
        self.carry_on(who, which, lambda p, m, mark: plan.create_action(p, ActionText(mark, roads), matter=m))

    @rule(who=WHO, which=WHICH, what=st.sampled_from(["start", "complete", "complete", "write_off", "reopen"]))
    def act(self, who: int, which: int, what: str) -> None:
        actions = list(Action.objects.order_by("number"))
        if not actions:
            return
        action = actions[which % len(actions)]
        number, person = action.number, self.person(who, lambda each: carries_out(each, action))

        def do() -> object:
            found = access_action(person, number, write=True)
            if what == "start":
                return plan.start_action(person, found)
            if what == "complete":
                return plan.complete_action(person, found, note="gjort")
            turn = plan.write_off_action if what == "write_off" else plan.reopen_action
            return turn(person, found, reason="skäl")

        self.attempt(do)

    @rule(who=WHO, which=WHICH, other=WHICH, to_none=st.booleans())
    def move_action(self, who: int, which: int, other: int, to_none: bool) -> None:
        """An action is said to belong to another matter, or to none."""
        actions, into = list(Action.objects.order_by("number")), self.matter(other)
        if not actions or into is None:
            return
        action, number = actions[which % len(actions)], None if to_none else into.number
        person = self.person(who, lambda each: carries_out(each, action))

        def do() -> object:
            found = access_action(person, action.number, write=True)
            links = links_to(person, found, forum=found.forum, agreement=None, matter_number=number)
            return change_action(person, found, text_of(found), links, seen=found.version)

        self.attempt(do)

    @rule(who=WHO, which=WHICH, feedback=st.sampled_from(["Tack", "Tack", "Tack", ""]))
    def close(self, who: int, which: int, feedback: str) -> None:
        self.carry_on(
            who, which, lambda p, m, mark: closing.close_as_done(p, m, reason=mark, feedback=feedback and mark)
        )

    @rule(who=WHO, which=WHICH)
    def write_off(self, who: int, which: int) -> None:
        self.carry_on(who, which, lambda p, m, mark: closing.write_off(p, m, reason=mark, feedback=mark))

    @rule(who=WHO, which=WHICH)
    def reopen(self, who: int, which: int) -> None:
        self.carry_on(who, which, lambda p, m, mark: closing.reopen(p, m, reason=mark))

    @rule(who=WHO, which=WHICH, other=WHICH)
    def merge(self, who: int, which: int, other: int) -> None:
        into = self.matter(other)
        if into is not None:
            number = into.number
            self.carry_on(
                who,
                which,
                lambda p, m, _mark: merging.merge(p, m, access_matter(p, number, write=True), reason="samma sak"),
            )

    @precondition(lambda _life: Matter.objects.filter(state=MatterState.DONE).exists())
    @rule(who=WHO, which=WHICH, fixed=st.booleans())
    def answer(self, who: int, which: int, fixed: bool) -> None:
        done = list(Matter.objects.filter(state=MatterState.DONE))
        number = done[which % len(done)].number
        person = self.person(who, lambda each: each.raised.filter(matter__number=number).exists())
        self.attempt(
            lambda: asking.answer(person, access_raised(person, number).matter, fixed=fixed, words=_mark(number))
        )

    @precondition(lambda _life: Matter.objects.filter(ask_on__isnull=False).exists())
    @rule()
    def weeks_pass(self) -> None:
        self.now += timedelta(weeks=4)
        for matter in Matter.objects.filter(ask_on__isnull=False):
            self.attempt(lambda matter=matter: asking.ask(matter))  # type: ignore[misc]

    @rule(who=WHO)
    def another_seat(self, who: int) -> None:
        """People come to sit on the operational level, or leave it: what they see changes."""
        function = self.person(who).function
        function.operational = not function.operational
        function.save(update_fields=["operational"])

    @invariant()
    def none_is_lost_or_doubled(self) -> None:
        numbers = list(Matter.objects.order_by("number").values_list("number", flat=True))
        assert numbers == list(range(1, self.n_raised + 1))

    @invariant()
    def every_state_follows_from_the_steps(self) -> None:
        steps: dict[int, list[Step]] = {}
        for step in Step.objects.order_by("id"):
            steps.setdefault(step.matter_id, []).append(step)
        with_open_actions = set(Action.objects.filter(state__in=OPEN_ACTION).values_list("matter", flat=True))
        for matter in Matter.objects.all():
            possible: set[str] = {MatterState.RAISED}
            first, *rest = steps[matter.pk]
            assert first.kind == StepKind.RAISED
            for step in rest:
                possible = {after for state in possible for after in next_states(StepKind(step.kind), state)}
            assert matter.state in possible
            assert matter.holder_id == [step.to_forum_id for step in steps[matter.pk] if step.to_forum_id][-1]
            assert (matter.state == MatterState.ACTING) == (matter.pk in with_open_actions)

    @invariant()
    def no_step_is_ever_changed_or_removed(self) -> None:
        now = {
            row[0]: row[1:]
            for row in Step.objects.values_list("pk", "matter", "at", "kind", "by", "reason", "to_forum")
        }
        assert {pk: now.get(pk) for pk in self.steps} == self.steps
        self.steps = now

    @invariant()
    def everybody_who_raised_it_was_told(self) -> None:
        telling = [kind for kind, each in TRANSITIONS.items() if each.tells]
        told = set(Feedback.objects.exclude(sent_at=None).values_list("raiser", "step"))
        raisers = list(Raiser.objects.values_list("pk", "matter"))
        for pk, _matter in raisers:
            self.first_seen.setdefault(("raiser", pk), self.turn)
        for pk, matter in Step.objects.filter(kind__in=telling).values_list("pk", "matter"):
            at = self.first_seen.setdefault(("step", pk), self.turn)
            waiting = [
                r for r, m in raisers if m == matter and self.first_seen["raiser", r] < at and (r, pk) not in told
            ]
            assert not waiting
        assert not Feedback.objects.filter(sent_at=None).exists()

    @invariant()
    def somebody_sees_what_they_may_and_no_more(self) -> None:
        _sees_what_it_may(self.people[self.turn % len(self.people)])  # in turn; everybody at the end

    @invariant()
    def nobody_is_told_what_they_may_not_see(self) -> None:
        for notice in Notice.objects.filter(pk__gt=self.last.get("notice", 0)):
            assert "hemligt" not in notice.shown
            self.last["notice"] = max(notice.pk, self.last.get("notice", 0))
        told = Feedback.objects.select_related("raiser__membership__function", "step__matter").order_by("pk")
        for feedback in told.filter(pk__gt=self.last.get("feedback", 0)):
            self.last["feedback"] = feedback.pk
            assert feedback.is_full == _may_see(feedback.raiser.membership, feedback.step.matter)
            assert feedback.is_full or not feedback.text


def _sees_what_it_may(person: Membership) -> None:
    seen = set(Matter.objects.filter(visible_to(person)).values_list("pk", flat=True))
    assert seen == {matter.pk for matter in Matter.objects.all() if _may_see(person, matter)}


def _pages_tell_no_more(person: Membership) -> None:
    """List, map, table and what one raised: no mark of a matter that the person may not see, however it got there."""
    client = Client()
    client.force_login(person.user)
    hidden = {matter.number for matter in Matter.objects.all() if not _may_see(person, matter)}
    own = set(person.raised.values_list("matter__number", flat=True))
    for address in ("?state=all", "matters.csv?state=all", "matters.geojson?state=all", "mine/?of=organisation"):
        page = client.get(f"/c/ekby/matters/{address}").content.decode()
        assert not [number for number in hidden if _mark(number) in page]
    page = client.get("/c/ekby/matters/mine/").content.decode()
    assert not [number for number in hidden - own if _mark(number) in page]


def _mark(number: int) -> str:
    return f"hemligt-{number}-"


def _may_see(person: Membership, matter: Matter) -> bool:
    """The rule, said once more and in another way."""
    function = person.function
    if function.organisation_id == matter.owner_id:
        return True
    sits = {
        "operational": function.operational,
        "strategic": function.strategic,
        "steering": function.steering,
        "partners": True,
    }
    return sits.get(matter.sharing, False)


def test_nothing_raised_is_ever_lost(cast: Cast) -> None:
    Life.world = make_world(cast)
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=12,
            stateful_step_count=50,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )
