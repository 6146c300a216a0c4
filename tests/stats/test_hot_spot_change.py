"""New, persistent and fading hot spots."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.stats import hot_spot_change
from tests.stats.untimed import untimed

pytestmark = pytest.mark.one_database


def mask(*rows: str) -> npt.NDArray[np.bool_]:
    return np.array([[cell == "#" for cell in row] for row in rows])


BEFORE = mask(
    "##....",
    "##....",
    "......",
    ".....#",
)
AFTER = mask(
    ".###..",
    "......",
    "......",
    "##....",
)


def test_overlap_persists_the_rest_is_new_or_fading() -> None:
    result = hot_spot_change(BEFORE, AFTER)
    assert [(each.fate, each.label, each.met, each.n_cells, each.n_shared) for each in result.clusters] == [
        ("persistent", 1, (1,), 3, 1),
        ("new", 2, (), 2, 0),
        ("fading", 2, (), 1, 0),
    ]
    assert [each.label for each in result.with_fate("new")] == [2]


def test_neighbours_are_the_same_only_when_reach_is_given() -> None:
    before, after = mask("#...", "....", "...."), mask("....", ".#..", "....")
    assert [each.fate for each in hot_spot_change(before, after).clusters] == ["new", "fading"]
    assert [each.fate for each in hot_spot_change(before, after, reach_cells=1).clusters] == ["persistent"]
    two_away = mask("....", "....", "..#.")
    assert [each.fate for each in hot_spot_change(before, two_away, reach_cells=1).clusters] == ["new", "fading"]


def test_a_split_and_a_merger_show_whom_they_met() -> None:
    whole, parts = mask("#####"), mask("##.##")
    assert [each.met for each in hot_spot_change(whole, parts).clusters] == [(1,), (1,)]
    assert [each.met for each in hot_spot_change(parts, whole).clusters] == [(1, 2)]


def test_labels_are_kept_and_cold_cells_are_not_hot() -> None:
    before, after = np.array([[7, 0, -1]]), np.array([[3, 3, 5]])
    result = hot_spot_change(before, after)
    assert [(each.fate, each.label, each.met) for each in result.clusters] == [("persistent", 3, (7,)), ("new", 5, ())]


def test_none_in_either_period_is_an_answer() -> None:
    empty = np.zeros((4, 6), dtype=bool)
    assert hot_spot_change(empty, empty).clusters == ()
    assert [each.fate for each in hot_spot_change(BEFORE, empty).clusters] == ["fading", "fading"]
    assert [each.fate for each in hot_spot_change(empty, AFTER).clusters] == ["new", "new"]


def test_different_grids_are_refused() -> None:
    with pytest.raises(ValueError, match="`before` and `after` must have the same shape"):
        hot_spot_change(BEFORE, AFTER[:, :5])
    with pytest.raises(TypeError, match="`before` must be a mask"):
        hot_spot_change(BEFORE.astype(float), AFTER)


@untimed
@given(seed=st.integers(0, 10_000), reach=st.integers(0, 3))
def test_every_cluster_has_one_fate_and_time_reversed_new_is_fading(seed: int, reach: int) -> None:
    rng = np.random.default_rng(seed)
    before, after = rng.random((6, 7)) < 0.2, rng.random((6, 7)) < 0.2
    there, back = hot_spot_change(before, after, reach_cells=reach), hot_spot_change(after, before, reach_cells=reach)
    assert [each.label for each in there.with_fate("new")] == [each.label for each in back.with_fate("fading")]
    assert [each.label for each in there.with_fate("fading")] == [each.label for each in back.with_fate("new")]
    kept = len(there.with_fate("new")) + len(there.with_fate("persistent"))
    assert kept == there.labels_after.max()
