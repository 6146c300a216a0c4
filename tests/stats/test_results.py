"""What all results have in common, and how the library behaves as a whole."""

from __future__ import annotations

import dataclasses
import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_array

from lagesbild import stats
from lagesbild.stats._result import Result

pytestmark = pytest.mark.one_database

PACKAGE = Path(stats.__file__).parent
GRID = stats.Grid(0, 0, 100, n_cols=8, n_rows=6)
COUNTS = np.random.default_rng(22).poisson(3, GRID.shape)
GI = stats.gi_star_grid(COUNTS, window=stats.Window.queen())
RING = csr_array(np.array([[0, 1, 0, 1], [1, 0, 1, 0], [0, 1, 0, 1], [1, 0, 1, 0]], dtype=float))
RESULTS: list[Result] = [
    stats.density([150], [150], grid=GRID, bandwidth_m=200),
    GI,
    stats.benjamini_hochberg([0.1, 0.2], alpha=0.05),
    stats.hot_spots(COUNTS, grid=GRID, gi=GI, alpha=0.9, min_count=0),
    stats.hot_spot_change(COUNTS > 4, COUNTS > 5),
    stats.compare_counts(0, 4),
    stats.compare_counts_many([0, 1], [0, 4]),
    stats.emerging_hot_spots_grid(np.stack([COUNTS] * 3), window=stats.Window.queen()),
    stats.alarm([3, 4, 2, 5, 3, 4, 2, 5, 9], periods_per_year=12),
    stats.change_points([0, 0, 9, 9], exposure=[1, 0, 1, 1]),
    stats.change_point_test([0, 0, 9, 9, 9], n_replicates=9, rng=1),
    stats.hour_shift([0, 1, 2], is_after=[True, False, True], n_replicates=9, rng=1),
    stats.hour_weekday_profile([0, 1], time_known=[True, False]),
    stats.mean_time([0, 1]),
    stats.seasonal_profile([1, 2], exposure_days=[30] * 11 + [0]),
    stats.rate(3, None),
    stats.forecast_accuracy([True, False], [1, 0], counts_before=[0, 2]),
    stats.suppress([[1, 20], [30, 40]]),
    stats.duty_coverage(np.ones((7, 24)), {"police": np.eye(7, 24, dtype=int)}, shift_hours=1),
    stats.printed_share(0.2, None),
    stats.compare_waves(stats.printed_share(0.2, 50), stats.printed_share(0.3, 50)),
    stats.plan_visits([1, 2], np.ones((3, 3)), budget_minutes=60, rng=1),
    stats.differencing([3, 9], [[True, True], [False, True]], hidden=[False, False]),
    stats.narrowing([[True]], [3], [np.inf], asked=[[True]]),
    stats.suppress_overlapping([3, 9], [[True, True], [False, True]]),
    stats.knox([0, 9], [0, 0], [0, 1], distance_bands=[0, 1, np.inf], time_bands=[0, 7], n_replicates=9, rng=1),
    stats.max_statistic([3.0], [1.0], alpha=0.05),
    stats.scan_permutation(
        [0, 0, 9, 9, 9], [0] * 5, [3, 3, 0, 1, 2], windows=stats.ScanWindows(max_days=1), n_replicates=9, rng=1
    ),
    stats.gi_star_permutation_grid(COUNTS, window=stats.Window.queen(), n_replicates=9, rng=1),
    stats.moran([1, 2, 3, 4], weights=RING, n_replicates=9, rng=1),
    stats.near_repeat_chains([0, 9], [0, 0], [0, 1], radius_m=10, window_days=2),
    stats.local_knox([0, 9], [0, 0], [0, 1], radius_m=10, window_days=2, alpha=0.9),
    stats.local_moran([1, 2, 3, 4], weights=RING, n_replicates=9, rng=1),
    stats.difference_in_differences([[4, 2], [3, 4], [5, 5]], treated=np.arange(3) == 0, start=1, rng=1),
    stats.before_after([4, 6, 5], [3, 2, 2]),
    stats.interrupted_series([9, 8, 7, 9, 3, 4, 2, 3], start=4),
    stats.covariate_balance([1, 2, 4, 3], treated=np.arange(4) < 2),
    stats.match_blocks([1, 2, 4, 3]),
    stats.randomise(["a", "b", "c"], seed=1),
    stats.trial_effect([1, 2, 4, 3], treated=np.arange(4) < 2, rng=1),
    stats.follow_up_power(design="before-after", ratio=0.7, events_per_period=9, periods_before=12, periods_after=12),
    stats.synthetic_world(width_m=9, height_m=9, days=9, n_background=9, rng=1),
    stats.displacement((100, 70), (200, 200), catchments={"ring": (80, 76)}),
    stats.category_mix([4, 5, 0], [9, 2, 0], n_replicates=9, rng=1),
    stats.spp_test([4, 5, 0], [9, 2, 0], n_replicates=9, rng=1),
]


@pytest.mark.parametrize("result", RESULTS, ids=lambda result: result.method)
def test_results_are_frozen_down_to_their_arrays(result: Result) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.notes = ()  # type: ignore[misc]
    for field in dataclasses.fields(result):
        value = getattr(result, field.name)
        if isinstance(value, np.ndarray):
            assert not value.flags.writeable, field.name


@pytest.mark.parametrize("result", RESULTS, ids=lambda result: result.method)
def test_results_become_strict_json_with_method_version_and_parameters(result: Result) -> None:
    facts = json.loads(json.dumps(result.to_dict(), allow_nan=False))
    assert facts["method"] == result.method
    assert facts["version"] == result.version
    assert isinstance(facts["parameters"], dict)
    assert isinstance(facts["notes"], list)


def test_no_two_methods_share_a_name() -> None:
    names = [result.method for result in RESULTS]
    assert len(set(names)) == len(names) == len(Result.__subclasses__())


def test_every_note_is_listed_and_every_listed_note_is_used() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py") if path.name != "notes.py")
    prefixes = "|".join({code.split(".")[0] for code in stats.NOTES})
    used = set(re.findall(rf'"((?:{prefixes})\.[a-z_]+)"', source))
    assert used == set(stats.NOTES)


def test_a_note_says_its_sentence_with_its_values() -> None:
    assert stats.Note("gi_star.few_cells", {"n": 7}).text.startswith("Only 7 cells")
    with pytest.raises(ValueError, match="`code` must be listed"):
        stats.Note("gi_star.unheard_of")


def test_importing_the_library_loads_nothing_heavy() -> None:
    heavy = ("scipy", "numba", "django", "polars", "pandas")
    program = f"import sys, lagesbild.stats; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(PACKAGE.parent.parent)},
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", [name for name in stats.__all__ if name.islower() and callable(getattr(stats, name))])
def test_every_public_function_explains_itself(name: str) -> None:
    text = getattr(stats, name).__doc__ or ""
    assert text.split("\n")[0].strip()
    if name not in ("observed_days", "density_of_counts", "gi_star_grid", "seasonal_profile_of_counts"):
        for heading in ("Parameters", "Returns", "Notes"):
            assert f"    {heading}\n    {'-' * len(heading)}\n" in text, f"{name} lacks {heading}"
