"""The pages of matters: raising, the desk, one matter, what one raised."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest
from django.db import connection
from django.test import Client

from lagesbild.accounts.models import Membership, SharingLevel
from lagesbild.cooperation.actions import asking, closing, handling, merging, plan, raising
from lagesbild.cooperation.actions.plan import ActionText
from lagesbild.cooperation.actions.raising import MatterText
from lagesbild.cooperation.models import Action, Matter, MatterState, Raiser
from lagesbild.core import clock, periodic
from lagesbild.core.models import Job
from lagesbild.notices.models import Notice
from tests.cooperation.forums.builders import an_open_meeting
from tests.cooperation.matters.world import EAST, NORTH, World, a_matter
from tests.fieldreports.builders import a_report, categories

Row = TypeVar("Row", Matter, Action)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DESK, RAISE, MINE = "/c/ekby/matters/", "/c/ekby/matters/raise/", "/c/ekby/matters/mine/"
POINT = '{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[18.06,59.33]}}'
SAID = {"object_kind": "lamp", "location": "under bron, Vasagatan 24", "sharing": "partners"}


def _as(client: Client, person: Membership) -> Client:
    client.force_login(person.user)
    return client


def test_a_matter_is_raised_by_kind_and_place_alone(world: World, client: Client) -> None:
    answer = _as(client, world.cast.bo).post(RAISE, {**SAID, "point": POINT})
    matter = Matter.objects.get()
    assert answer.headers["Location"] == f"{MINE}{matter.number}/"
    assert (matter.title, matter.holder) == ("Lampa, belysning, under bron, Vasagatan 24", world.evening)
    assert matter.x == pytest.approx(674_030, abs=1500)


def test_what_may_be_the_same_is_offered_and_joined_at_one_tap(world: World, client: Client) -> None:
    a_matter(world, by=world.hanna, location="vid bron")
    bo = _as(client, world.cast.bo)
    near = f'{{"type":"Point","coordinates":{_lonlat(EAST + 240, NORTH)}}}'
    offered = bo.post(RAISE, {**SAID, "point": near, "description": "Mörkt"})
    assert [each.number for each in offered.context["duplicates"]] == [1]
    assert Matter.objects.count() == 1
    bo.post(RAISE, {**SAID, "point": near, "description": "Mörkt", "join": "1"})
    assert Raiser.objects.get(membership=world.cast.bo).words == "Mörkt"
    assert Matter.objects.count() == 1
    bo.post(RAISE, {**SAID, "point": near, "confirmed": "1"})
    assert Matter.objects.count() == 2


@pytest.mark.parametrize(
    ("metres", "kind", "staff", "found"),
    [(250, "lamp", False, True), (251, "lamp", False, False), (10, "bush", False, False), (999, "lamp", True, True)],
)
def test_near_is_250_metres_and_1000_for_what_concerns_staff(
    world: World, metres: float, kind: str, staff: bool, found: bool
) -> None:
    from lagesbild.cooperation.queries.matters import likely_duplicates

    a_matter(world, location="", title="En", concerns_staff=staff)
    same = likely_duplicates(world.hanna, kind, EAST, NORTH + metres, concerns_staff=staff)
    assert bool(same) == found


def test_at_most_five_are_offered_nearest_first_and_none_that_is_hidden(world: World) -> None:
    from lagesbild.cooperation.queries.matters import likely_duplicates

    for away in (60, 50, 40, 30, 20, 10):
        a_matter(world, title=str(away), x=EAST + away)
    raising.raise_matter(
        world.cast.eva,
        raising.MatterText(object_kind="lamp", x=EAST, y=NORTH, title="hemlig", sharing=SharingLevel.STRATEGIC),
        forum=world.monthly,
    )
    same = likely_duplicates(world.hanna, "lamp", EAST, NORTH)
    assert [each.title for each in same] == ["10", "20", "30", "40", "50"]


def test_a_closed_one_is_offered_for_four_weeks(world: World) -> None:
    from lagesbild.cooperation.queries.matters import likely_duplicates

    with clock.frozen(NOON):
        closing.close_as_done(world.cast.anna, a_matter(world), reason="Bytt", feedback="Tack")
    for days, found in ((28, 1), (29, 0)):
        with clock.frozen(NOON + timedelta(days=days)):
            assert len(likely_duplicates(world.hanna, "lamp", EAST, NORTH)) == found


@pytest.mark.parametrize("change", [{"description": "Se 19121212-1212"}, {"object_kind": "cat"}, {"point": "{"}])
def test_what_cannot_be_is_told_at_its_field_and_nothing_is_stored(
    world: World, client: Client, change: dict[str, str]
) -> None:
    answer = _as(client, world.cast.bo).post(RAISE, {**SAID, **change})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == set(change)
    assert not Matter.objects.exists()


def test_the_desk_filters_page_table_and_map_alike(world: World, client: Client) -> None:
    a_matter(world, title="Lampan", location="")
    other = a_matter(world, title="Busken", object_kind="bush", location="")
    handling.lift(world.cast.anna, other, reason="Träd")
    handling.set_responsible(world.cast.anna, other, world.roads)
    anna = _as(client, world.cast.anna)
    for query, titles in (
        ("", ["Lampan", "Busken"]),
        ("forum=platssamverkan", ["Busken"]),
        ("responsible=unknown", ["Lampan"]),
        ("responsible=gatukontoret", ["Busken"]),
        ("kind=bush", ["Busken"]),
        ("q=lamp", ["Lampan"]),
        ("q=%232", ["Busken"]),
        ("state=done", []),
        ("ours=1", []),
        ("age=30", []),
    ):
        shown = [row.matter.title for row in anna.get(f"{DESK}?{query}").context["rows"]]
        assert shown == titles, query
        table = anna.get(f"{DESK}matters.csv?{query}").content.decode("utf-8-sig")
        assert [row[1] for row in csv.reader(io.StringIO(table), delimiter=";")][1:] == titles
        features = anna.get(f"{DESK}matters.geojson?{query}").json()["features"]
        assert [each["properties"]["title"].split(" ", 1)[1] for each in features] == titles


def test_a_matter_is_stuck_after_a_month_even_if_it_was_carried_over(world: World, client: Client) -> None:
    with clock.frozen(NOON):
        matter = a_matter(world)
    with clock.frozen(NOON + timedelta(days=20)):
        handling.carry_over(world.cast.anna, matter)
    anna = _as(client, world.cast.anna)
    for days, stuck in ((30, []), (31, [1])):
        with clock.frozen(NOON + timedelta(days=days)):
            assert [row.matter.number for row in anna.get(f"{DESK}?stuck=1").context["rows"]] == stuck


def test_overdue_actions_are_counted_per_organisation_for_everybody(world: World, client: Client) -> None:
    late = ActionText("Byt", world.roads, due_on=NOON.date(), sharing=SharingLevel.STRATEGIC)
    plan.create_action(world.cast.anna, late, forum=world.monthly)
    with clock.frozen(NOON + timedelta(days=1)):
        overdue = _as(client, world.cast.bo).get(DESK).context["overdue"]
    assert [(each.name, each.n_overdue) for each in overdue] == [("Gatukontoret", 1)]


def test_who_may_not_see_a_matter_finds_it_nowhere(world: World, client: Client) -> None:
    raising.raise_matter(
        world.cast.eva,
        raising.MatterText(title="Hemlig", x=EAST, y=NORTH, sharing=SharingLevel.STRATEGIC),
        forum=world.monthly,
    )
    bo = _as(client, world.cast.bo)
    for address in (DESK, f"{DESK}?view=map", f"{DESK}matters.csv", f"{DESK}matters.geojson?state=all", MINE):
        assert "Hemlig" not in bo.get(address).content.decode()
    assert bo.get(f"{DESK}1/").status_code == 404
    assert bo.get(f"{MINE}1/").status_code == 404
    assert bo.post(f"{DESK}1/join/").status_code == 404


def test_whoever_raised_it_sees_their_own_words_and_the_answers_and_nothing_else(world: World, client: Client) -> None:
    matter = a_matter(world, by=world.cast.anna, title="Ursprung", sharing=SharingLevel.OPERATIONAL)
    raising.join(world.cast.eva, matter, words="Mina ord")
    handling.take_up(world.cast.anna, matter, note="Internt skäl")
    handling.change_text(world.cast.anna, matter, raising.MatterText(title="Ny rubrik"), seen=3)
    function = world.cast.eva.function
    function.operational = False
    function.save()
    eva = _as(client, world.cast.eva)
    assert eva.get(f"{DESK}1/").status_code == 404
    page = eva.get(f"{MINE}1/").content.decode()
    assert "Mina ord" in page
    assert "Ny rubrik" not in page
    assert "Ursprung" not in page
    assert "Ny rubrik" not in eva.get(MINE).content.decode()


DEEDS = {
    "take-up": {},
    "lift": {"forum": "platssamverkan", "reason": "Belysning"},
    "carry-over": {},
    "responsible": {"responsible": "gatukontoret", "reason": "Äger lampan"},
    "act": {"title": "Byt lampan", "responsible": "gatukontoret", "due_on": "2026-04-01"},
    "done": {"reason": "Bytt", "feedback": "Tack"},
    "write-off": {"reason": "Går inte", "feedback": "Tyvärr"},
    "note": {"reason": "Ring elektrikern"},
    "text": {"title": "Två lampor", "location": "bron"},
}


@pytest.mark.parametrize("code", DEEDS)
def test_each_deed_has_its_form_and_is_done_through_it(world: World, client: Client, code: str) -> None:
    a_matter(world)
    anna = _as(client, world.cast.anna)
    assert anna.get(f"{DESK}1/{code}/").status_code == 200
    assert anna.post(f"{DESK}1/{code}/", {**DEEDS[code], "version": "1"}).headers["Location"] == f"{DESK}1/"
    assert Matter.objects.get().steps.count() == 2
    assert anna.get(f"{DESK}1/").status_code == 200


def test_a_closed_matter_is_opened_again_and_two_are_put_together(world: World, client: Client) -> None:
    a_matter(world)
    a_matter(world)
    anna = _as(client, world.cast.anna)
    anna.post(f"{DESK}1/done/", DEEDS["done"])
    anna.post(f"{DESK}1/reopen/", {"reason": "Trasig igen"})
    assert Matter.objects.get(number=1).state == MatterState.RAISED
    anna.post(f"{DESK}1/merge/", {"into": "2", "reason": "Samma"})
    assert Matter.objects.get(number=1).joined_into == Matter.objects.get(number=2)


def test_nobody_is_widened_to_without_saying_so(world: World, client: Client) -> None:
    a_matter(world, sharing=SharingLevel.OPERATIONAL)
    anna = _as(client, world.cast.anna)
    refused = anna.post(f"{DESK}1/lift/", {**DEEDS["lift"], "version": "1"})
    assert refused.status_code == 422
    assert "widen" in refused.context["form"].errors
    anna.post(f"{DESK}1/lift/", {**DEEDS["lift"], "version": "1", "widen": "on"})
    assert Matter.objects.get().sharing == SharingLevel.PARTNERS


def test_of_two_at_once_the_later_one_keeps_what_they_wrote(world: World, client: Client) -> None:
    a_matter(world)
    anna = _as(client, world.cast.anna)
    anna.post(f"{DESK}1/text/", {"title": "Annas rubrik", "version": "1"})
    answer = anna.post(f"{DESK}1/text/", {"title": "Evas rubrik", "version": "1"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Annas rubrik" in page
    assert 'value="Evas rubrik"' in page
    anna.post(f"{DESK}1/text/", {"title": "Båda", "version": answer.context["form"]["version"].value()})
    assert Matter.objects.get().title == "Båda"
    late = anna.post(f"{DESK}1/done/", {**DEEDS["done"], "version": "1"})
    assert late.status_code == 409
    assert "Tack" in late.content.decode()
    assert Matter.objects.get().is_open


def test_a_reporter_carries_nothing_on(world: World, client: Client) -> None:
    a_matter(world)
    bo = _as(client, world.cast.bo)
    assert bo.post(f"{DESK}1/take-up/").status_code == 403
    assert "deeds" not in bo.get(f"{DESK}1/").content.decode().split("<main")[1].split('class="path"')[1][:200]
    greta = _as(client, world.greta)  # coordinates, but takes no part in the forum that has it
    assert greta.post(f"{DESK}1/take-up/").status_code == 403


def test_whoever_raised_it_answers_at_one_tap(world: World, client: Client) -> None:
    with clock.frozen(NOON):
        closing.close_as_done(world.cast.anna, a_matter(world), reason="Bytt", feedback="Tack")
    with clock.frozen(NOON + timedelta(weeks=4)):
        assert asking.ask(Matter.objects.get()) == 1
        assert asking.ask(Matter.objects.get()) == 0
        bo = _as(client, world.cast.bo)
        assert "fixed" in bo.get(f"{MINE}1/").content.decode()
        bo.post(f"{MINE}1/answer/", {"fixed": "no", "words": "Mörkt igen"})
    matter = Matter.objects.get()
    assert (matter.state, matter.steps.last().reason) == (MatterState.RAISED, "Mörkt igen")  # type: ignore[union-attr]


def test_the_worker_asks_when_four_weeks_have_passed(world: World, run_jobs: Callable[[], list[Job]]) -> None:
    with clock.frozen(NOON):
        closing.close_as_done(world.cast.anna, a_matter(world), reason="Bytt", feedback="Tack")
    for weeks, asked in ((3, 0), (4, 1), (5, 1)):
        with clock.frozen(NOON + timedelta(weeks=weeks)):
            periodic.start_due()
            assert {job.state for job in run_jobs()} == {"done"}
        assert Notice.objects.filter(code="matters.asked", membership=world.cast.bo).count() == asked


def test_a_matter_that_cannot_be_asked_about_does_not_keep_the_others_back(
    world: World, run_jobs: Callable[[], list[Job]], caplog: pytest.LogCaptureFixture
) -> None:
    with clock.frozen(NOON):
        broken, sound = a_matter(world), a_matter(world)
        for matter in (broken, sound):
            closing.close_as_done(world.cast.anna, matter, reason="Bytt", feedback="Tack")
    _least, most = connection.ops.integer_field_range("PositiveSmallIntegerField")
    Matter.objects.filter(pk=broken.pk).update(times_asked=most)  # one more has no room in the column
    with clock.frozen(NOON + timedelta(weeks=4)):
        periodic.start_due()
        (job,) = (job for job in run_jobs() if job.kind == "matters.ask")
    assert (job.state, job.result) == ("done", {"matters": 2, "asked": 1, "failed": 1})
    assert Notice.objects.get(code="matters.asked").path.endswith(f"/{sound.number}/")
    assert "ask_one of Matter" in caplog.text


def test_after_two_questions_without_answer_nobody_is_asked_again(world: World) -> None:
    with clock.frozen(NOON):
        closing.close_as_done(world.cast.anna, a_matter(world), reason="Bytt", feedback="Tack")
    asked = []
    for weeks in range(4, 20):
        with clock.frozen(NOON + timedelta(weeks=weeks)):
            asked.append(asking.ask(Matter.objects.get()))
    assert [week for week, count in zip(range(4, 20), asked, strict=True) if count] == [4, 6]


def test_pages_take_few_queries_with_500_matters_and_5000_actions(
    world: World, client: Client, django_assert_max_num_queries: Any
) -> None:
    first = a_matter(world)
    action = plan.create_action(world.cast.anna, ActionText("Byt", world.roads), matter=first)
    many = [_copy(first, number=number, title=f"Nr {number}") for number in range(2, 501)]
    stored = Matter.objects.bulk_create(many)
    Raiser.objects.bulk_create(Raiser(matter=each, membership=world.cast.bo, at=NOON) for each in stored)
    Action.objects.bulk_create(_copy(action, number=number, matter=stored[number % 400]) for number in range(2, 5001))
    anna = _as(client, world.cast.anna)
    for address in (DESK, f"{DESK}?view=map", f"{DESK}matters.csv", f"{DESK}matters.geojson", f"{DESK}1/", MINE):
        with django_assert_max_num_queries(10):
            assert anna.get(address).status_code == 200
    bo = _as(client, world.cast.bo)
    for address in (MINE, f"{MINE}1/", RAISE):
        with django_assert_max_num_queries(10):
            assert bo.get(address).status_code == 200


def _copy(row: Row, **changes: object) -> Row:
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if field.name != "id"}
    copy = type(row)(**values)
    for name, value in changes.items():
        setattr(copy, name, value)
    return copy


def _lonlat(x: float, y: float) -> str:
    from lagesbild.core.geo import WGS_84, project

    lon, lat = project([x], [y], from_crs=3006, to_crs=WGS_84)
    return f"[{lon[0]:.6f},{lat[0]:.6f}]"


def test_the_page_leads_only_to_what_the_reader_may_open(world: World, client: Client) -> None:
    """Dag sits in no forum: the matter is for all partners, the meeting, the report and the other matter are not."""
    cast = world.cast
    categories(cast)
    meeting, report = an_open_meeting(cast, world.evening), a_report(cast.bo, sharing=SharingLevel.OPERATIONAL)
    said = MatterText(object_kind="lamp", location="under bron")
    matter = raising.raise_matter(cast.bo, said, reports=[report], meeting_id=meeting.pk)
    hidden = a_matter(world, sharing=SharingLevel.OPERATIONAL)
    merging.merge(cast.eva, hidden, matter, reason="Samma lampa")
    addresses = [f"/c/ekby/meetings/{meeting.pk}/", f"/c/ekby/fieldreports/{report.pk}/", f"{DESK}{hidden.number}/"]
    for person, opens in ((cast.dag, False), (cast.bo, True)):
        page = _as(client, person).get(f"{DESK}{matter.number}/").content.decode()
        for address in addresses:
            assert (f'href="{address}"' in page) is opens, (person, address)
            assert (client.get(address).status_code == 200) is opens


def test_whoever_raised_it_at_a_meeting_finds_the_way_back_there(world: World, client: Client) -> None:
    meeting = an_open_meeting(world.cast, world.evening)
    bo = _as(client, world.cast.bo)
    briefing = bo.get(f"/c/ekby/meetings/{meeting.pk}/briefing/").content.decode()
    assert f'href="{RAISE}?meeting={meeting.pk}"' in briefing
    answer = bo.post(RAISE, {**SAID, "meeting": meeting.pk}, follow=True)
    assert f'href="/c/ekby/meetings/{meeting.pk}/"' in answer.content.decode()
    dag = _as(client, world.cast.dag)
    assert dag.get(f"/c/ekby/meetings/{meeting.pk}/briefing/").status_code == 404
