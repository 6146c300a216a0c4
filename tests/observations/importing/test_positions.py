"""Coordinates: spellings, systems, withheld places, swapped axes, places outside."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from lagesbild.core.errors import UserError
from lagesbild.observations.importing import Checked, Mapping
from lagesbild.observations.importing.positions import read_numbers, read_pairs
from tests.observations.importing.files import checked, raw_of, told

LAT, LON = "59.33258", "18.06490"


def places(
    y: list[str | None], x: list[str | None], *, bounds: Any = None, crs_here: int = 3006, **fields: Any
) -> Checked:
    mapping = Mapping(occurred="D", source_type_constant="x", x="X", y="Y", **({"crs": "EPSG:4326"} | fields))
    return checked(raw_of(D=["2026-02-28"] * len(x), X=x, Y=y), mapping, working_crs=crs_here, bounds=bounds)


def test_degrees_become_metres_in_the_working_system() -> None:
    row = places([LAT], [LON]).frame.row(0, named=True)
    expected = Transformer.from_crs(4326, 3006, always_xy=True).transform(float(LON), float(LAT))
    assert (row["x"], row["y"]) == pytest.approx(expected, abs=1e-6)
    assert row["precision"] == "exact"


def test_the_central_meridian_is_where_theory_puts_it() -> None:
    # SWEREF 99 TM: 15 degrees east is x = 500,000; y is 0.9996 of the meridian arc, 6,654,072.819 m up to 60 degrees.
    row = places(["60"], ["15"]).frame.row(0, named=True)
    assert (row["x"], row["y"]) == pytest.approx((500_000, 0.9996 * 6_654_072.819), abs=0.01)


@pytest.mark.parametrize("epsg", [3006, 3011, 3021, 3857, 25833, 32633, 4258])
def test_every_system_lands_on_the_same_metre(epsg: int) -> None:
    x, y = Transformer.from_crs(4326, epsg, always_xy=True).transform(float(LON), float(LAT))
    row = places([f"{y:.8f}"], [f"{x:.8f}"], crs=f"EPSG:{epsg}").frame.row(0, named=True)
    expected = Transformer.from_crs(4326, 3006, always_xy=True).transform(float(LON), float(LAT))
    assert (row["x"], row["y"]) == pytest.approx(expected, abs=2)


def test_the_working_system_is_meant_when_none_is_stated_and_nothing_is_moved() -> None:
    row = places(["6580822.25"], ["674032.5"], crs=None).frame.row(0, named=True)
    assert (row["x"], row["y"]) == (674032.5, 6580822.25)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("6580822,5", 6580822.5),
        ("6 580 822,5", 6580822.5),
        ("6\u00a0580\u00a0822,5", 6580822.5),
        ("6.580.822,5", 6580822.5),
        ("6580822.5", 6580822.5),
        ("6,580,822.5", 6580822.5),
        ("-75,56985400000", -75.569854),
        ("−75.5", -75.5),
        ("+59.3", 59.3),
        (".5", 0.5),
        ("5.93e1", 59.3),
        ("59.", 59.0),
    ],
)
def test_numbers_are_read_in_every_spelling(text: str, value: float) -> None:
    assert read_numbers(pl.Series([text]), decimal="auto").to_list() == [value]


@pytest.mark.parametrize("text", ["x", "59.33N", "1.2.3", "--5", "5-", "inf", "nan", "1e", "0x10", "59°19'"])
def test_what_is_no_number_is_not_read(text: str) -> None:
    assert read_numbers(pl.Series([text]), decimal=".").to_list() == [None]


def test_only_three_figures_after_a_single_sign_are_judged_by_the_column() -> None:
    assert read_numbers(pl.Series(["59,5", "59,333", "1.234"]), decimal="auto").to_list() == [59.5, 59.333, 1234.0]
    assert read_numbers(pl.Series(["59.5", "59.333", "1,234"]), decimal="auto").to_list() == [59.5, 59.333, 1234.0]
    assert read_numbers(pl.Series(["6580822.5", "6580823.5", "6580824,5"]), decimal="auto")[2] == 6580824.5


def test_the_stated_decimal_sign_wins() -> None:
    assert read_numbers(pl.Series(["1.234"]), decimal=",").to_list() == [1234.0]
    assert read_numbers(pl.Series(["1,234"]), decimal=".").to_list() == [1234.0]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(-1e7, 1e7, allow_nan=False).map(lambda v: round(v, 6)), min_size=1, max_size=6))
def test_numbers_with_decimal_commas_are_read_back(values: list[float]) -> None:
    texts = pl.Series([f"{value:.6f}".replace(".", ",") for value in values])
    assert read_numbers(texts, decimal="auto").to_list() == values


@settings(max_examples=10, deadline=None)
@given(st.lists(st.tuples(st.floats(55.5, 68.5), st.floats(11.5, 23.5)), min_size=1, max_size=50))
def test_positions_survive_projection_there_and_back(positions: list[tuple[float, float]]) -> None:
    frame = places([repr(lat) for lat, _ in positions], [repr(lon) for _, lon in positions]).frame
    lon, lat = Transformer.from_crs(3006, 4326, always_xy=True).transform(frame["x"].to_numpy(), frame["y"].to_numpy())
    assert np.column_stack([lat, lon]) == pytest.approx(np.array(positions), abs=1e-9)


@pytest.mark.parametrize(
    "text",
    [
        "59.33,18.07",
        "59.33, 18.07",
        "(59.33, 18.07)",
        "59.33 18.07",
        "59,33; 18,07",
        "59,33 18,07",
        "POINT(18.07 59.33)",
    ],
)
def test_both_coordinates_may_stand_in_one_column(text: str) -> None:
    assert read_pairs(pl.Series([text])).row(0) == (18.07, 59.33)


def test_a_broken_pair_is_told() -> None:
    mapping = Mapping(occurred="D", source_type_constant="x", xy="P", crs="EPSG:4326")
    result = checked(raw_of(D=["2026-02-28"] * 3, P=["59.33,18.07", "59.33", "0,0"]), mapping)
    assert told(result) == [(3, "P", "import.coordinate_refused")]
    assert result.n_withheld == 1


@pytest.mark.parametrize(
    ("y", "x"), [("0", "0"), ("0.0", "0.000"), ("0,0", "0,0"), (None, None), ("NA", ""), ("-", "null")]
)
def test_withheld_places_are_counted_and_are_no_error(y: str | None, x: str | None) -> None:
    result = places([y, LAT], [x, LON])
    assert result.ok
    assert result.n_withheld == 1
    row = result.frame.row(0, named=True)
    assert (row["x"], row["y"], row["precision"]) == (None, None, "none")
    assert "1 row has no place" in str(result.notes[-1])


def test_zero_in_one_coordinate_alone_is_a_place() -> None:
    result = places(["51.5"], ["0"], crs_here=27700)
    assert result.n_withheld == 0
    assert result.frame["x"].null_count() == 0


def test_one_coordinate_without_the_other_is_an_error() -> None:
    assert told(places([LAT, None], [None, LON])) == [
        (2, "Y, X", "import.coordinate_half"),
        (3, "Y, X", "import.coordinate_half"),
    ]


def test_a_coordinate_that_cannot_be_read_is_told_once_with_row_and_column() -> None:
    result = places([LAT, "norr"], [LON, LON])
    assert told(result) == [(3, "Y", "import.coordinate_refused")]
    assert result.problems["value"].to_list() == ["norr"]


@pytest.mark.parametrize("text", ["inf", "-inf", "NaN", "1e400"])
def test_what_is_not_finite_never_gets_through(text: str) -> None:
    result = places([LAT, text], [LON, LON])
    assert result.n_errors == 1
    assert np.isfinite(result.frame["y"].to_numpy()).all()


def test_a_single_row_with_swapped_axes_is_told_as_such() -> None:
    result = places([LAT, LON, LAT, LAT], [LON, LAT, LON, LON])
    assert told(result) == [(3, "Y, X", "import.coordinate_swapped")]
    assert result.frame["row"].to_list() == [2, 4, 5]


def test_a_file_with_swapped_axes_is_told_once_and_can_be_repaired() -> None:
    swapped = places([LON] * 5, [LAT] * 5)
    assert told(swapped) == [(None, "Y, X", "import.axes_swapped")]
    assert swapped.frame.is_empty()
    repaired = places([LON] * 5, [LAT] * 5, swap_axes=True)
    assert repaired.ok
    assert repaired.frame["x"].to_list() == places([LAT] * 5, [LON] * 5).frame["x"].to_list()


def test_metres_taken_for_degrees_are_told_once() -> None:
    result = places(["6580822"] * 3, ["674032"] * 3)
    assert told(result) == [(None, "Y, X", "import.system_wrong")]


def test_a_position_the_system_cannot_describe_is_an_error_by_row() -> None:
    result = places([LAT, LAT, "-33.9"], [LON, LON, "18.4"])
    assert told(result) == [(4, "Y, X", "import.coordinate_impossible")]
    assert result.problems["value"].to_list() == ["-33.9, 18.4"]


def test_outside_the_area_of_the_collaboration_is_a_warning() -> None:
    stockholm = (600_000.0, 6_500_000.0, 700_000.0, 6_600_000.0)
    result = places([LAT, "55.605"], [LON, "13.0"], bounds=stockholm)
    assert result.ok
    assert told(result) == [(3, "Y, X", "import.coordinate_outside")]
    assert result.frame.height == 2


def test_exactly_on_the_bounds_is_inside() -> None:
    bounds = (674032.0, 6580822.0, 674033.0, 6580823.0)
    assert told(places(["6580822", "6580823"], ["674032", "674033"], crs=None, bounds=bounds)) == []


def test_an_unknown_system_is_refused_by_name() -> None:
    with pytest.raises(UserError) as refused:
        places([LAT], [LON], crs="EPSG:99999")
    assert refused.value.code == "import.crs_unknown"
    assert "EPSG:99999" in str(refused.value)


@pytest.mark.parametrize(
    "crs", ["EPSG:5613", 'ENGCRS["a",EDATUM["b"],CS[Cartesian,2],AXIS["x",east],AXIS["y",north],LENGTHUNIT["m",1]]']
)
def test_a_system_that_is_not_on_the_ground_is_refused(crs: str) -> None:
    with pytest.raises(UserError) as refused:
        places([LAT], [LON], crs=crs)
    assert refused.value.code == "import.crs_unusable"


def test_a_bad_date_does_not_hide_or_invent_a_problem_of_place() -> None:
    mapping = Mapping(occurred="D", source_type_constant="x", x="X", y="Y", crs="EPSG:4326")
    raw = raw_of(D=["31 feb", "31 feb", "31 feb"], X=["0", None, LON], Y=["0", LAT, LAT])
    assert told(checked(raw, mapping)) == [
        (2, "D", "import.date_refused"),
        (3, "D", "import.date_refused"),
        (3, "Y, X", "import.coordinate_half"),
        (4, "D", "import.date_refused"),
    ]


def test_precision_comes_from_a_column_or_a_constant() -> None:
    mapping = Mapping(
        occurred="D", source_type_constant="x", x="X", y="Y", crs="EPSG:4326", precision="street",
        precision_column="P", precision_values={"gata": "street", "kommun": "municipality"}, area_name="A",
    )  # fmt: skip
    raw = raw_of(
        D=["2026-02-28"] * 5,
        X=[LON, LON, LON, None, LON],
        Y=[LAT, LAT, LAT, None, LAT],
        P=["exact", "kommun", None, "kommun", "gissad"],
        A=[None, "Ekby", None, "Ekby", None],
    )
    result = checked(raw, mapping)
    assert result.frame["precision"].to_list() == ["exact", "municipality", "street", "municipality"]
    assert told(result) == [(6, "P", "import.precision_unknown")]
