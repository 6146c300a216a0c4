"""The pages of the action plan: the same question as list, board, map, calendar and files."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from docx import Document
from openpyxl import load_workbook

from lagesbild.accounts.models import Membership, SharingLevel
from lagesbild.actors.models import Agreement
from lagesbild.cooperation.actions import plan
from lagesbild.cooperation.models import Action
from lagesbild.core import clock
from lagesbild.places.models import Place
from tests.cooperation.matters.world import EAST, NORTH, World, a_matter
from tests.cooperation.plan.builders import DUE, NOON, PLAN, an_action, fill

SAID = {"title": "Ny lampa", "responsible": "gatukontoret", "forum": "platssamverkan", "sharing": "partners"}


def _as(client: Client, person: Membership) -> Client:
    client.force_login(person.user)
    return client


def test_list_board_map_and_files_answer_the_same_question(world: World, client: Client) -> None:
    with clock.frozen(NOON):
        an_action(
            world,
            "Lampan",
            due_on=DUE,
            types=["approach:situational", "form:physical"],
            location="bron",
            x=EAST,
            y=NORTH,
        )
        late = an_action(world, "Busken", responsible=world.cast.housing, due_on=NOON.date() - timedelta(days=3))
        done = an_action(world, "Räcket", forum=world.evening, cost_sek=1200)
        plan.complete_action(world.cast.anna, done)
        hanna = _as(client, world.hanna)
        for query, titles in (
            ("", ["Busken", "Lampan"]),
            ("state=overdue", ["Busken"]),
            ("state=done", ["Räcket"]),
            ("state=all&sort=-number", ["Räcket", "Busken", "Lampan"]),
            ("type=form:physical", ["Lampan"]),
            ("type=form:organisational", []),
            ("responsible=ekbyhem", ["Busken"]),
            ("mine=1", ["Busken"]),
            ("forum=utsattning&state=all", ["Räcket"]),
            ("q=bron", ["Lampan"]),
            (f"q=%23{late.number}", ["Busken"]),
            ("due_from=2026-03-20&due_to=2026-03-21", ["Lampan"]),
        ):
            assert [row.action.title for row in hanna.get(f"{PLAN}?{query}").context["rows"]] == titles, query
            table = hanna.get(f"{PLAN}actions.csv?{query}").content.decode("utf-8-sig")
            assert [row[1] for row in csv.reader(io.StringIO(table), delimiter=";")][1:] == titles
            book = load_workbook(io.BytesIO(hanna.get(f"{PLAN}actions.xlsx?{query}").content))
            assert [row[1].value for row in book.active.iter_rows(min_row=2)] == titles  # type: ignore[union-attr]
        features = hanna.get(f"{PLAN}actions.geojson?state=all").json()["features"]
        assert [each["properties"]["title"] for each in features] == ["#1 Lampan"]
        columns = hanna.get(f"{PLAN}?view=board").context["columns"]
        assert [(column.state.value, column.n) for column, _cards in columns] == [
            ("planned", 2), ("ongoing", 0), ("done", 1), ("written_off", 0),
        ]  # fmt: skip


def test_the_plan_of_one_matter_or_agreement_says_so_and_names_no_agreement_that_one_may_not_see(
    world: World, client: Client
) -> None:
    ours, theirs = _agreement(world, "Platssamverkan 2026", "partners"), _agreement(world, "Förhandlingen", "own")
    an_action(world, "Ett", agreement_id=ours)
    an_action(world, "Två", agreement_id=theirs)
    an_action(world, "Tre", matter=a_matter(world))
    hanna = _as(client, world.hanna)
    for query, title, only in (
        (f"agreement={ours}", "Ett", ["Platssamverkan 2026"]),
        (f"agreement={theirs}", "Två", ["I en överenskommelse"]),
        ("matter=1", "Tre", ["Ärende nr 1"]),
    ):
        page = hanna.get(f"{PLAN}?{query}").context
        assert [row.action.title for row in page["rows"]] == [title]
        assert page["only"] == only
    assert "Förhandlingen" not in hanna.get(f"{PLAN}2/").content.decode()
    assert "Platssamverkan 2026" in hanna.get(f"{PLAN}1/").content.decode()


def _agreement(world: World, title: str, sharing: str) -> int:
    made = Agreement.objects.create(
        collaboration=world.cast.ekby,
        owner=world.cast.police,
        sharing=sharing,
        title=title,
        valid_from=date(2026, 1, 1),
    )
    return int(made.pk)


def test_what_is_due_stands_in_its_iso_week(world: World, client: Client) -> None:
    for day in (date(2026, 12, 27), date(2026, 12, 28), date(2027, 1, 3), date(2027, 1, 4)):
        an_action(world, str(day), due_on=day)
    page = _as(client, world.cast.anna).get(f"{PLAN}?view=calendar&from=2026-12-30").context
    weeks = {week.number: [row.action.title for row in week.rows] for week in page["weeks"]}
    assert weeks[53] == ["2026-12-28", "2027-01-03"]
    assert weeks[1] == ["2027-01-04"]
    assert page["weeks"][0].monday == date(2026, 12, 28)


def test_an_action_is_overdue_the_day_after(world: World, client: Client) -> None:
    an_action(world, due_on=DUE)
    anna = _as(client, world.cast.anna)
    for late, n in ((0, 0), (1, 1)):
        with clock.frozen(NOON + (DUE - NOON.date()) + timedelta(days=late)):
            page = anna.get(PLAN).context
            assert page["counts"].overdue == n
            assert [row.days_late for row in page["rows"]] == [late]


def test_everybody_sees_how_much_is_overdue_with_whom_also_of_what_they_may_not_see(
    world: World, client: Client
) -> None:
    an_action(world, "Hemlig", due_on=DUE, sharing=SharingLevel.STRATEGIC)
    with clock.frozen(NOON + timedelta(days=30)):
        page = _as(client, world.cast.bo).get(PLAN)
    assert [(each.name, each.n_overdue) for each in page.context["overdue"]] == [("Gatukontoret", 1)]
    assert "Hemlig" not in page.content.decode()


def test_who_may_not_see_an_action_finds_it_nowhere(world: World, client: Client) -> None:
    hidden = an_action(world, "Hemlig", due_on=DUE, sharing=SharingLevel.STRATEGIC, x=EAST, y=NORTH)
    bo = _as(client, world.cast.bo)
    for address in ("?state=all", "?view=board", "?view=map", "?view=calendar&from=2026-03-20", "actions.csv?state=all",
                    "actions.geojson?state=all"):  # fmt: skip
        assert "Hemlig" not in bo.get(PLAN + address).content.decode(), address
    assert bo.get(f"{PLAN}{hidden.number}/").status_code == 404
    assert bo.get(f"{PLAN}{hidden.number}/evidence/1/").status_code == 404


def test_a_place_that_one_may_not_see_is_not_named_nor_searched(world: World, client: Client) -> None:
    place = _a_hidden_place(world)
    an_action(world, "Titta till", place=place, due_on=DUE)
    anna = _as(client, world.cast.anna)
    assert "Titta till" in anna.get(PLAN).content.decode()
    for address in ("", "?view=board", "?view=map", "1/", "actions.csv"):
        assert "Gömstället" not in anna.get(PLAN + address).content.decode(), address
    assert not anna.get(f"{PLAN}?q=Gömstället").context["rows"]
    assert not anna.get(f"{PLAN}actions.geojson").json()["features"]
    anna.post(f"{PLAN}1/edit/", {**SAID, "version": "1"})
    assert Action.objects.get().place == place  # was not among the choices, and stays


def _a_hidden_place(world: World) -> Place:
    from tests.fieldreports.builders import a_place

    place: Any = a_place(world.cast, "Gömstället")
    Place.objects.filter(pk=place.pk).update(owner=world.cast.police, sharing=SharingLevel.OWN)
    return Place.objects.get(pk=place.pk)


def test_an_action_is_decided_with_all_that_it_says(world: World, client: Client) -> None:
    point = '{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[18.06,59.33]}}'
    more = {
        "due_on": "2026-03-20",
        "cost_sek": "12000",
        "point": point,
        "types": ["form:physical", "approach:situational"],
    }
    answer = _as(client, world.cast.anna).post(f"{PLAN}new/", {**SAID, **more})
    assert answer.headers["Location"] == f"{PLAN}1/"
    made = Action.objects.get()
    assert (made.owner, made.forum, made.due_on, made.cost_sek) == (world.roads, world.monthly, DUE, 12000)
    assert made.types == ["approach:situational", "form:physical"]
    assert made.x == pytest.approx(674_030, abs=1500)


def test_an_action_of_a_matter_begins_with_what_the_matter_says(world: World, client: Client) -> None:
    matter = a_matter(world, by=world.cast.anna)
    anna = _as(client, world.cast.anna)
    form = anna.get(f"{PLAN}new/?matter={matter.number}").context["form"]
    assert (form["forum"].value(), form["location"].value()) == ("utsattning", "under bron")
    anna.post(f"{PLAN}new/?matter={matter.number}", {**SAID, "forum": "utsattning"})
    assert Action.objects.get().matter == matter
    matter.refresh_from_db()
    assert matter.state == "acting"


def test_only_forums_one_takes_part_in_can_be_chosen(world: World, client: Client) -> None:
    answer = _as(client, world.hanna).post(f"{PLAN}new/", SAID)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"forum"}


def test_of_two_who_edit_at_once_the_later_sees_the_difference_and_loses_nothing(world: World, client: Client) -> None:
    an_action(world)
    seen = {**SAID, "version": "1"}
    _as(client, world.greta).post(f"{PLAN}1/edit/", {**seen, "title": "Gretas text"})
    anna = _as(client, world.cast.anna)
    answer = anna.post(f"{PLAN}1/edit/", {**seen, "title": "Annas text", "types": ["term:short"]})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Gretas text" in page
    assert "Annas text" in page
    assert answer.context["form"]["version"].value() == "2"
    assert answer.context["form"]["types"].value() == ["term:short"]
    assert Action.objects.get().title == "Gretas text"
    anna.post(f"{PLAN}1/edit/", {**seen, "title": "Annas text", "version": "2"})
    kept = Action.objects.get()
    assert kept.title == "Annas text"
    assert [change.fields.get("title") for change in kept.changes.all()][1:] == [
        ["Byt lampan", "Gretas text"], ["Gretas text", "Annas text"],
    ]  # fmt: skip


def test_a_point_that_nobody_moved_is_not_changed_by_saving_the_form(world: World, client: Client) -> None:
    an_action(world, x=EAST + 0.123, y=NORTH)
    anna = _as(client, world.cast.anna)
    form = anna.get(f"{PLAN}1/edit/").context["form"]
    anna.post(f"{PLAN}1/edit/", {**SAID, "title": "Annat", "point": form["point"].value(), "version": "1"})
    assert set(Action.objects.get().changes.last().fields) == {"title"}  # type: ignore[union-attr]


def test_what_waits_for_what_is_shown_on_both_and_no_circle_can_be_made(world: World, client: Client) -> None:
    first, second = an_action(world, "Beställ"), an_action(world, "Montera")
    anna = _as(client, world.cast.anna)
    anna.post(f"{PLAN}{second.number}/waits-for/", {"depends_on": f"#{first.number}", "version": "1"})
    assert [each.title for each in anna.get(f"{PLAN}2/").context["waits_for"]] == ["Beställ"]
    assert [each.title for each in anna.get(f"{PLAN}1/").context["needed_by"]] == ["Montera"]
    assert [row.waits for row in anna.get(PLAN).context["rows"]] == [False, True]
    answer = anna.post(f"{PLAN}1/waits-for/", {"depends_on": "2", "version": "1"})
    assert answer.status_code == 422
    plan.complete_action(world.greta, first)
    assert [row.waits for row in anna.get(PLAN).context["rows"]] == [False]
    for wrong in ("x", "77"):
        assert anna.post(f"{PLAN}2/waits-for/", {"depends_on": wrong, "version": "2"}).status_code == 422


def test_text_that_looks_like_a_formula_stays_text_and_the_word_file_has_a_row_for_each(
    world: World, client: Client
) -> None:
    an_action(world, '=HYPERLINK("http://x")', due_on=DUE)
    anna = _as(client, world.cast.anna)
    sheet = load_workbook(io.BytesIO(anna.get(f"{PLAN}actions.xlsx").content)).active
    assert (sheet["B2"].data_type, sheet["F2"].value.date()) == ("s", DUE)  # type: ignore[index]
    word = Document(io.BytesIO(anna.get(f"{PLAN}actions.docx").content))
    assert [cell.text for cell in word.tables[0].rows[1].cells][1:3] == ['=HYPERLINK("http://x")', "Gatukontoret"]


def test_a_reporter_starts_and_ends_the_actions_of_the_own_organisation_only(world: World, client: Client) -> None:
    an_action(world, responsible=world.cast.housing)
    an_action(world)
    bo = _as(client, world.cast.bo)
    assert bo.post(f"{PLAN}1/start/").status_code == 302
    assert bo.post(f"{PLAN}1/write-off/", {"words": "Går inte"}).status_code == 403
    assert bo.post(f"{PLAN}1/done/", {"words": "Klart", "back": "board"}).headers["Location"] == f"{PLAN}?view=board"
    assert bo.post(f"{PLAN}1/reopen/", {"words": "Nej"}).status_code == 403
    assert bo.post(f"{PLAN}2/start/").status_code == 403
    assert bo.get(f"{PLAN}1/edit/").status_code == 403
    assert list(Action.objects.order_by("number").values_list("state", flat=True)) == ["done", "planned"]


def test_forum_place_and_agreement_lead_to_their_part_of_the_plan(world: World, client: Client) -> None:
    from tests.fieldreports.builders import a_place

    place = a_place(world.cast, "Torget")
    agreement = _agreement(world, "Platssamverkan 2026", "partners")
    an_action(world, place=place, agreement_id=agreement)
    an_action(world, "Annat", forum=world.evening)
    anna = _as(client, world.cast.anna)
    for address, query in (
        ("forums/platssamverkan/", "?forum=platssamverkan"),
        (f"places/{place.pk}/", f"?state=all&amp;place={place.pk}"),
        (f"actors/agreements/{agreement}/", f"?state=all&amp;agreement={agreement}"),
    ):
        assert f'href="{PLAN}{query}"' in anna.get(f"/c/ekby/{address}").content.decode(), address
        rows = anna.get(f"{PLAN}{query.replace('&amp;', '&')}").context["rows"]
        assert [row.action.title for row in rows] == ["Byt lampan"]


def test_htmx_gets_the_part_that_the_filter_changes_and_nothing_more(world: World, client: Client) -> None:
    an_action(world)
    part = _as(client, world.cast.anna).get(f"{PLAN}?view=board", headers={"HX-Request": "true"})
    assert "Byt lampan" in part.content.decode()
    assert "<html" not in part.content.decode()
    assert "HX-Request" in part.headers["Vary"]


def test_pages_take_few_queries_with_500_matters_and_5000_actions(
    world: World, client: Client, django_assert_max_num_queries: Any
) -> None:
    fill(world)
    anna = _as(client, world.cast.anna)
    for address in (
        "", "?state=all&sort=responsible&page=100", "?view=board", "?view=map", "?view=calendar", "?state=overdue&q=1",
        "actions.csv?state=all", "actions.geojson?state=all", "1/", "1/edit/", "new/", "bulk/?chosen=1:1&chosen=2:1",
        "1/waits-for/",
    ):  # fmt: skip
        with django_assert_max_num_queries(10):
            assert anna.get(PLAN + address).status_code == 200
