"""What became of scenes from round to round."""

from __future__ import annotations

import pytest

from lagesbild.scenes.lineage import Became, Step, steps

pytestmark = pytest.mark.one_database

TORGET, PARKEN, GATAN, STATION = 1, 2, 3, 4


def test_a_scene_is_new_then_remains_then_has_ended() -> None:
    found = steps([10, 11, 12], {10: frozenset({TORGET}), 11: frozenset({TORGET})}, [])
    assert [[step.became for step in found[number]] for number in (10, 11, 12)] == [
        [Became.NEW],
        [Became.REMAINED],
        [Became.ENDED],
    ]


def test_several_that_become_one_are_merged_and_have_not_ended() -> None:
    found = steps(
        [10, 11], {10: frozenset({TORGET, PARKEN}), 11: frozenset({GATAN})}, [(11, TORGET, GATAN), (11, PARKEN, GATAN)]
    )
    assert found[11] == (Step(GATAN, Became.MERGED, (TORGET, PARKEN)),)


def test_one_that_takes_in_another_is_merged_too() -> None:
    found = steps([10, 11], {10: frozenset({TORGET, PARKEN}), 11: frozenset({TORGET})}, [(11, PARKEN, TORGET)])
    assert found[11] == (Step(TORGET, Became.MERGED, (PARKEN,)),)


def test_one_that_becomes_several_is_split_and_one_that_follows_another_has_moved() -> None:
    drawn = {10: frozenset({TORGET}), 11: frozenset({PARKEN, GATAN}), 12: frozenset({STATION, GATAN})}
    found = steps([10, 11, 12], drawn, [(11, TORGET, PARKEN), (11, TORGET, GATAN), (12, PARKEN, STATION)])
    assert found[11] == (Step(PARKEN, Became.SPLIT, (TORGET,)), Step(GATAN, Became.SPLIT, (TORGET,)))
    assert found[12] == (Step(GATAN, Became.REMAINED), Step(STATION, Became.MOVED, (PARKEN,)))


def test_nothing_mapped_is_nothing_told() -> None:
    assert steps([], {}, []) == {}
    assert steps([10], {}, []) == {10: ()}
