"""The page of an action, and what a field report tells of the matter that grew out of it."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client

from lagesbild.accounts.models import SharingLevel
from lagesbild.cooperation.actions import handling, plan
from lagesbild.cooperation.actions.plan import ActionText
from lagesbild.cooperation.models import Action, Matter, MatterState
from lagesbild.fieldreports import actions as reporting
from lagesbild.fieldreports import became
from lagesbild.fieldreports.models import FieldReport
from lagesbild.fieldreports.reporting import Author, ReportText
from lagesbild.observations.actions import ensure_category
from lagesbild.observations.models import Detection
from tests.cooperation.matters.world import World, a_matter


@pytest.fixture
def action(world: World) -> Action:
    return plan.create_action(world.cast.anna, ActionText("Byt lampan", world.roads), matter=a_matter(world))


@pytest.fixture
def report(world: World) -> FieldReport:
    """Bo reports a lamp."""
    ensure_category(world.cast.ekby, "lighting", name="Belysning", detection=Detection.NOT_CRIME, actor=None)
    author = Author(world.cast.bo.function, world.cast.bo.user)
    text = ReportText("lighting", place_text="under bron", note="Mörkt")
    return reporting.record_report(world.cast.ekby, author, text, client_id=uuid4()).report


def test_the_responsible_organisation_starts_and_completes_its_action(
    world: World, action: Action, client: Client
) -> None:
    client.force_login(world.greta.user)
    client.post("/c/ekby/actions/1/start/", {"version": "1"})
    client.post("/c/ekby/actions/1/done/", {"version": "2", "words": "Bytt i dag"})
    action.refresh_from_db()
    assert (action.state, action.ending_reason) == ("done", "Bytt i dag")
    assert Matter.objects.get().state == MatterState.HANDLED
    page = client.get("/c/ekby/actions/1/").content.decode()
    assert "Utförd" in page
    assert "/c/ekby/matters/1/" in page


def test_an_action_is_not_written_off_without_a_reason(world: World, action: Action, client: Client) -> None:
    client.force_login(world.greta.user)
    answer = client.post("/c/ekby/actions/1/write-off/", {"version": "1"})
    assert answer.status_code == 422
    action.refresh_from_db()
    assert action.state == "planned"


def test_who_acts_sees_no_matter_that_is_hidden_from_them(world: World, client: Client) -> None:
    hidden = a_matter(world, title="Hemlig", sharing=SharingLevel.OPERATIONAL)
    plan.create_action(world.cast.anna, ActionText("Byt lampan", world.roads), matter=hidden)
    client.force_login(world.greta.user)
    page = client.get("/c/ekby/actions/1/")
    assert page.status_code == 200
    assert "Hemlig" not in page.content.decode()


def test_a_matter_is_raised_from_a_report_that_then_tells_what_became_of_it(
    world: World, report: FieldReport, client: Client
) -> None:
    client.force_login(world.cast.bo.user)
    form = client.get(f"/c/ekby/matters/raise/?report={report.pk}").context["form"]
    assert (form.initial["location"], form.initial["description"]) == ("under bron", "Mörkt")
    said = {"object_kind": "lamp", "location": "under bron", "sharing": "operational", "report": report.pk}
    client.post("/c/ekby/matters/raise/", said)
    matter = Matter.objects.get()
    handling.lift(world.cast.anna, matter, reason="Belysning", widen=True)
    lines = became.told(world.cast.bo, [report])[report.pk]
    assert [line.path for line in lines] == ["/c/ekby/matters/1/", f"/c/ekby/matters/1/#step-{matter.steps.last().pk}"]  # type: ignore[union-attr]
    assert "Platssamverkan" in lines[1].text


def test_who_may_not_see_the_matter_reads_in_the_report_only_that_it_was_raised(
    world: World, report: FieldReport, client: Client
) -> None:
    client.force_login(world.cast.bo.user)
    said = {"title": "Hemlig", "object_kind": "lamp", "sharing": "operational", "report": report.pk}
    client.post("/c/ekby/matters/raise/", said)
    (line,) = became.told(world.greta, [report])[report.pk]
    assert line.path == ""
    assert "Hemlig" not in line.text


def test_a_report_that_one_may_not_see_gives_no_matter(world: World, report: FieldReport, client: Client) -> None:
    FieldReport.objects.update(sharing=SharingLevel.OWN)
    client.force_login(world.cast.anna.user)
    assert client.get(f"/c/ekby/matters/raise/?report={report.pk}").status_code == 404
    said = {"title": "Lampa", "object_kind": "lamp", "sharing": "partners", "report": report.pk}
    assert client.post("/c/ekby/matters/raise/", said).status_code == 404
