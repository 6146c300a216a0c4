"""Two people editing the same thing. Tried on a forum, which has a version and a text."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.http import QueryDict

from lagesbild.accounts.models import Function
from lagesbild.cooperation.models import Forum, ForumLevel
from lagesbild.core import conflicts
from lagesbild.core.conflicts import EditConflict
from tests.cast import Cast


def a_forum(cast: Cast) -> Forum:
    convenor = Function.objects.filter(organisation=cast.police)[0]
    return Forum.objects.create(
        collaboration=cast.ekby,
        owner=cast.police,
        slug="utsattning",
        name="Utsättning",
        level=ForumLevel.OPERATIONAL,
        convenor=convenor,
        purpose="Ett",
    )


@pytest.mark.django_db
def test_the_first_is_stored_and_the_second_is_told_what_stands(cast: Cast) -> None:
    forum = a_forum(cast)
    seen_by_both = forum.version
    stored = conflicts.bump(Forum.objects.get(), seen_by_both, purpose="Två")
    assert (stored.purpose, stored.version) == ("Två", seen_by_both + 1)
    with pytest.raises(EditConflict) as caught:
        conflicts.bump(Forum.objects.get(), seen_by_both, purpose="Tre")
    assert caught.value.current.purpose == "Två"  # type: ignore[attr-defined]
    assert Forum.objects.get().purpose == "Två"


@pytest.mark.django_db
def test_the_privacy_guard_stands_in_this_way_too(cast: Cast) -> None:
    forum = a_forum(cast)
    with pytest.raises(ValidationError):
        conflicts.bump(forum, forum.version, purpose="Gäller 19121212-1212")
    assert Forum.objects.get().purpose == "Ett"


@pytest.mark.django_db(transaction=True)
def test_of_many_at_the_same_moment_exactly_one_wins(cast: Cast) -> None:
    seen = a_forum(cast).version
    outcomes: list[str] = []
    barrier = Barrier(5)

    def write(number: int) -> None:
        try:
            forum = Forum.objects.get()
            barrier.wait()
            conflicts.bump(forum, seen, purpose=f"Nummer {number}")
            outcomes.append("stored")
        except EditConflict:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [Thread(target=write, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["stored"] + ["told"] * 4
    assert Forum.objects.get().version == seen + 1


@pytest.mark.django_db
def test_a_difference_is_shown_line_by_line_and_only_where_there_is_one(cast: Cast) -> None:
    forum = a_forum(cast)
    forum.purpose = "Dela lägesbild\nFördela kvällens uppgifter"
    mine = {"name": "Utsättning", "purpose": "Dela lägesbild\nFördela nattens uppgifter"}
    found = conflicts.differences(forum, mine, {"name": "Namn", "purpose": "Syfte"})
    assert [each.label for each in found] == ["Syfte"]
    assert found[0].lines == (
        (" ", "Dela lägesbild"),
        ("-", "Fördela kvällens uppgifter"),
        ("+", "Fördela nattens uppgifter"),
    )


def test_what_is_shown_again_keeps_every_choice_and_only_the_version_is_new() -> None:
    posted = QueryDict("title=Lampa&types=social&types=short&version=3")
    again = conflicts.with_version(posted, 4)
    assert again.getlist("types") == ["social", "short"]
    assert (again["title"], again["version"]) == ("Lampa", "4")
    assert posted["version"] == "3"
