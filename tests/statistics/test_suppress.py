"""`lagesbild stats suppress` for several tables of the same events."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lagesbild.stats import differencing
from tests.statistics.command import answer, csv, refusal

pytestmark = pytest.mark.one_database

# district, area within it, month
EVENTS = [
    *[("a", "north", "n1", "jan")] * 9,
    *[("a", "north", "n1", "feb")] * 12,
    *[("a", "north", "n2", "jan")] * 2,
    *[("a", "south", "s1", "feb")] * 20,
    *[("b", "north", "n1", "jan")] * 15,
    *[("b", "north", "n2", "feb")] * 11,
    *[("b", "south", "s1", "jan")] * 30,
]


def number(tables: list[dict[str, Any]], by: str, kind: str, value: str) -> int | None:
    table = next(each for each in tables if each["by"] == by)
    found: int | None = table["table"][table["rows"].index(kind)][table["columns"].index(value)]
    return found


def test_nested_areas_cannot_be_subtracted_from_their_district(tmp_path: Path) -> None:
    path = csv(tmp_path / "e.csv", "category,district,area,month", EVENTS)
    found = answer("suppress", path, "--by", "district", "--by", "area")
    tables = found["tables"]
    assert [table["by"] for table in tables] == ["district", "area"]
    assert number(tables, "area", "a", "n2") is None
    # 23 in the north less 21 in n1 would give the two away.
    assert None in (number(tables, "area", "a", "n1"), number(tables, "district", "a", "north"))
    assert found["input"]["rows"] == len(EVENTS)


def test_what_several_tables_show_is_true_and_safe_together(tmp_path: Path) -> None:
    path = csv(tmp_path / "e.csv", "category,district,area,month", EVENTS)
    tables = answer("suppress", path, "--by", "area", "--by", "month")["tables"]
    totals = [(table["row_totals"], table["total"]) for table in tables]
    assert totals[0] == totals[1]
    rows = np.array(EVENTS)
    covers, hidden = [], []
    for table in tables:
        column = rows[:, ["category", "district", "area", "month"].index(table["by"])]
        for r, kind in enumerate([*table["rows"], None]):
            for c, value in enumerate([*table["columns"], None]):
                inside = ((rows[:, 0] == kind) | (kind is None)) & ((column == value) | (value is None))
                grid = [*table["table"], table["column_totals"]]
                line = [*grid[r], (*table["row_totals"], table["total"])[r]]
                covers.append(inside)
                hidden.append(line[c] is None)
                assert line[c] in (None, int(inside.sum()))
    assert differencing(np.ones(len(rows), dtype=int), np.array(covers), hidden=hidden).safe
    assert any(hidden)


def test_counts_can_be_added_up_and_columns_must_differ(tmp_path: Path) -> None:
    path = csv(tmp_path / "c.csv", "category,area,month,n", [("a", "x", "jan", 3), ("a", "y", "feb", 40)])
    found = answer("suppress", path, "--by", "area", "--by", "month", "--count", "n", "--threshold", 3)
    assert found["tables"][0]["table"] == [[3, 40]]
    nothing = answer("suppress", csv(tmp_path / "n.csv", "category,area,month", []), "--by", "area", "--by", "month")
    assert (nothing["tables"][1]["table"], nothing["n_hidden"]) == ([], 0)
    assert "each once" in refusal("suppress", path, "--by", "area", "--by", "area")
    assert "no column" in refusal("suppress", path, "--by", "area", "--by", "week")
