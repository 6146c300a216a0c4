"""What can be worked out by subtracting published numbers, and what must be hidden so that nothing small can."""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.stats import DifferencingResult, differencing, suppress, suppress_overlapping
from tests.stats.untimed import untimed

pytestmark = pytest.mark.one_database

Covers = npt.NDArray[np.bool_]
SYSTEMS = st.integers(1, 4).flatmap(
    lambda k: st.tuples(
        st.lists(st.integers(0, 6), min_size=k, max_size=k),
        st.lists(st.lists(st.booleans(), min_size=k, max_size=k), min_size=1, max_size=5),
        st.lists(st.booleans(), min_size=5, max_size=5),
    )
)


def table_numbers(counts: npt.NDArray[np.int64]) -> Covers:
    """All cells, rows, columns and the total of a table, each as the cells it adds up."""
    cell = np.arange(counts.size).reshape(counts.shape)
    every = np.eye(counts.size, dtype=bool)
    rows = [np.isin(np.arange(counts.size), cell[row]) for row in range(counts.shape[0])]
    columns = [np.isin(np.arange(counts.size), cell[:, col]) for col in range(counts.shape[1])]
    return np.vstack([every, rows, columns, np.ones((1, counts.size), dtype=bool)])


def solutions(counts: list[int], covers: Covers, hidden: Covers) -> npt.NDArray[np.int64]:
    """Every table of whole numbers that a reader cannot tell from the true one; the units are all covered."""
    shown = covers[~hidden]
    most = int((shown @ np.array(counts)).max())
    tables = np.array(list(itertools.product(range(most + 1), repeat=len(counts))))
    return tables[(tables @ shown.T == shown @ np.array(counts)).all(axis=1)]


def test_two_filters_that_differ_by_three_events_give_the_three_away() -> None:
    # One picture with everything, one with everything but one place.
    found = differencing([3, 200], [[True, True], [False, True]])
    assert [(risk.units, risk.low, risk.high) for risk in found.risks] == [((0,), 3, 3)]
    assert not found.safe
    assert [note.code for note in found.notes] == ["differencing.at_risk"]


def test_filters_that_each_leave_something_out_show_only_their_difference() -> None:
    found = differencing([3, 200, 8], [[True, True, False], [False, True, True]])
    assert found.safe


def test_exactly_the_threshold_is_no_risk() -> None:
    covers = [[True, True], [False, True]]
    assert differencing([5, 200], covers).safe
    assert not differencing([4, 200], covers).safe
    assert differencing([4, 200], covers, threshold=4).safe


def test_a_range_below_the_threshold_is_a_risk_too() -> None:
    # Two areas that hold four together: which has what is unknown, but neither is large.
    found = differencing([1, 3, 40], [[True, True, True], [False, False, True]], threshold=5)
    assert [(risk.units, risk.low, risk.high) for risk in found.risks] == [((0, 1), 4, 4)]
    parted = differencing([1, 3, 40, 9], np.array(0) < [[1, 1, 1, 0], [0, 0, 1, 0], [0, 1, 0, 1]])
    assert [(risk.units, risk.low, risk.high) for risk in parted.risks] == [((0,), 0, 4), ((1,), 0, 4)]


def test_three_nested_areas_are_subtracted_in_turn() -> None:
    covers = np.tri(3, dtype=bool)
    found = differencing([30, 2, 50], covers)
    assert [(risk.units, risk.high) for risk in found.risks] == [((1,), 2)]
    hiding = differencing([30, 2, 50], covers, hidden=[False, True, False])
    assert hiding.safe
    assert [(each.number, each.low, each.high) for each in hiding.hidden] == [(1, 30, 82)]


def test_a_hidden_number_that_can_be_worked_out_is_told() -> None:
    found = differencing([30, 20], [[True, False], [False, True], [True, True]], hidden=[True, False, False])
    assert [(each.low, each.high) for each in found.hidden] == [(30, 30)]
    assert found.safe
    alone = differencing([30], [[True]], hidden=[True])
    assert [(each.low, each.high) for each in alone.hidden] == [(0, None)]


def test_zero_is_a_secret_only_when_asked() -> None:
    covers = [[True, True], [False, True]]
    assert differencing([0, 20], covers).safe
    assert not differencing([0, 20], covers, zeros="hide").safe
    assert suppress_overlapping([0, 20], covers, zeros="hide").values == (20, None)


def test_two_tables_that_are_safe_alone_are_not_safe_together() -> None:
    # By area within category, and by category within month: the third way is worked out from both.
    counts = np.array([[[6, 2], [7, 9]], [[9, 8], [6, 7]]])
    cell = np.arange(8).reshape(counts.shape)
    first = [np.isin(np.arange(8), cell[a, b]) for a in range(2) for b in range(2)]
    alone = [value for value in suppress([[8, 16], [17, 13]]).table if value is None]
    assert not alone
    single = np.eye(8, dtype=bool)[[0]]
    assert differencing(counts.ravel(), np.array(first)).safe
    both = differencing(counts.ravel(), np.vstack([first, single]))
    assert [(risk.units, risk.high) for risk in both.risks] == [((1,), 2)]


@untimed
@given(system=SYSTEMS)
def test_the_ranges_are_those_of_all_tables_a_reader_must_think_possible(
    system: tuple[list[int], list[list[bool]], list[bool]],
) -> None:
    counts, rows, away = system
    covers, hidden = np.array(rows), np.array(away[: len(rows)])
    hidden &= ~covers.all(axis=1)
    if not covers[~hidden].any(axis=0).all():
        return
    possible = solutions(counts, covers, hidden)
    found = differencing(counts, covers, hidden=hidden, threshold=4)
    classes = {tuple(np.flatnonzero((column == covers.T).all(axis=1)).tolist()) for column in covers.T}
    expected = set()
    for units in classes:
        sums = possible[:, list(units)].sum(axis=1)
        if 0 < sums.max() < 4:
            expected.add((units, int(sums.min()), int(sums.max())))
    assert {(risk.units, risk.low, risk.high) for risk in found.risks} == expected
    for each in found.hidden:
        sums = possible @ covers[each.number]
        assert (each.low, each.high) == (sums.min(), sums.max())


@untimed
@given(system=SYSTEMS, zeros=st.sampled_from(["show", "hide"]))
def test_what_is_left_to_show_gives_nothing_small_away(
    system: tuple[list[int], list[list[bool]], list[bool]], zeros: str
) -> None:
    counts, rows, _ = system
    covers = np.array(rows)
    shown = suppress_overlapping(counts, covers, threshold=4, zeros=zeros)  # type: ignore[arg-type]
    hidden = np.array([value is None for value in shown.values])
    assert [value for value in shown.values if value is not None] == (covers @ np.array(counts))[~hidden].tolist()
    assert all(value >= 4 or (zeros == "show" and value == 0) for value in shown.values if value is not None)
    assert differencing(counts, covers, hidden=hidden, threshold=4, zeros=zeros).safe  # type: ignore[arg-type]
    assert shown.n_hidden == hidden.sum()


def test_a_row_that_was_suppressed_by_itself_is_safe_here_too() -> None:
    rng = np.random.default_rng(4)
    for _ in range(20):
        counts = rng.poisson(6, 8)
        shown = suppress(counts)
        covers = np.vstack([np.eye(8, dtype=bool), np.ones((1, 8), dtype=bool)])
        hidden = [value is None for value in (*shown.table, shown.total)]
        assert differencing(counts, covers, hidden=hidden).safe


def test_a_margin_that_is_nearly_free_hides_little() -> None:
    counts = np.array([[3, 20, 30], [10, 12, 14], [9, 40, 50]])
    covers = table_numbers(counts)
    shown = suppress_overlapping(counts.ravel(), covers)
    assert shown.values[0] is None
    assert shown.n_hidden <= suppress(counts).n_hidden
    assert shown.values[-1] == counts.sum()


def test_three_way_tables_of_real_size_are_checked_in_a_moment() -> None:
    shape = (5, 8, 6)
    counts = np.random.default_rng(5).poisson(5, shape)
    cell = np.arange(counts.size).reshape(shape)
    covers = []
    for axes in ((0, 1), (0, 2), (1, 2)):
        for at in np.ndindex(*(shape[axis] for axis in axes)):
            where: list[int | slice] = [slice(None)] * 3
            for axis, position in zip(axes, at, strict=True):
                where[axis] = position
            covers.append(np.isin(np.arange(counts.size), cell[tuple(where)]))
    found = differencing(counts.ravel(), np.array(covers))
    assert found.n_classes == 240
    assert all(0 < risk.high < 5 for risk in found.risks)


def told(result: DifferencingResult, order: npt.NDArray[np.int64]) -> set[tuple[frozenset[int], int, int]]:
    return {(frozenset(order[list(risk.units)].tolist()), risk.low, risk.high) for risk in result.risks}


def test_the_order_of_units_and_numbers_does_not_matter_and_arguments_are_left_alone() -> None:
    rng = np.random.default_rng(6)
    counts, covers = rng.poisson(4, 12), rng.random((9, 12)) < 0.4
    before = counts.copy(), covers.copy()
    order = rng.permutation(12)
    first = differencing(counts, covers)
    second = differencing(counts[order], covers[rng.permutation(9)][:, order])
    assert told(first, np.arange(12)) == told(second, order)
    assert np.array_equal(counts, before[0])
    assert np.array_equal(covers, before[1])


def test_nothing_published_and_nothing_counted_are_answers() -> None:
    assert differencing([3], np.zeros((0, 1), dtype=bool)).safe
    assert differencing([], np.zeros((2, 0), dtype=bool)).safe
    assert suppress_overlapping([], np.zeros((1, 0), dtype=bool)).values == (0,)
    all_small = suppress_overlapping([1, 2], [[True, False], [True, True]])
    assert all_small.values == (None, None)
    assert [note.code for note in all_small.notes] == ["disclosure.all_hidden"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"counts": [-1], "covers": [[True]]}, "`counts` must hold whole numbers"),
        ({"counts": [1, 2], "covers": [[True]]}, "`covers` must have the shape"),
        ({"counts": [1], "covers": [True]}, "`covers` must have two dimensions"),
        ({"counts": [1], "covers": [[True]], "threshold": 1}, "`threshold` must be at least 2"),
        ({"counts": [1], "covers": [[True]], "zeros": "maybe"}, "show, hide"),
        ({"counts": [1], "covers": [[True]], "hidden": [True, False]}, "`hidden` must have the shape"),
    ],
)
def test_other_arguments_are_refused(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        differencing(**arguments)  # type: ignore[arg-type]
