"""`lagesbild stats accuracy`: from events in two periods, or from a table of cells."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.statistics.command import answer, csv, refusal

pytestmark = pytest.mark.one_database


def test_a_table_of_cells_gives_the_indices(tmp_path: Path) -> None:
    rows = [(1, 25), (0, 40), (0, 35), *[(0, 0)] * 17]
    found = answer("accuracy", csv(tmp_path / "c.csv", "chosen,count", rows))
    assert (found["pai"], found["pei"], found["rri"], found["last_period"]) == (5.0, 0.625, None, None)


def test_the_earlier_period_and_the_areas_are_read_when_there(tmp_path: Path) -> None:
    path = csv(tmp_path / "c.csv", "plan,n,before,area", [(1, 20, 30, 3), (0, 30, 30, 1)])
    found = answer("accuracy", path, "--chosen", "plan", "--count", "n")
    assert found["rri"] == pytest.approx(0.8)
    assert found["forecast"]["area_share"] == 0.75
    assert found["parameters"]["areas"] == "given"


def test_events_of_the_first_period_choose_cells_for_the_second(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    x, y, t = rng.random(600) * 3_000, rng.random(600) * 3_000, rng.integers(0, 200, 600)
    x[:300], y[:300] = x[:300] % 200 + 1_000, y[:300] % 200 + 1_000
    path = csv(tmp_path / "e.csv", "x,y,t", zip(x, y, t, strict=True))
    found = answer(
        *("accuracy", path, "--before", "0,100", "--after", "100,200", "--cell", 100, "--bandwidth", 200),
        *("--area-share", 0.02, "--bounds", "0,0,3000,3000"),
    )
    assert found["n_chosen"] == len(found["chosen"]) == 18
    assert {(row, col) for row in (10, 11) for col in (10, 11)} <= {tuple(each) for each in found["chosen"]}
    assert found["n_events"] == int((t >= 100).sum())
    assert found["pai"] > 20
    assert found["last_period"]["area_share"] == pytest.approx(found["forecast"]["area_share"])


def test_what_cannot_be_a_forecast_is_refused(tmp_path: Path) -> None:
    path = csv(tmp_path / "c.csv", "chosen,count", [(2, 1)])
    assert "1 for chosen cells" in refusal("accuracy", path)
    assert "table of cells" in refusal("accuracy", path, "--chosen", "no")
    assert "both --before and --after" in refusal("accuracy", path, "--before", "0,1")
    events = csv(tmp_path / "e.csv", "x,y,t", [(0, 0, 0), (9, 9, 2)])
    assert "must begin when" in refusal("accuracy", events, "--before", "0,2", "--after", "1,3")
    assert "--area-share" in refusal("accuracy", events, "--before", "0,1", "--after", "1,3", "--area-share", 7)
