"""Mappings are saved as JSON, checked when read back, and compared with the columns of the file."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lagesbild.core.errors import UserError
from lagesbild.observations.importing import KNOWN_MAPPINGS, Mapping
from tests.observations.importing.files import checked, raw_of

FULL = Mapping(
    name="egen", source_id="Id", source_type="Typ", occurred="D", x="X", y="Y", crs="EPSG:3011", decimal=",",
    precision_column="P", precision_values={"gata": "street"}, swap_axes=True,
    occurred_parts={"year": "År", "month": "M"},
)  # fmt: skip


@pytest.mark.parametrize("mapping", [Mapping(), FULL, *KNOWN_MAPPINGS.values()])
def test_a_mapping_survives_being_saved_as_json(mapping: Mapping) -> None:
    assert Mapping.from_dict(json.loads(json.dumps(mapping.to_dict()))) == mapping


def test_only_what_is_not_default_is_saved() -> None:
    assert Mapping(occurred="D").to_dict() == {"occurred": "D"}


@pytest.mark.parametrize(
    "saved",
    [
        None,
        [],
        "x",
        {"unknown": "x"},
        {"occurred": 5},
        {"occurred": ["D"]},
        {"swap_axes": "yes"},
        {"precision": "roughly"},
        {"date_order": "ydm"},
        {"decimal": ";"},
        {"time_precision": "second"},
        {"precision_values": {"gata": "lane"}},
        {"precision_values": {"gata": 1}},
        {"occurred_parts": {"week": "V"}},
        {"name": None},
        {"time_zone": "Europe/Klara"},
        {"time_zone": "../../etc/passwd"},
    ],
)
def test_a_saved_mapping_that_is_not_one_is_refused(saved: Any) -> None:
    with pytest.raises(UserError) as refused:
        Mapping.from_dict(saved)
    assert refused.value.code == "import.mapping_refused"


@pytest.mark.parametrize(
    ("mapping", "code", "field"),
    [
        (Mapping(source_type="T", occurred="Borta"), "import.column_missing", "occurred"),
        (Mapping(source_type="T"), "import.date_unmapped", "occurred"),
        (Mapping(occurred="D"), "import.type_unmapped", "source_type"),
        (Mapping(occurred="D", source_type="T", x="X"), "import.axis_unmapped", "x"),
        (Mapping(occurred_text="D", source_type="T"), "import.reported_unmapped", "reported"),
        (Mapping(occurred_parts={"year": "D"}, source_type="T"), "import.date_unmapped", "occurred"),
    ],
)
def test_a_mapping_that_does_not_fit_the_file_says_which_field(mapping: Mapping, code: str, field: str) -> None:
    with pytest.raises(UserError) as refused:
        checked(raw_of(D=["2026-01-01"], T=["x"], X=["1"]), mapping)
    assert (refused.value.code, refused.value.field) == (code, field)
