"""The lists: incidents, sources, categories; what they count and whom they show it to."""

from __future__ import annotations

import pytest
from django.test import Client

from lagesbild.accounts.models import SharingLevel
from lagesbild.observations import listings, queries
from lagesbild.observations.filters import EventFilter
from lagesbild.observations.models import Caveat, TypeMapping
from lagesbild.observations.store import IncidentStore
from tests.cast import Cast
from tests.observations import world
from tests.observations.frames import frame, incident, many

BASE = "/c/ekby/reports/"


@pytest.fixture
def filled(cast: Cast) -> Cast:
    """Three of the guards, two of the police that only they may see; a small tree with a reservation."""
    vakter = world.source(cast.municipality, "vakter")
    world.source(cast.police, "polisen", sharing=SharingLevel.OWN)
    top = world.category(cast.ekby, "damage")
    world.category(cast.ekby, "graffiti", top, (vakter, "Klotter"))
    Caveat.objects.create(collaboration=cast.ekby, category=top, text="Anmäls sällan", text_en="Seldom reported")
    store = IncidentStore("ekby")
    store.commit(
        frame(
            incident("a", "2025-01-01", source_type="Klotter", place_text="=cmd()"),
            incident("b", "2025-02-01", source_type="Klotter"),
            incident("c", "2025-03-01", None, source_type="Bråk"),
        ),
        source="vakter",
        batch_id=1,
    )
    store.commit(frame(incident("hemlig", source_type="Spaning"), incident("e")), source="polisen", batch_id=2)
    return cast


def get(cast: Cast, client: Client, address: str, who: str = "dag") -> object:
    client.force_login(getattr(cast, who).user)
    return client.get(BASE + address)


def test_the_newest_incidents_come_first_and_others_sources_are_not_there(filled: Cast, client: Client) -> None:
    response = get(filled, client, "incidents/")
    shown = [(str(row["local_date"]), row["category"], row["source_name"]) for row in response.context["page"].rows]
    assert shown == [
        ("2025-03-01", None, "Vakter"),
        ("2025-02-01", "Graffiti", "Vakter"),
        ("2025-01-01", "Graffiti", "Vakter"),
    ]
    assert "Spaning" not in response.content.decode()
    assert get(filled, client, "incidents/", "eva").context["page"].n_incidents == 5


def test_the_list_is_narrowed_by_the_address_and_says_its_reservations(filled: Cast, client: Client) -> None:
    response = get(filled, client, "incidents/?category=damage&from=2025-01-15&to=2025-02-01")
    assert [str(row["local_date"]) for row in response.context["page"].rows] == ["2025-02-01"]
    assert "Anmäls sällan" in response.content.decode()


def test_an_impossible_filter_is_told_and_the_list_still_shown(filled: Cast, client: Client) -> None:
    response = get(filled, client, "incidents/?from=2025-02-30")
    assert response.status_code == 422
    assert "2025-02-30" in response.content.decode()


def test_pages_hold_together_at_their_edges(cast: Cast, client: Client) -> None:
    world.source(cast.municipality, "vakter")
    IncidentStore("ekby").commit(many(101), source="vakter", batch_id=1)
    pages = [get(cast, client, f"incidents/?page={number}").context["page"] for number in (1, 2, 3)]
    assert [len(page.rows) for page in pages] == [50, 50, 1]
    dates = [row["local_date"] for page in pages for row in page.rows]
    assert dates == sorted(dates, reverse=True)
    assert len(set(dates)) == 101
    assert get(cast, client, "incidents/?page=99").context["page"].number == 3
    assert get(cast, client, "incidents/?page=x").context["page"].number == 1


def test_the_list_asks_few_questions(filled: Cast, client: Client, django_assert_max_num_queries) -> None:
    client.force_login(filled.dag.user)
    for address in ("", "incidents/", "categories/", "sources/vakter/", "series/"):
        with django_assert_max_num_queries(10):  # two are the session and the user
            client.get(BASE + address)


def test_the_file_of_incidents_holds_the_same_and_runs_nothing(filled: Cast, client: Client) -> None:
    text = get(filled, client, "incidents.csv?category=damage").content.decode("utf-8-sig")
    rows = [line.split(";") for line in text.splitlines()]
    assert [row[1] for row in rows] == ["source_id", "a", "b"]
    assert "'=cmd()" in rows[1]
    assert "hemlig" not in get(filled, client, "incidents.csv").content.decode()


def test_too_many_incidents_for_a_file_are_refused_kindly(filled: Cast, client: Client, monkeypatch) -> None:
    monkeypatch.setattr(listings, "MAX_EXPORT_ROWS", 2)
    response = get(filled, client, "incidents.csv")
    assert response["Location"] == f"{BASE}incidents/"


def test_exercise_data_is_marked_on_pages_and_files(cast: Cast, client: Client) -> None:
    world.source(cast.municipality, "ovning", exercise=True)
    IncidentStore("ekby").commit(many(2), source="ovning", batch_id=1)
    for address in ("", "incidents/", "sources/ovning/"):
        assert get(cast, client, address).context["exercise"] is True
    file = get(cast, client, "incidents.csv")
    assert "ovningsdata" in file["Content-Disposition"]
    assert [line.split(";")[-1] for line in file.content.decode().split()[:3]] == [
        "file_holds_exercise_data",
        "yes",
        "yes",
    ]


def test_sources_are_summed_up(filled: Cast, client: Client) -> None:
    summaries = get(filled, client, "").context["summaries"]
    assert [(s.source.slug, s.n_incidents, str(s.first_on), str(s.last_on)) for s in summaries] == [
        ("vakter", 3, "2025-01-01", "2025-03-01")
    ]


def test_the_tree_counts_what_lies_below_and_what_has_no_category(filled: Cast, client: Client) -> None:
    context = get(filled, client, "categories/").context
    assert [(row.category.code, row.depth, row.n) for row in context["rows"]] == [("damage", 0, 2), ("graffiti", 1, 2)]
    assert context["n_without"] == 1
    assert [(source.slug, types, n) for source, types, n in context["unmapped"]] == [("vakter", 1, 1)]
    assert get(filled, client, "categories/", "eva").context["n_without"] == 3


def test_a_type_is_mapped_on_the_page_of_its_source_and_counts_at_once(filled: Cast, client: Client) -> None:
    types = get(filled, client, "sources/vakter/", "anna").context["types"]
    assert [(row.source_type, row.n, row.category) for row in types] == [("Bråk", 1, None), ("Klotter", 2, "graffiti")]
    client.post(f"{BASE}sources/vakter/types/", {"type": ["Bråk", "Klotter"], "category": ["damage", ""]})
    assert list(TypeMapping.objects.values_list("source_type", "category__code")) == [("Bråk", "damage")]
    counted = queries.events(filled.ekby, EventFilter(categories=frozenset({"damage"}))).collect()
    assert counted["source_id"].to_list() == ["c"]


def test_an_unknown_category_changes_nothing(filled: Cast, client: Client) -> None:
    client.force_login(filled.anna.user)
    client.post(f"{BASE}sources/vakter/types/", {"type": ["Bråk", "Klotter"], "category": ["finns-inte", ""]})
    assert list(TypeMapping.objects.values_list("source_type", "category__code")) == [("Klotter", "graffiti")]


def test_a_source_of_another_collaboration_does_not_exist(filled: Cast, client: Client) -> None:
    client.force_login(filled.cecilia.user)
    assert client.get(f"{BASE}sources/vakter/").status_code == 404
    assert client.get("/c/sjovik/reports/sources/vakter/").status_code == 404
