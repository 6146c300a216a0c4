"""Real area files: Swedish municipalities, three cities in three zones, and San Francisco's block groups."""

from __future__ import annotations

import csv
import gzip
from collections import Counter

import numpy as np
import pyogrio
import pytest

from lagesbild.accounts import actions as accounts
from lagesbild.core.geo import project
from lagesbild.places import queries
from lagesbild.places.actions import import_areas
from lagesbild.places.models import Area
from tests.cast import Cast
from tests.shared_data import shared_data

pytestmark = pytest.mark.one_database  # what is in large files; that it is stored on both, test_import_areas says

PUBLISHED = {
    "Drugs": "DRUG/NARCOTIC",
    "Robbery": "ROBBERY",
    "Vandalism": "VANDALISM",
    "CarTheft": "VEHICLE THEFT",
}


def test_each_city_in_its_own_zone_lands_in_its_own_municipality(cast: Cast) -> None:
    import_areas(
        cast.ekby,
        cast.municipality,
        slug="kommuner",
        name="Kommuner",
        file=shared_data("kommuner-lan") / "kommuner_3006.gpkg",
        source="swemaps2",
        valid_from=None,
        code_field="kn_kod",
        name_field="kn_namn",
        actor=None,
    )
    for file, code, municipality in (
        ("stockholm_3011.gpkg", "nyckelkod", "Stockholm"),
        ("goteborg_3007.gpkg", "basomrade", "Göteborg"),
        ("malmo_3008.gpkg", "do_kod", "Malmö"),
    ):
        version = import_areas(
            cast.ekby,
            cast.municipality,
            slug=municipality.lower().replace("ö", "o"),
            name=municipality,
            file=shared_data("storstad-basomraden") / file,
            source="swemaps2",
            valid_from=None,
            code_field=code,
            name_field=code,
            parent_set="kommuner",
            accept_repairs=True,
            actor=None,
        )
        parents = list(Area.objects.filter(version=version).values_list("parent__name", flat=True))
        share = parents.count(municipality) / len(parents)
        assert share > 0.9, (municipality, share)  # the shores of the two sources differ


def test_points_per_block_group_give_the_published_counts(db: None) -> None:
    bay = accounts.ensure_collaboration(
        "bay", name="Bay", working_crs=26910, time_zone="America/Los_Angeles", actor=None
    )
    city = accounts.ensure_organisation(bay, "city", name="City", actor=None)
    folder = shared_data("sf-crime-2012")
    version = import_areas(
        bay,
        city,
        slug="block-groups",
        name="Block groups",
        file=folder / "block_groups_4269.gpkg",
        source="GeoDa",
        valid_from=None,
        code_field="GEO_ID",
        name_field="NAME",
        actor=None,
    )
    with gzip.open(folder / "incidents.csv.gz", "rt", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    lon, lat = (np.array([float(row[name]) for row in rows]) for name in ("lon", "lat"))
    x, y = project(lon, lat, from_crs=4269, to_crs=26910)
    found = queries.area_index(version).assign(x, y)
    areas = dict(Area.objects.filter(version=version).values_list("pk", "code"))
    counted = Counter((areas.get(key, ""), row["Category"]) for key, row in zip(found.tolist(), rows, strict=True))
    columns = pyogrio.raw.read(folder / "block_groups_4269.gpkg", read_geometry=False)
    published = dict(zip(columns[0]["fields"], columns[3], strict=True))
    agree = 0
    for group, *values in zip(published["GEO_ID"], *(published[name] for name in PUBLISHED), strict=True):
        agree += all(counted[group, category] == n for category, n in zip(PUBLISHED.values(), values, strict=True))
    assert len(areas) == 579
    assert agree >= 0.99 * 579
