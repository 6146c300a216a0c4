"""Frozen pictures do not go away: together they say no more of a small number than each of them does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pytest

from lagesbild.accounts.models import Membership, SharingLevel
from lagesbild.core.errors import UserError
from lagesbild.observations.store import IncidentStore
from lagesbild.picture import answer, freezing
from lagesbild.picture.asking import Ask
from lagesbild.picture.content import Disclosure
from lagesbild.picture.disclosure import Hider
from lagesbild.picture.models import FrozenPicture
from lagesbild.picture.overlaps import known_within
from lagesbild.stats import SumRange, narrowing
from tests.cast import Cast
from tests.observations.frames import frame, incident
from tests.observations.world import source
from tests.picture.test_freezing import frozen
from tests.picture.world import NOW, World

BoolArray = npt.NDArray[np.bool_]
EARLIER = "from=2025-01-01&to=2025-05-30"  # without the last two narcotics events


def shown_exactly(picture: FrozenPicture, who: Membership) -> None:
    """As pictures were before the others' numbers were rounded: small ones hidden, the others as they are."""
    ask = Ask.from_dict(picture.parameters["ask"])
    full = answer.answer(answer.prepare(who.collaboration, None, ask), None).content
    content = replace(full, disclosure=Disclosure(threshold=5))
    FrozenPicture.objects.filter(pk=picture.pk).update(content=freezing.packed(content))


@pytest.mark.parametrize("threshold", [2, 3, 4, 5, 6, 10])
def test_what_a_reader_knows_of_a_shown_number_is_what_gives_it(threshold: int) -> None:
    hide = Hider(threshold)
    disclosure = Disclosure(threshold=threshold, rounded_to=threshold)
    shown = {n: hide.count(n) for n in range(60)}
    for n, value in shown.items():
        low, high = known_within(value, disclosure)
        same = [other for other, seen in shown.items() if seen == value and (value is not None or other)]
        assert low == min(same), n
        assert high == max(same) or high >= 59


def test_pictures_that_differ_by_a_day_can_both_be_frozen(world: World) -> None:
    frozen(world.cast.anna)
    assert frozen(world.cast.anna, EARLIER).pk


def test_beside_an_exact_picture_one_that_gives_a_number_away_is_refused(world: World) -> None:
    """Narcotics: 61 exactly before, and now 59 shown as 60. The two that are missing would be at most three."""
    old = frozen(world.cast.anna)
    shown_exactly(old, world.cast.anna)
    with pytest.raises(UserError) as refused:
        frozen(world.cast.anna, EARLIER)
    assert refused.value.code == "picture.would_narrow"
    assert "Forum i maj" in refused.value.message
    assert frozen(world.cast.anna, EARLIER, sharing=SharingLevel.OWN).pk  # shows all, to its owner only
    assert frozen(world.cast.anna, NOW).pk
    assert frozen(world.cast.anna, "from=2024-01-01&to=2024-06-30").pk


def test_a_picture_that_the_member_may_not_see_is_not_named(world: World) -> None:
    shown_exactly(frozen(world.cast.ada, sharing=SharingLevel.STEERING), world.cast.anna)
    FrozenPicture.objects.update(owner=world.cast.police)
    with pytest.raises(UserError) as refused:
        frozen(world.cast.anna, EARLIER)
    assert "Forum i maj" not in refused.value.message


def test_all_stretches_of_some_days_cannot_all_be_frozen(cast: Cast) -> None:
    """A solver with all ten stretches of four days knows every day. With those that are let through it does not."""
    own, first, days = source(cast.municipality, "egna"), date(2025, 3, 3), (4, 9, 4, 6)
    incidents = [
        incident(f"{day}-{k}", (first + timedelta(days=day)).isoformat(), 12)
        for day, n in enumerate(days)
        for k in range(n)
    ]
    IncidentStore("ekby").commit(frame(*incidents), source=own.slug, batch_id=1)
    stretches = [(start, end) for start in range(4) for end in range(start + 1, 5)]
    asked = np.eye(4, dtype=bool)[[0, 2]]
    assert [(each.low, each.high) for each in _left(days, stretches, asked)] != [(1, 4), (1, 4)]
    let = []
    for start, end in stretches:
        ends = [first + timedelta(days=start), first + timedelta(days=end - 1)]
        query = f"from={ends[0]}&to={ends[1]}&compare=none"
        if _is_let(cast.anna, query):
            let.append((start, end))
    assert 4 < len(let) < len(stretches)
    assert [(each.low, each.high) for each in _left(days, let, asked)] == [(1, 4), (1, 4)]


def _is_let(who: Membership, query: str) -> bool:
    try:
        frozen(who, query)
    except UserError as refused:
        return refused.code != "picture.would_narrow"
    return True


def _left(days: tuple[int, ...], stretches: list[tuple[int, int]], asked: BoolArray) -> tuple[SumRange, ...]:
    hide, disclosure = Hider(5), Disclosure(threshold=5, rounded_to=5)
    covers = [[start <= day < end for day in range(len(days))] for start, end in stretches]
    limits = [known_within(hide.count(sum(days[start:end])), disclosure) for start, end in stretches]
    return narrowing(covers, [low for low, _ in limits], [high for _, high in limits], asked=asked).ranges
