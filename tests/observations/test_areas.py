"""Incidents know their areas: at import, by point or by name, and again when boundaries change."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import shapely

from lagesbild.core import jobs
from lagesbild.core.models import Job, JobState
from lagesbild.observations import imports
from lagesbild.observations.filters import EventFilter
from lagesbild.observations.queries import events
from lagesbild.observations.store import IncidentStore
from lagesbild.places.actions import import_areas
from lagesbild.places.models import Area, AreaSetVersion
from tests.cast import Cast
from tests.observations import csvfiles, world

# Two squares of 10 m by 1 km side by side; the ten incidents of `csvfiles` lie on a line of one metre steps, 1 to 10.
WEST, EAST = (673_990, 674_005), (674_005, 674_050)


def squares(tmp_path: Path, *columns: tuple[int, int]) -> Path:
    features = [
        {
            "type": "Feature",
            "properties": {"kod": f"K{number}", "namn": f"Område {number}"},
            "geometry": shapely.geometry.mapping(shapely.box(west, 6_579_000, east, 6_581_000)),
        }
        for number, (west, east) in enumerate(columns, start=1)
    ]
    path = tmp_path / f"areas{len(list(tmp_path.glob('areas*')))}.geojson"
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3006"}}
    path.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": features}))
    return path


def areas(cast: Cast, path: Path) -> AreaSetVersion:
    return import_areas(
        cast.ekby,
        cast.municipality,
        slug="delar",
        name="Delar",
        file=path,
        source="prov",
        valid_from=None,
        code_field="kod",
        name_field="namn",
        accept_repairs=True,
        actor=None,
    )


def per_area(cast: Cast) -> dict[str, int]:
    """Incidents per code of the current version, as the filter finds them."""
    current = AreaSetVersion.objects.order_by("-number").first()
    return {
        area.code: events(cast.ekby, EventFilter(areas=frozenset({area.pk}))).collect().height
        for area in Area.objects.filter(version=current).order_by("code")
    }


def test_points_are_placed_when_they_are_imported(cast: Cast, tmp_path: Path) -> None:
    areas(cast, squares(tmp_path, WEST, EAST))
    imports.import_file(world.source(cast.municipality, "vakter"), csvfiles.good(tmp_path / "a.csv"), actor=None)
    assert per_area(cast) == {"K1": 5, "K2": 5}  # the one on the border counts in the lower code


def test_incidents_known_by_area_are_placed_by_name_and_never_by_their_point(cast: Cast, tmp_path: Path) -> None:
    areas(cast, squares(tmp_path, WEST, EAST))
    path = tmp_path / "a.csv"
    path.write_text(
        "id;typ;datum;område;E;N;precision\n"
        "1;Brand;2025-01-01;område 2;674001;6580000;municipality\n"
        "2;Brand;2025-01-01;K1;674040;6580000;municipality\n"
        "3;Brand;2025-01-01;Annanstans;674001;6580000;municipality\n"
    )
    imports.import_file(world.source(cast.municipality, "vakter"), path, actor=None)
    found = IncidentStore("ekby").scan(columns=["source_id", "precision"]).collect()
    assert found["precision"].to_list() == ["municipality"] * 3
    assert per_area(cast) == {"K1": 1, "K2": 1}


@pytest.mark.django_db(transaction=True)
def test_new_boundaries_place_stored_incidents_anew(cast: Cast, tmp_path: Path) -> None:
    imports.import_file(world.source(cast.municipality, "vakter"), csvfiles.good(tmp_path / "a.csv"), actor=None)
    areas(cast, squares(tmp_path, WEST, EAST))
    run_waiting()
    assert per_area(cast) == {"K1": 5, "K2": 5}
    before = IncidentStore("ekby").version()

    areas(cast, squares(tmp_path, (673_990, 674_002), (674_002, 674_050)))
    run_waiting()
    assert per_area(cast) == {"K1": 2, "K2": 8}
    assert IncidentStore("ekby").version() == before + 1


def run_waiting() -> None:
    for job in Job.objects.filter(state=JobState.QUEUED):
        assert job.kind == "observations.assign_areas"
        jobs.run(str(job.pk))
        job.refresh_from_db()
        assert job.state == JobState.DONE


def test_boundaries_before_any_import_start_no_work(cast: Cast, tmp_path: Path) -> None:
    areas(cast, squares(tmp_path, WEST, EAST))
    assert not Job.objects.exists()
