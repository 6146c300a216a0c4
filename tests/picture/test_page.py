"""The page, its fragment, map data and table: one question, one answer, few queries, nobody else's data."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from lagesbild.accounts.models import Membership, SharingLevel
from lagesbild.picture import kept
from tests.cast import Cast
from tests.picture.world import N_SPOT, N_SPREAD, NOW, World, planted

MOST_QUERIES = 10


def signed_in(member: Membership, language: str = "sv") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def address(name: str = "picture", query: str = NOW) -> str:
    return f"{reverse(f'picture:{name}', args=['ekby'])}?{query}"


def get(member: Membership, name: str = "picture", query: str = NOW, **headers: str) -> Any:
    return signed_in(member).get(address(name, query), headers=headers)


def rows(response: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))


def test_the_page_shows_each_hot_spot_with_its_support(world: World) -> None:
    page = get(world.cast.anna).content.decode()
    assert "Torget med omnejd" in page
    assert "Bestående" in page
    assert "Getis-Ord Gi*" in page
    assert "p, hot spot" in page


def test_the_first_time_and_the_next_cost_few_queries(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(world.cast.anna)
    for _time in ("first", "next"):
        with django_assert_max_num_queries(MOST_QUERIES):
            assert client.get(address()).status_code == 200


def test_narrowing_to_a_place_costs_no_more(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(world.cast.anna)
    with django_assert_max_num_queries(MOST_QUERIES):
        narrowed = client.get(address(query=f"{NOW}&place={world.torg.pk}&category=narcotics"))
    assert narrowed.status_code == 200


@pytest.mark.parametrize("name", ["map_data", "csv"])
def test_map_and_table_cost_few_queries(
    world: World, name: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(world.cast.anna)
    with django_assert_max_num_queries(MOST_QUERIES):
        assert client.get(address(name)).status_code == 200


def test_page_map_and_table_agree_on_every_hot_spot(world: World) -> None:
    query = f"{NOW}&category=narcotics"
    page = get(world.cast.anna, query=query).content.decode()
    features = json.loads(get(world.cast.anna, "map_data", query).content)["hotspots"]["features"]
    table = [row for row in rows(get(world.cast.anna, "csv", query)) if row["part"] == "hot_spot"]
    assert [str(each["properties"]["rank"]) for each in features] == [row["code"] for row in table]
    assert [each["properties"]["name"] for each in features] == [row["name"] for row in table]
    assert [each["properties"]["status"] for each in features] == [row["status"] for row in table]
    assert len(table) == 3
    for row in table:
        assert row["name"] in page
        assert row["n"]
        assert row["p_hot_spot"]


def test_a_hot_spot_on_the_map_carries_count_change_and_p(world: World) -> None:
    features = json.loads(get(world.cast.anna, "map_data").content)["hotspots"]["features"]
    torg = next(each for each in features if "Torget" in each["properties"]["name"])
    text = torg["properties"]["text"]
    assert "händelser" in text
    assert "p för hot spoten, korrigerat" in text
    assert "p för skillnaden, korrigerat" in text


def test_the_table_has_totals_series_week_areas_and_caveats(world: World) -> None:
    table = rows(get(world.cast.anna, "csv"))
    total = next(row for row in table if row["part"] == "total" and not row["code"])
    assert int(total["n"]) == 2 * N_SPOT + N_SPREAD + 3
    assert {"basis", "series", "week", "season", "category", "area", "caveat", "note"} <= {row["part"] for row in table}
    assert any("Upptäcktsbrott" in row["name"] for row in table if row["part"] == "caveat")


def test_the_table_can_be_narrowed_to_a_part(world: World) -> None:
    table = rows(get(world.cast.anna, "csv", f"{NOW}&part=area"))
    assert {row["part"] for row in table} == {"area", "caveat"}  # caveats follow the figures everywhere


def test_exercise_data_is_marked_in_every_part_of_the_table(world: World) -> None:
    world.source.is_exercise = True
    world.source.save()
    for part in ("area", "hot_spot", "basis"):
        marks = [row for row in rows(get(world.cast.anna, "csv", f"{NOW}&part={part}")) if row["code"] == "exercise"]
        assert [row["name"] for row in marks] == ["Övningsdata – inte verkliga händelser"]


def test_a_name_that_looks_like_a_formula_is_no_formula_in_the_table(world: World) -> None:
    world.torg.name = "=HYPERLINK(1)"
    world.torg.save()
    names = [row["name"] for row in rows(get(world.cast.anna, "csv")) if row["part"] == "hot_spot"]
    assert any("HYPERLINK" in name for name in names)
    assert not any(name.startswith("=") for name in names)


def test_caveats_follow_to_page_and_table_alike(world: World) -> None:
    text = "Upptäcktsbrott: följer polisens arbete."
    query = f"{NOW}&category=narcotics"
    assert text in get(world.cast.anna, query=query).content.decode()
    assert text in get(world.cast.anna, "csv", query).content.decode()
    assert text not in get(world.cast.anna, query=f"{NOW}&category=damage").content.decode()


def test_htmx_gets_the_part_that_the_filters_change(world: World) -> None:
    fragment = get(world.cast.anna, **{"HX-Request": "true"})
    text = fragment.content.decode()
    assert "<html" not in text
    assert "Torget med omnejd" in text
    assert "HX-Request" in fragment["Vary"]
    assert 'id="f-presets"' in text


def test_a_reversed_period_is_told_and_the_page_still_stands(world: World) -> None:
    response = get(world.cast.anna, query="from=2025-06-30&to=2025-01-01")
    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()


@pytest.mark.parametrize("query", ["category=nope", "area=999999", "place=999999", "by=nope", "compare=x", "hour=x"])
def test_what_does_not_exist_is_refused_in_words(world: World, query: str) -> None:
    assert get(world.cast.anna, query=query).status_code == 422
    refused = get(world.cast.anna, "map_data", query)
    assert refused.status_code == 422
    assert refused.content.decode().strip()


def test_the_period_is_chosen_when_none_is_asked_for(world: World) -> None:
    page = get(world.cast.anna, query="").content.decode()
    assert "Torget med omnejd" in page


def test_a_collaboration_without_events_says_where_to_begin(cast: Cast) -> None:
    response = get(cast.anna, query="")
    assert response.status_code == 200
    assert reverse("observations:reports", args=["ekby"]) in response.content.decode()


def test_cecilia_of_another_collaboration_sees_nothing(world: World) -> None:
    for name in ("picture", "map_data", "csv", "pdf", "docx", "frozen_list"):
        assert get(world.cast.cecilia, name).status_code == 404


def test_a_source_of_the_own_organisation_only_does_not_count_for_others(cast: Cast) -> None:
    planted(cast, owner=cast.police, sharing=SharingLevel.OWN)
    seen = rows(get(cast.anna, "csv", f"{NOW}&part=total"))
    assert seen[0]["n"] == "0"
    own = rows(get(cast.eva, "csv", f"{NOW}&part=total"))
    assert own[0]["n"] == str(2 * N_SPOT + N_SPREAD + 3)


def test_what_is_kept_for_one_is_not_shown_to_another(cast: Cast) -> None:
    """Eva's answer is kept first; Anna asks the same and must get her own."""
    planted(cast, owner=cast.police, sharing=SharingLevel.OPERATIONAL)
    get(cast.eva)
    assert kept.folder("pictures").exists()
    assert rows(get(cast.dag, "csv", f"{NOW}&part=total"))[0]["n"] == "0"  # Dag sits in no forum


def test_small_numbers_of_another_owner_are_hidden_everywhere(cast: Cast) -> None:
    planted(cast, owner=cast.police)
    table = rows(get(cast.anna, "csv"))
    numbers = [row[name] for row in table for name in ("n", "n_before") if row["part"] != "basis"]
    small = [value for value in numbers if value.isdigit() and 0 < int(value) < 5]
    assert "<5" in numbers
    # only remarks about the data as a whole may be small
    assert not small, [row for row in table if row["n"] in small or row["n_before"] in small]
    page = get(cast.anna).content.decode()
    assert "antal under 5 är dolda" in page


def test_the_owner_sees_small_numbers(world: World) -> None:
    assert "antal under 5 är dolda" not in get(world.cast.anna).content.decode()


def test_every_language_has_its_numbers(world: World) -> None:
    page = signed_in(world.cast.anna, "en").get(address()).content.decode()
    assert "Torget and surroundings" in page
    assert "Detection crime: follows the work of the police." in page
