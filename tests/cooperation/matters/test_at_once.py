"""Several people at the same moment, each with a connection of their own."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection

from lagesbild.cooperation.actions import closing, merging, plan, raising
from lagesbild.cooperation.actions.plan import ActionText
from lagesbild.cooperation.models import Action, Feedback, Matter, MatterState, StepKind
from lagesbild.core.errors import UserError
from tests.cast import make_cast
from tests.cooperation.matters.world import World, a_matter, make_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shared(transactional_db: None) -> World:
    """A world that other connections see too."""
    cache.clear()
    return make_world(make_cast())


def _together(*deeds: Callable[[], object]) -> list[str]:
    """Do all at once; for each "ok" or the code of what stopped it."""
    barrier, outcomes = Barrier(len(deeds)), [""] * len(deeds)

    def run(at: int) -> None:
        barrier.wait()
        for _attempt in range(20):
            try:
                deeds[at]()
                outcomes[at] = "ok"
            except UserError as error:
                outcomes[at] = error.code
            except OperationalError:  # SQLite has one writer: as the busy timeout does, wait and try again
                continue
            break
        connection.close()

    threads = [Thread(target=run, args=(at,)) for at in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_of_two_who_close_at_once_one_wins_and_the_other_sees_it(shared: World) -> None:
    matter = a_matter(shared)

    def close(reason: str) -> Callable[[], object]:
        return lambda: closing.close_as_done(shared.cast.anna, matter, reason=reason, feedback=reason, seen=1)

    assert sorted(_together(close("en"), close("två"))) == ["edit_conflict", "ok"]
    stored = Matter.objects.get()
    assert stored.state == MatterState.DONE
    assert stored.steps.filter(kind=StepKind.DONE).count() == 1
    assert Feedback.objects.get().text == stored.closing_reason


def test_numbers_are_without_gap_or_twin_when_many_raise_at_once(shared: World) -> None:
    assert set(_together(*[lambda: a_matter(shared) for _person in range(6)])) == {"ok"}
    assert sorted(Matter.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6]


def test_who_joins_while_it_is_closed_is_told_or_opens_it(shared: World) -> None:
    for _round in range(4):
        matter = a_matter(shared)
        outcomes = _together(
            lambda matter=matter: raising.join(shared.hanna, matter),  # type: ignore[misc]
            lambda matter=matter: closing.close_as_done(  # type: ignore[misc]
                shared.cast.anna, matter, reason="Bytt", feedback="Tack"
            ),
        )
        assert outcomes == ["ok", "ok"]
        matter.refresh_from_db()
        told = Feedback.objects.filter(raiser__matter=matter, raiser__membership=shared.hanna)
        assert told.get().step.kind == (StepKind.DONE if matter.state == MatterState.DONE else StepKind.REOPENED)


def test_an_action_decided_while_it_is_closed_never_stands_in_a_closed_matter(shared: World) -> None:
    for _round in range(4):
        matter = a_matter(shared)
        _together(
            lambda matter=matter: plan.create_action(  # type: ignore[misc]
                shared.cast.anna, ActionText("Byt", shared.roads), matter=matter
            ),
            lambda matter=matter: closing.write_off(  # type: ignore[misc]
                shared.cast.eva, matter, reason="Nej", feedback="Nej"
            ),
        )
        matter.refresh_from_db()
        assert matter.is_open == Action.objects.filter(matter=matter).exists()


def test_two_matters_put_together_crosswise_leave_one(shared: World) -> None:
    one, other = a_matter(shared), a_matter(shared)
    outcomes = _together(
        lambda: merging.merge(shared.cast.anna, one, other, reason="Samma"),
        lambda: merging.merge(shared.cast.eva, other, one, reason="Samma"),
    )
    assert sorted(outcomes) == ["matters.closed", "ok"]
    assert [matter.is_open for matter in Matter.objects.order_by("is_exercise", "state")].count(True) == 1
