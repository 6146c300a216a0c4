"""Where a matter comes from is kept and leads both ways; who will see a lifted one is asked before it is lifted."""

from __future__ import annotations

import pytest
from django.test import Client

from lagesbild.accounts.models import Membership, SharingLevel
from lagesbild.cooperation.actions import holding
from lagesbild.cooperation.actions.meetings import call_meeting
from lagesbild.cooperation.models import Forum, Matter, Meeting, Step
from lagesbild.cooperation.seeing import widenings
from tests.cooperation.forums.builders import NOW
from tests.cooperation.matters.world import World, a_matter
from tests.fieldreports.builders import a_report, categories

RAISE, MATTER = "/c/ekby/matters/raise/", "/c/ekby/matters/1/"
SAID = {"object_kind": "lamp", "location": "under bron", "sharing": "partners"}


def _as(client: Client, person: Membership) -> Client:
    client.force_login(person.user)
    return client


def _page(client: Client, address: str) -> str:
    return client.get(address, headers={"accept-language": "en"}).content.decode()


@pytest.fixture
def meeting(world: World) -> Meeting:
    """One of the operational forum, which the police lead, under way."""
    return opened(world.cast.eva, world.evening)


def opened(by: Membership, forum: Forum) -> Meeting:
    return holding.open_meeting(by, call_meeting(by, forum, starts_at=NOW, duration_minutes=45, room=""))


def path(meeting: Meeting) -> str:
    return f"/c/ekby/meetings/{meeting.pk}/"


def test_one_raised_by_hand_has_no_origin(world: World, client: Client) -> None:
    _as(client, world.cast.bo).post(RAISE, SAID)
    step = Step.objects.get()
    assert (step.meeting, step.details) == (None, {"reports": []})


def test_one_raised_from_a_report_leads_there_and_the_report_leads_to_it(world: World, client: Client) -> None:
    categories(world.cast)
    report = a_report(world.cast.bo)
    bo = _as(client, world.cast.bo)
    assert f'href="/c/ekby/fieldreports/{report.pk}/"' in _page(bo, f"{RAISE}?report={report.pk}")
    bo.post(RAISE, {**SAID, "report": report.pk})
    assert f'href="/c/ekby/fieldreports/{report.pk}/"' in _page(bo, MATTER)
    assert f'href="{MATTER}"' in _page(bo, f"/c/ekby/fieldreports/{report.pk}/")


@pytest.mark.parametrize("closed", [False, True])
def test_one_raised_at_a_meeting_leads_there_and_the_meeting_leads_to_it(
    world: World, client: Client, meeting: Meeting, closed: bool
) -> None:
    """Also when another forum has it, which the agenda of this meeting says nothing of."""
    anna = _as(client, world.cast.anna)
    assert f'href="{path(meeting)}"' in _page(anna, f"{RAISE}?meeting={meeting.pk}")
    anna.post(RAISE, {**SAID, "meeting": meeting.pk, "forum": "platssamverkan"})
    if closed:
        holding.close_meeting(world.cast.eva, meeting)
    assert f'href="{path(meeting)}"' in _page(anna, MATTER)
    assert f'href="{MATTER}"' in _page(anna, path(meeting))


def test_joining_at_a_meeting_keeps_the_meeting_for_whoever_joined(
    world: World, client: Client, meeting: Meeting
) -> None:
    a_matter(world, by=world.hanna, location="under bron")
    bo = _as(client, world.cast.bo)
    bo.post(RAISE, {**SAID, "meeting": meeting.pk, "join": "1"})
    assert Step.objects.get(kind="joined").meeting == meeting
    assert f'href="{path(meeting)}"' in _page(bo, "/c/ekby/matters/mine/1/")
    assert f'href="{MATTER}"' in _page(bo, path(meeting))
    hanna = _as(client, world.hanna)
    assert f'href="{path(meeting)}"' not in _page(hanna, "/c/ekby/matters/mine/1/")


def test_a_meeting_shows_nothing_raised_there_to_who_may_not_see_the_matter(
    world: World, client: Client, meeting: Meeting
) -> None:
    anna = _as(client, world.cast.anna)
    anna.post(RAISE, {**SAID, "meeting": meeting.pk, "forum": "platssamverkan", "sharing": "strategic"})
    assert f'href="{MATTER}"' in _page(anna, path(meeting))
    bo = _as(client, world.cast.bo)
    assert f'href="{MATTER}"' not in _page(bo, path(meeting))
    assert "Raised at this meeting" not in _page(bo, path(meeting))


def test_a_meeting_that_one_may_not_open_cannot_be_named_as_origin(world: World, client: Client) -> None:
    hidden = opened(world.cast.ada, world.steering)
    answer = _as(client, world.cast.bo).post(RAISE, {**SAID, "meeting": hidden.pk})
    assert answer.status_code == 404
    assert not Matter.objects.exists()


LIFT = {"what": "lift", "reason": "Kräver belysning"}


def test_lifting_what_more_will_see_is_asked_once_more_and_says_who(
    world: World, client: Client, meeting: Meeting
) -> None:
    matter = a_matter(world, sharing=SharingLevel.OPERATIONAL)
    eva = _as(client, world.cast.eva)
    asked = eva.post(f"{path(meeting)}matters/1/", LIFT, headers={"accept-language": "en"})
    matter.refresh_from_db()
    assert (asked.status_code, matter.holder, matter.sharing) == (200, world.evening, "operational")
    assert asked.context["widening"].organisations == ("Gatukontoret",)
    page = asked.content.decode()
    assert "Gatukontoret" in page
    assert 'value="Kräver belysning"' in page
    eva.post(f"{path(meeting)}matters/1/", {**LIFT, "widen": "on"})
    matter.refresh_from_db()
    assert (matter.holder, matter.sharing) == (world.monthly, "partners")
    assert Step.objects.get(kind="lifted").meeting == meeting


def test_lifting_what_the_forum_above_sees_already_is_not_asked_about(
    world: World, client: Client, meeting: Meeting
) -> None:
    matter = a_matter(world)
    assert _as(client, world.cast.eva).post(f"{path(meeting)}matters/1/", LIFT).status_code == 302
    matter.refresh_from_db()
    assert matter.holder == world.monthly


def test_without_a_reason_nothing_is_asked_and_nothing_lifted(world: World, client: Client, meeting: Meeting) -> None:
    matter = a_matter(world, sharing=SharingLevel.OPERATIONAL)
    answer = _as(client, world.cast.eva).post(f"{path(meeting)}matters/1/", {"what": "lift", "reason": ""})
    matter.refresh_from_db()
    assert (answer.status_code, matter.holder) == (302, world.evening)


def test_the_form_of_a_matter_says_who_will_see_it_in_each_forum_that_does_not(world: World, client: Client) -> None:
    matter = a_matter(world, by=world.cast.anna, sharing=SharingLevel.OPERATIONAL)
    found = {each.forum.slug: each for each in widenings(matter, [world.evening, world.monthly, world.steering])}
    assert set(found) == {"platssamverkan", "styrgrupp"}
    assert found["platssamverkan"].sharing == "partners"
    assert "Gatukontoret" in found["platssamverkan"].organisations
    assert not {"Ekby kommun", "Polisen"} & set(found["platssamverkan"].organisations)
    page = _page(_as(client, world.cast.anna), f"{MATTER}lift/")
    assert "Gatukontoret" in page
