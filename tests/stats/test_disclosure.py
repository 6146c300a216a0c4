"""Small numbers that nobody outside may read or work out."""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from lagesbild.stats import SuppressionResult, suppress
from tests.stats.untimed import untimed

pytestmark = pytest.mark.one_database

TABLES = st.tuples(st.integers(1, 4), st.integers(1, 4)).flatmap(
    lambda shape: st.lists(
        st.lists(st.one_of(st.integers(0, 7), st.integers(0, 60)), min_size=shape[1], max_size=shape[1]),
        min_size=shape[0],
        max_size=shape[0],
    )
)


def full_of(result: SuppressionResult) -> list[list[int | None]]:
    rows = [[*row, total] for row, total in zip(result.table, result.row_totals, strict=True)]  # type: ignore[misc]
    return [*rows, [*result.column_totals, result.total]]


def range_of(cell: tuple[int, int], shown: list[list[int | None]]) -> tuple[float, float]:
    """What a reader can work out about one number: the lines add up and nothing is negative."""
    n_rows, n_cols = len(shown), len(shown[0])
    lines = []
    for row in range(n_rows):
        line = np.zeros((n_rows, n_cols))
        line[row, :-1], line[row, -1] = 1, -1
        lines.append(line.ravel())
    for col in range(n_cols):
        line = np.zeros((n_rows, n_cols))
        line[:-1, col], line[-1, col] = 1, -1
        lines.append(line.ravel())
    bounds = [(0, 1e6) if value is None else (value, value) for row in shown for value in row]
    goal = np.zeros(n_rows * n_cols)
    goal[cell[0] * n_cols + cell[1]] = 1
    found = [
        linprog(sign * goal, A_eq=np.array(lines), b_eq=np.zeros(len(lines)), bounds=bounds).fun for sign in (1, -1)
    ]
    return found[0], -found[1]


def with_totals(table: list[list[int]]) -> npt.NDArray[np.int64]:
    counts = np.array(table)
    rows = np.hstack([counts, counts.sum(axis=1, keepdims=True)])
    return np.vstack([rows, rows.sum(axis=0, keepdims=True)])


def test_one_small_number_takes_the_smallest_other_with_it() -> None:
    result = suppress([3, 20, 30, 0])
    assert result.table == (None, None, 30, 0)
    assert result.total == 53
    assert result.n_hidden == 2


def test_exactly_the_threshold_is_shown() -> None:
    assert suppress([5, 20, 30]).table == (5, 20, 30)
    assert suppress([4, 20, 30]).table == (None, None, 30)
    assert suppress([4, 20, 30], threshold=4).table == (4, 20, 30)


def test_two_small_numbers_that_add_up_to_a_small_one_take_a_third() -> None:
    assert suppress([1, 2, 30, 9]).table == (None, None, 30, None)
    assert suppress([2, 3, 30, 9]).table == (None, None, 30, 9)


def test_a_small_total_is_hidden_with_its_parts() -> None:
    result = suppress([1, 2, 0])
    assert (result.table, result.total) == ((None, None, 0), None)
    assert [note.code for note in result.notes] == ["disclosure.all_hidden"]


def test_a_small_number_alone_hides_the_total() -> None:
    result = suppress([[3]])
    assert full_of(result) == [[None, None], [None, None]]
    assert suppress([3]).total is None


def test_zeros_are_shown_or_count_as_small() -> None:
    assert suppress([0, 12, 9]).table == (0, 12, 9)
    assert suppress([0, 12, 9], zeros="hide").table == (None, 12, None)


def test_a_zero_is_never_hidden_to_protect_another_number() -> None:
    assert suppress([3, 0, 40, 50]).table == (None, 0, None, 50)


def test_a_small_number_in_a_table_is_protected_along_its_row_and_its_column() -> None:
    result = suppress([[3, 20, 30], [10, 12, 14], [9, 40, 50]])
    assert result.table == ((None, None, 30), (None, None, 14), (9, 40, 50))
    assert result.row_totals == (53, 36, 99)
    assert result.column_totals == (22, 72, 94)
    assert result.total == 188


def test_nothing_small_hides_nothing() -> None:
    result = suppress([[30, 20], [10, 12]])
    assert full_of(result) == [[30, 20, 50], [10, 12, 22], [40, 32, 72]]
    assert result.n_hidden == 0


def test_no_numbers_are_an_answer() -> None:
    assert suppress([]).table == ()
    assert suppress([0, 0]).table == (0, 0)
    assert suppress(np.zeros((0, 3))).column_totals == (0, 0, 0)


def test_nothing_in_the_result_tells_which_numbers_were_small() -> None:
    facts = suppress([[3, 20, 30], [10, 12, 14], [9, 40, 50]]).to_dict()
    assert set(facts) == {
        *("method", "version", "parameters", "notes", "table", "row_totals", "column_totals", "total", "n_hidden")
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"table": [1, -1]}, "`table` must hold whole numbers"),
        ({"table": [1.5]}, "`table` must hold whole numbers"),
        ({"table": [[[1]]]}, "one or two dimensions"),
        ({"table": [1], "threshold": 1}, "`threshold` must be at least 2"),
        ({"table": [1], "zeros": "maybe"}, "show, hide"),
    ],
)
def test_other_arguments_are_refused(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        suppress(**arguments)  # type: ignore[arg-type]


@untimed
@given(table=TABLES, threshold=st.sampled_from([3, 5]))
def test_no_hidden_number_can_be_worked_out(table: list[list[int]], threshold: int) -> None:
    shown = full_of(suppress(table, threshold=threshold))
    full = with_totals(table)
    for cell in np.ndindex(full.shape):
        value = shown[cell[0]][cell[1]]
        if value is not None:
            assert value == full[cell]
            assert value == 0 or value >= threshold
        else:
            low, high = range_of(cell, shown)
            assert high - low > 0.99
            assert low - 1e-6 <= full[cell] <= high + 1e-6


@untimed
@given(table=TABLES)
def test_with_zeros_hidden_neither_they_nor_others_can_be_worked_out(table: list[list[int]]) -> None:
    shown = full_of(suppress(table, zeros="hide"))
    full = with_totals(table)
    for cell in np.ndindex(full.shape):
        assert shown[cell[0]][cell[1]] in (None, full[cell])
        assert (shown[cell[0]][cell[1]] or 5) >= 5
        if shown[cell[0]][cell[1]] is None:
            low, high = range_of(cell, shown)
            assert high - low > 0.99


def test_a_hidden_zero_between_two_closed_blocks_cannot_be_worked_out_from_both() -> None:
    table = [[4, 4, 0, 50], [4, 4, 50, 50], [50, 50, 4, 4], [50, 50, 4, 4]]
    shown = full_of(suppress(table, zeros="hide"))
    assert shown[0][2] is None
    low, high = range_of((0, 2), shown)
    assert high - low > 0.99


@untimed
@given(table=TABLES)
def test_the_hidden_part_of_a_line_with_a_total_is_not_small(table: list[list[int]]) -> None:
    shown, full = full_of(suppress(table)), with_totals(table)
    for row, numbers in zip(shown, full, strict=True):
        hidden = [number for value, number in zip(row[:-1], numbers, strict=False) if value is None]
        if row[-1] is not None and hidden:
            assert sum(hidden) >= 5


@untimed
@given(st.lists(st.one_of(st.integers(0, 7), st.integers(0, 60)), min_size=1, max_size=7))
def test_in_one_row_as_few_and_small_numbers_as_possible_are_hidden(counts: list[int]) -> None:
    result = suppress(counts)
    if result.total is None:
        assert sum(counts) < 5
        return
    hidden = [at for at, value in enumerate(result.table) if value is None]
    small = {at for at, count in enumerate(counts) if 0 < count < 5}
    positive = [at for at, count in enumerate(counts) if count > 0]
    allowed = [
        chosen
        for size in range(len(positive) + 1)
        for chosen in itertools.combinations(positive, size)
        if small <= set(chosen) and (not chosen or (len(chosen) > 1 and sum(counts[at] for at in chosen) >= 5))
    ]
    best = min((len(chosen), sum(counts[at] for at in chosen)) for chosen in allowed)
    assert (len(hidden), sum(counts[at] for at in hidden)) == best


@untimed
@given(table=TABLES, seed=st.integers(0, 1_000))
def test_asking_again_gives_the_same_and_the_table_is_left_alone(table: list[list[int]], seed: int) -> None:
    given_table = np.array(table)
    before = given_table.copy()
    assert full_of(suppress(given_table)) == full_of(suppress(given_table))
    assert np.array_equal(given_table, before)


def test_a_large_table_is_done_and_hides_little_more_than_it_must() -> None:
    table = np.random.default_rng(21).poisson(12, (300, 20))
    result = suppress(table)
    small = int(((table > 0) & (table < 5)).sum())
    assert small <= result.n_hidden <= 4 * small
