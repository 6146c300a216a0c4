"""The San Francisco files are the published data: 13,472 incidents, and the published counts per block group."""

from __future__ import annotations

import polars as pl
import pyogrio
import pytest
import shapely

from lagesbild.core.geo import project, project_geometry
from lagesbild.worlds.description import worlds_folder

pytestmark = pytest.mark.one_database

FOLDER = worlds_folder() / "san-francisco"
PUBLISHED = {
    "DRUG/NARCOTIC": ("published_drugs", 3897),
    "ROBBERY": ("published_robbery", 2761),
    "VANDALISM": ("published_vandalism", 3430),
    "VEHICLE THEFT": ("published_cartheft", 3384),
}


@pytest.fixture(scope="module")
def incidents() -> pl.DataFrame:
    return pl.read_csv(FOLDER / "incidents.csv.gz")


def test_all_incidents_are_there_each_with_its_own_id(incidents: pl.DataFrame) -> None:
    assert incidents.height == 13_472
    assert incidents["id"].n_unique() == 13_472
    assert incidents["id"].str.split("-").list.first().n_unique() == 10_140
    assert dict(incidents.group_by("category").len().iter_rows()) == {k: n for k, (_, n) in PUBLISHED.items()}
    assert (incidents["date"].min(), incidents["date"].max()) == ("2012-07-01", "2012-12-31")


def test_counting_in_working_coordinates_gives_the_published_counts(incidents: pl.DataFrame) -> None:
    groups = pyogrio.read_dataframe(FOLDER / "block_groups.gpkg")
    shapes = [project_geometry(shape, from_crs=4269, to_crs=26910) for shape in groups.geometry]
    x, y = project(incidents["lon"], incidents["lat"], from_crs=4269, to_crs=26910)
    points, hits = shapely.STRtree(shapes).query(shapely.points(x, y), predicate="within")

    assert len(groups) == 579
    for category, (column, _) in PUBLISHED.items():
        wanted = incidents["category"].to_numpy()[points] == category
        counted = pl.Series(hits[wanted]).value_counts()
        per_group = dict(counted.iter_rows())
        agrees = [per_group.get(i, 0) == published for i, published in enumerate(groups[column])]
        assert sum(agrees) / len(agrees) >= 0.99, category
