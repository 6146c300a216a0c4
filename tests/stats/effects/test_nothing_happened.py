"""Ten years of assaults in Chicago and measures that never were: how often do the methods see an effect?"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest
from scipy.stats import binomtest

from lagesbild.stats import difference_in_differences, interrupted_series
from tests.shared_data import shared_data

pytestmark = pytest.mark.one_database


@pytest.fixture(scope="module")
def months() -> npt.NDArray[np.int64]:
    """Assaults by square of about 2.5 km and month, squares with two a month or more; shape (82, 120)."""
    rows = pl.read_csv(
        shared_data("chicago-assaults-2010-2019") / "assaults.csv.gz", columns=["date", "longitude", "latitude"]
    )
    rows = rows.drop_nulls()
    month = rows["date"].str.slice(0, 4).cast(int) * 12 + rows["date"].str.slice(5, 2).cast(int) - (2010 * 12 + 1)
    square = np.floor(rows["longitude"].to_numpy() / 0.03) * 100_000 + np.floor(rows["latitude"].to_numpy() / 0.0225)
    _, area = np.unique(square, return_inverse=True)
    counts = np.zeros((area.max() + 1, 120), dtype=np.int64)
    np.add.at(counts, (area, month.to_numpy()), 1)
    return counts[counts.sum(axis=1) > 240]


def share_seen(months: npt.NDArray[np.int64], errors: str) -> tuple[int, int]:
    """Series of three years with a measure after two: how many have p below 0.05, of how many."""
    found = [
        interrupted_series(row[first : first + 36], start=24, season_length=12, errors=errors)  # type: ignore[arg-type]
        for first in (0, 36, 72)
        for row in months
    ]
    below = [each.average.pvalue < 0.05 for each in found if each.average is not None]
    return sum(below), len(below)


def test_a_series_is_seldom_said_to_leave_its_course(months: npt.NDArray[np.int64]) -> None:
    below, n = share_seen(months, "autoregressive")
    assert binomtest(below, n, 0.05, alternative="greater").pvalue > 0.001


def test_newey_west_says_so_far_too_often_in_short_series(months: npt.NDArray[np.int64]) -> None:
    below, n = share_seen(months, "newey-west")
    assert below > 2 * 0.05 * n


def test_squares_drawn_at_random_seldom_differ_from_the_others(months: npt.NDArray[np.int64]) -> None:
    rng = np.random.default_rng(1)
    found = [
        difference_in_differences(
            months[:, first : first + 24], treated=rng.permutation(len(months)) < 10, start=12, n_replicates=199, rng=at
        )
        for first in (0, 24, 48, 72, 96)
        for at in range(50)
    ]
    for values in ([each.pvalue for each in found], [each.pre_trend_p for each in found]):
        below = int(np.sum(np.array(values, dtype=float) <= 0.05))
        assert binomtest(below, len(found), 0.05, alternative="greater").pvalue > 0.001
