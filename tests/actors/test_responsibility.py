"""Who answers for what: the most exact line wins, and what nobody knows is asked once."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from lagesbild.actors import actions
from lagesbild.actors.models import ResponsibilityQuestion
from lagesbild.actors.responsibility import responsible_for
from lagesbild.core import clock
from tests.actors.builders import kind, line, place_at, zone_at
from tests.cast import Cast
from tests.places.builders import EAST, NORTH


def _who(cast: Cast, code: str = "lamp", *, dx: float | None = None, place: object = None) -> object:
    x, y = (EAST + dx, NORTH) if dx is not None else (None, None)
    return responsible_for(cast.ekby, code, place=place, x=x, y=y).organisation  # type: ignore[arg-type]


def test_nobody_is_guessed(cast: Cast) -> None:
    line(cast, cast.police, "bench")
    answer = responsible_for(cast.ekby, "lamp", place=None, x=EAST, y=NORTH)
    assert (answer.organisation, answer.entry_id) == (None, None)
    assert answer.why


def test_a_line_for_the_kind_everywhere_answers_at_any_point_or_none(cast: Cast) -> None:
    entry = line(cast, cast.municipality)
    assert _who(cast, dx=90_000) == cast.municipality
    assert responsible_for(cast.ekby, "lamp", place=None, x=None, y=None).entry_id == entry.pk


def test_the_smaller_ground_wins_whatever_the_order_of_storing(cast: Cast) -> None:
    small, large = place_at(cast, "Trappan", radius_m=10), place_at(cast, "Torget", radius_m=100)
    line(cast, cast.housing, place=small)
    line(cast, cast.police, place=large)
    line(cast, cast.municipality)
    assert _who(cast, dx=5) == cast.housing
    assert _who(cast, dx=50) == cast.police
    assert _who(cast, dx=150) == cast.municipality


def test_on_the_same_ground_a_line_for_the_kind_wins_over_one_for_everything(cast: Cast) -> None:
    torg = place_at(cast, "Torget")
    line(cast, cast.police, "lamp", place=torg)
    line(cast, cast.housing, None, place=torg)
    assert _who(cast, "lamp", dx=0) == cast.police
    assert _who(cast, "bench", dx=0) == cast.housing


def test_smaller_ground_for_everything_wins_over_the_kind_on_larger_ground(cast: Cast) -> None:
    """The owner of a station answers for its lamps too, though the municipality answers for lamps everywhere."""
    line(cast, cast.municipality, "lamp")
    line(cast, cast.housing, None, place=place_at(cast, "Stationen"))
    assert _who(cast, "lamp", dx=0) == cast.housing


def test_a_place_named_itself_wins_over_a_smaller_one_that_its_middle_hits(cast: Cast) -> None:
    torg, fountain = place_at(cast, "Torget", radius_m=100), place_at(cast, "Fontänen", radius_m=10)
    line(cast, cast.police, place=torg)
    line(cast, cast.housing, place=fountain)
    assert _who(cast, place=torg) == cast.police
    assert _who(cast, place=fountain) == cast.housing


def test_a_place_without_lines_of_its_own_takes_those_of_what_it_lies_in(cast: Cast) -> None:
    line(cast, cast.police, zone=zone_at(cast, radius_m=500))
    assert _who(cast, place=place_at(cast, "Hörnet", dx=300)) == cast.police
    assert _who(cast, place=place_at(cast, "Långt bort", dx=3000)) is None


def test_a_line_holds_from_its_first_day_to_the_day_before_its_last(cast: Cast) -> None:
    line(cast, cast.police, valid_from=date(2019, 8, 1), valid_to=date(2020, 8, 1))
    found = []
    for day in ("2019-07-31", "2019-08-01", "2020-07-31", "2020-08-01"):
        with clock.frozen(datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=UTC)):
            found.append(_who(cast, dx=0))
    assert found == [None, cast.police, cast.police, None]


def test_two_equally_exact_lines_give_the_newest_and_name_the_other(cast: Cast) -> None:
    torg = place_at(cast, "Torget")
    line(cast, cast.police, place=torg, valid_from=date(2018, 1, 1))
    line(cast, cast.housing, place=torg, valid_from=date(2017, 1, 1))
    answer = responsible_for(cast.ekby, "lamp", place=torg, x=None, y=None)
    assert answer.organisation == cast.police
    assert "Ekbyhem" in answer.why


def test_other_collaborations_lines_are_not_read(cast: Cast) -> None:
    line(cast, cast.municipality)
    actions.begin_vocabulary(cast.sjovik, actor=None)
    assert responsible_for(cast.sjovik, "lamp", place=None, x=EAST, y=NORTH).organisation is None


@pytest.mark.parametrize(("metres", "questions"), [(20, 1), (30, 2)])
def test_the_same_is_asked_once(cast: Cast, metres: float, questions: int) -> None:
    kind(cast)
    actions.ask_who(cast.bo, "lamp", x=EAST, y=NORTH)
    actions.ask_who(cast.anna, "lamp", x=EAST + metres, y=NORTH)
    assert ResponsibilityQuestion.objects.count() == questions


def test_another_kind_at_the_same_spot_is_another_question(cast: Cast) -> None:
    kind(cast)
    actions.ask_who(cast.bo, "lamp", x=EAST, y=NORTH)
    actions.ask_who(cast.bo, "bench", x=EAST, y=NORTH)
    assert ResponsibilityQuestion.objects.count() == 2


def test_the_first_answer_stands_and_a_new_question_may_follow(cast: Cast) -> None:
    torg = place_at(cast, "Torget")
    kind(cast)
    question = actions.ask_who(cast.bo, "lamp", place=torg)
    first, second = line(cast, cast.police, place=torg), line(cast, cast.housing, place=torg)
    actions.answer_question(cast.anna, question, first)
    actions.answer_question(cast.eva, question, second)
    assert question.answer == first
    assert actions.ask_who(cast.bo, "lamp", place=torg).pk != question.pk


def test_one_query_answers(cast: Cast, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    torg = place_at(cast, "Torget")
    for number in range(20):
        line(cast, cast.police, place=torg, note=str(number))
    with django_assert_num_queries(1):
        _who(cast, dx=0)
