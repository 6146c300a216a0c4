"""The residents that a table's counts and rates imply."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from lagesbild.observations import actions, listings
from lagesbild.observations.implied_rates import ImpliedTable, implied_table
from lagesbild.observations.models import Series, SeriesTable, SeriesValue
from lagesbild.places.models import Area, Fact, FactKind
from tests.cast import Cast
from tests.picture.world import planted

pytestmark = pytest.mark.django_db


@pytest.fixture
def table(cast: Cast) -> SeriesTable:
    return SeriesTable.objects.create(
        collaboration=cast.municipality.collaboration,
        owner=cast.municipality,
        slug="brott",
        title="Brott",
        source="BRÅ",
    )


def a_series(table: SeriesTable, unit: str, area: str, *values: float | None) -> Series:
    """Yearly figures from 2017."""
    series = Series.objects.create(
        table=table, key=f"{area}-{len(unit)}".lower(), title=f"{area} {unit}", unit=unit, area_text=area
    )
    SeriesValue.objects.bulk_create(
        SeriesValue(series=series, period_from=date(2017 + at, 1, 1), period_to=date(2018 + at, 1, 1), value=value)
        for at, value in enumerate(values)
    )
    return series


def implied(cast: Cast, table: SeriesTable) -> ImpliedTable | None:
    return implied_table(cast.anna, listings.series_of(table))


def test_each_area_has_its_own_denominator_and_zero_or_missing_gives_none(cast: Cast, table: SeriesTable) -> None:
    a_series(table, "antal", "Torget", 50, 0, None)
    a_series(table, "per 100 000 invånare", "Torget", 1000, 0, 900)
    a_series(table, "antal", "Staden", 400, 300, 200)
    a_series(table, "per 100\xa0000 invånare", "Staden", 100, 150, 0)
    found = implied(cast, table)
    assert found is not None
    assert found.areas == ("Staden", "Torget")
    residents = [[None if cell is None else cell.residents for cell in cells] for _period, cells in found.rows]
    assert residents == [[400_000.0, 5000.0], [200_000.0, None]]  # a year without either is left out


def test_a_table_without_both_implies_nothing(cast: Cast, table: SeriesTable) -> None:
    a_series(table, "antal", "Torget", 50)
    a_series(table, "per 100 000 invånare", "Staden", 100)
    a_series(table, "procent", "Torget", 5)
    assert implied(cast, table) is None


def test_known_residents_of_the_area_give_the_rate_again(cast: Cast, table: SeriesTable) -> None:
    world = planted(cast)
    area = Area.objects.get(version=world.areas, code="A1")
    Fact.objects.filter(area=area).update(value=4000, valid_from=date(2017, 12, 31), valid_to=None)
    assert Fact.objects.filter(area=area, kind=FactKind.RESIDENTS).exists()
    for series in (
        a_series(table, "antal", "Torget", 50, 60),
        a_series(table, "per 100 000 invånare", "Torget", 1000, 1200),
    ):
        Series.objects.filter(pk=series.pk).update(area=area)
    found = implied(cast, table)
    assert found is not None
    [first, second] = [cells[0] for _period, cells in found.rows]
    assert first is not None
    assert second is not None
    assert (first.again, first.signed_difference) == (1250.0, "+250")
    assert (second.again, second.signed_difference) == (1500.0, "+300")


def test_the_page_shows_them_with_what_must_be_known_of_the_table(
    cast: Cast, table: SeriesTable, client: Client
) -> None:
    a_series(table, "antal", "Torget", 50)
    a_series(table, "per 100 000 invånare", "Torget", 1000)
    actions.note_table(table, "Två olika områden.", actor=None)
    client.force_login(cast.anna.user)
    page = client.get(reverse("observations:series_table", args=["ekby", "brott"])).content.decode()
    assert "Två olika områden." in page
    assert "5\xa0000" in page
