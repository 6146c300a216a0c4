"""Area sets: versions, parents, and all or nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import shapely

from lagesbild.core.errors import UserError
from lagesbild.core.models import AuditEvent
from lagesbild.places import after, queries
from lagesbild.places.models import Area, AreaSet, AreaSetVersion
from lagesbild.places.reading import FileProblemsError, RepairsNotAcceptedError
from tests.cast import Cast
from tests.places.builders import EAST, NORTH, board, geojson, square, store


def _write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_areas_are_stored_with_their_bounds_and_a_label_inside(cast: Cast, tmp_path: Path) -> None:
    version = store(cast.ekby, cast.municipality, board(tmp_path), valid_from=date(2026, 1, 1))
    area = Area.objects.get(version=version, code="10")
    assert (area.min_x, area.min_y, area.max_x, area.max_y) == pytest.approx(
        (EAST + 1000, NORTH, EAST + 2000, NORTH + 1000), abs=0.1
    )
    assert square(1, 0).contains(shapely.Point(area.label_x, area.label_y))
    assert area.area_m2 == pytest.approx(1e6, rel=1e-4)
    assert (version.number, version.imported_crs, version.valid_from) == (1, "EPSG:4326", date(2026, 1, 1))


def test_the_same_file_again_changes_nothing(cast: Cast, tmp_path: Path) -> None:
    first = store(cast.ekby, cast.municipality, board(tmp_path))
    again = store(cast.ekby, cast.municipality, board(tmp_path))
    assert again.pk == first.pk
    assert AreaSetVersion.objects.count() == 1
    assert AuditEvent.objects.filter(code="area_sets.imported").count() == 1


def test_another_file_or_another_reading_is_a_new_version_and_the_old_one_stays(cast: Cast, tmp_path: Path) -> None:
    first = store(cast.ekby, cast.municipality, board(tmp_path))
    second = store(cast.ekby, cast.municipality, board(tmp_path, columns=3))
    third = store(cast.ekby, cast.municipality, board(tmp_path, columns=3), name_field="code")
    assert [each.number for each in (first, second, third)] == [1, 2, 3]
    assert [version.pk for version in queries.current_versions(cast.ekby)] == [third.pk]
    assert Area.objects.filter(version=first).count() == 4


def test_one_bad_row_stores_nothing(cast: Cast, tmp_path: Path) -> None:
    rows = [({"code": "1", "name": "God"}, square()), ({"code": "2", "name": "Tom"}, None)]
    with pytest.raises(FileProblemsError) as caught:
        store(cast.ekby, cast.municipality, _write(tmp_path / "a", geojson(rows)))
    assert [(problem.code, problem.row) for problem in caught.value.problems] == [("empty_geometry", 2)]
    assert not AreaSet.objects.exists()


def test_repairs_are_stored_only_when_accepted_and_are_remembered(cast: Cast, tmp_path: Path) -> None:
    crossing = shapely.Polygon([(EAST, NORTH), (EAST + 900, NORTH + 900), (EAST + 900, NORTH), (EAST, NORTH + 900)])
    file = _write(tmp_path / "a", geojson([({"code": "1", "name": "Fluga"}, crossing)]))
    with pytest.raises(RepairsNotAcceptedError):
        store(cast.ekby, cast.municipality, file)
    assert not AreaSet.objects.exists()
    version = store(cast.ekby, cast.municipality, file, accept_repairs=True)
    assert [repair["code"] for repair in version.repairs] == ["made_valid"]


def _big(folder: Path, name: str = "big.geojson", *, side: float = 2000, extra: bool = False) -> Path:
    rows = [({"code": "W", "name": "Väst"}, square(0, side=side)), ({"code": "E", "name": "Öst"}, square(1, side=side))]
    if extra:
        rows.append(({"code": "F", "name": "Fjärran"}, square(5)))
    return _write(folder / name, geojson(rows))


def test_parents_are_found_by_position(cast: Cast, tmp_path: Path) -> None:
    store(cast.ekby, cast.municipality, _big(tmp_path), slug="delar")
    version = store(cast.ekby, cast.municipality, board(tmp_path, columns=4), parent_set="delar")
    found = dict(Area.objects.filter(version=version).values_list("code", "parent__code"))
    assert found == {"00": "W", "01": "W", "10": "W", "11": "W", "20": "E", "21": "E", "30": "E", "31": "E"}
    assert version.area_set.parent_set is not None


def test_parents_are_found_by_code_and_an_unknown_one_is_a_problem(cast: Cast, tmp_path: Path) -> None:
    store(cast.ekby, cast.municipality, _big(tmp_path), slug="delar")
    rows = [({"code": "1", "name": "a", "in": "E"}, square(0)), ({"code": "2", "name": "b", "in": "Z"}, square(1))]
    file = _write(tmp_path / "a", geojson(rows))
    with pytest.raises(FileProblemsError) as caught:
        store(cast.ekby, cast.municipality, file, parent_set="delar", parent_field="in")
    assert [(problem.code, problem.row) for problem in caught.value.problems] == [("unknown_parent", 2)]
    good = _write(tmp_path / "b", geojson(rows[:1]))
    version = store(cast.ekby, cast.municipality, good, parent_set="delar", parent_field="in")
    assert Area.objects.get(version=version).parent.code == "E"  # type: ignore[union-attr]  # the code wins over the position


def test_an_area_outside_every_parent_is_a_repair_to_accept(cast: Cast, tmp_path: Path) -> None:
    store(cast.ekby, cast.municipality, _big(tmp_path, side=1000), slug="delar")
    with pytest.raises(RepairsNotAcceptedError) as caught:
        store(cast.ekby, cast.municipality, board(tmp_path, columns=3, rows=1), parent_set="delar")
    assert [(repair.code, repair.name) for repair in caught.value.repairs] == [("no_parent", "Ruta 20")]


def test_an_area_whose_middle_lies_outside_belongs_where_most_of_it_is(cast: Cast, tmp_path: Path) -> None:
    """Two sets cut at different shores: the quay's middle is in nobody's water."""
    store(cast.ekby, cast.municipality, _big(tmp_path, side=1000), slug="delar")
    quay = shapely.box(EAST + 100, NORTH + 800, EAST + 900, NORTH + 1900)
    file = _write(tmp_path / "a", geojson([({"code": "1", "name": "Kajen"}, quay)]))
    version = store(cast.ekby, cast.municipality, file, parent_set="delar")
    assert Area.objects.get(version=version).parent.code == "W"  # type: ignore[union-attr]


def test_a_parent_set_that_does_not_exist_is_named(cast: Cast, tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        store(cast.ekby, cast.municipality, board(tmp_path), parent_set="delar")
    assert caught.value.code == "places.no_such_area_set"


def test_children_follow_when_their_parents_get_a_new_version(cast: Cast, tmp_path: Path) -> None:
    store(cast.ekby, cast.municipality, _big(tmp_path), slug="delar")
    children = store(cast.ekby, cast.municipality, board(tmp_path, columns=4, rows=1), parent_set="delar")
    newer = store(cast.ekby, cast.municipality, _big(tmp_path, "new", extra=True), slug="delar")
    parents = Area.objects.filter(version=children).values_list("code", "parent__version", "parent__code")
    assert set(parents) == {("00", newer.pk, "W"), ("10", newer.pk, "W"), ("20", newer.pk, "E"), ("30", newer.pk, "E")}
    index = queries.area_index(children)
    assert set(index.parents.tolist()) == set(
        Area.objects.filter(version=newer, code__in="WE").values_list("pk", flat=True)
    )


def test_a_set_that_touches_nothing_else_raises_a_doubt(cast: Cast, tmp_path: Path) -> None:
    """Stockholm's zone taken for Gothenburg's lands 350 km to the west, still in Sweden."""
    store(cast.ekby, cast.municipality, board(tmp_path))
    file = _write(tmp_path / "a", geojson([({"code": "1", "name": "x"}, square())], crs=3011))
    with pytest.raises(RepairsNotAcceptedError) as caught:
        store(cast.ekby, cast.municipality, file, slug="andra", crs="EPSG:3007")
    assert [repair.code for repair in caught.value.repairs] == ["far_from_others"]
    assert store(cast.ekby, cast.municipality, file, slug="andra", crs="EPSG:3011").number == 1


def test_two_collaborations_may_use_the_same_name(cast: Cast, tmp_path: Path) -> None:
    mine = store(cast.ekby, cast.municipality, board(tmp_path))
    theirs = store(cast.sjovik, cast.cecilia.organisation, board(tmp_path))
    assert mine.pk != theirs.pk
    assert list(queries.area_columns(cast.ekby)) == [f"area_{mine.area_set_id}"]


def test_later_subjects_are_told_once_a_version_is_committed(
    cast: Cast, tmp_path: Path, django_capture_on_commit_callbacks, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []
    monkeypatch.setattr(after, "_listeners", {})
    after.when_areas_change("test", lambda version: told.append(version.number))
    with django_capture_on_commit_callbacks(execute=True):
        store(cast.ekby, cast.municipality, board(tmp_path))
        assert told == []
    assert told == [1]


def test_an_index_knows_its_version(cast: Cast, tmp_path: Path) -> None:
    first = queries.area_index(store(cast.ekby, cast.municipality, board(tmp_path)))
    second = queries.area_index(store(cast.ekby, cast.municipality, board(tmp_path, columns=3)))
    assert first.assign([EAST + 2500], [NORTH + 500]).tolist() == [0]
    (found,) = second.assign([EAST + 2500], [NORTH + 500]).tolist()
    assert Area.objects.get(pk=found).code == "20"
