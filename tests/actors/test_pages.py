"""The pages of actors: what they show, refuse and store."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from lagesbild.accounts.models import SharingLevel
from lagesbild.actors import actions, sections
from lagesbild.actors.models import (
    ActorProfile,
    AgreementVersion,
    Assessment,
    Commitment,
    Contact,
    FunctionProfile,
    ResponsibilityEntry,
    ResponsibilityQuestion,
    Schedule,
    Training,
    Zone,
)
from lagesbild.actors.sections import Section, SectionRow
from lagesbild.core import clock
from lagesbild.core.models import AuditEvent
from lagesbild.notices.models import Notice
from tests.actors.builders import duty, kind, line, place_at, profile_of, zone_at
from tests.cast import Cast

BASE = "/c/ekby/actors/"


@pytest.fixture
def anna(cast: Cast, client: Client) -> Client:
    client.force_login(cast.anna.user)
    return client


def _text(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_directory_is_searched_by_words_in_any_case_and_letter(cast: Cast, anna: Client) -> None:
    profile_of(cast.municipality, "Åtgärdssamordnare", task="Ser till att lamporna lyser")
    profile_of(cast.police, "Områdespolis")
    assert "Åtgärdssamordnare" in _text(anna.get(BASE + "?q=åtgärd"))
    found = _text(anna.get(BASE + "?q=LAMPORNA ekby"))
    assert "Åtgärdssamordnare" in found
    assert "Områdespolis" not in found


def test_a_phone_can_be_called_from_the_list(cast: Cast, anna: Client) -> None:
    profile = profile_of(cast.municipality, "Fältassistent")
    actions.add_contact(cast.anna, profile, channel="function_number", value="08-465 004 10")
    assert 'href="tel:0846500410"' in _text(anna.get(BASE))


def test_a_contact_is_stored_only_when_it_is_said_to_be_the_functions(cast: Cast, anna: Client) -> None:
    function = profile_of(cast.municipality, "Fältassistent").function
    address = f"{BASE}functions/{function.pk}/contacts/"
    sent = {"channel": "phone", "value": "08-465 004 10"}
    assert anna.post(address, sent).status_code == 422
    assert not Contact.objects.exists()
    assert anna.post(address, {**sent, "is_function": "on"}).status_code == 302
    assert Contact.objects.get().value == "08-465 004 10"


def test_a_personal_identity_number_is_no_contact(cast: Cast, anna: Client) -> None:
    function = profile_of(cast.municipality, "Fältassistent").function
    sent = {"channel": "phone", "value": "850709-9805", "is_function": "on"}
    assert anna.post(f"{BASE}functions/{function.pk}/contacts/", sent).status_code == 422
    assert not Contact.objects.exists()


def test_the_second_of_two_who_edit_sees_the_difference_and_loses_nothing(cast: Cast, anna: Client) -> None:
    address = f"{BASE}organisations/{cast.municipality.slug}/edit/"
    actions.ensure_actor_profile(cast.municipality, actor=None, mission="Från början")
    sent = {"mission": "Först", "limits": "", "source": "", "sharing": "partners", "version": "1"}
    assert anna.post(address, sent).status_code == 302
    late = anna.post(address, {**sent, "mission": "Sist"})
    assert late.status_code == 422
    assert "Först" in _text(late)
    assert "Sist" in _text(late)
    assert ActorProfile.objects.get().mission == "Först"
    assert (
        anna.post(address, {**sent, "mission": "Sist", "version": late.context["form"].data["version"]}).status_code
        == 302
    )
    assert ActorProfile.objects.get().mission == "Sist"


def test_what_sources_say_of_a_forum_stands_side_by_side_when_they_disagree(cast: Cast, anna: Client) -> None:
    claims = [("Utsättning", True, "Kapitel 1"), ("Utsättning", False, "Kapitel 2"), ("Styrgrupp", True, "Kapitel 1")]
    actions.ensure_actor_profile(cast.police, actor=None, claims=claims)
    answer = anna.get(f"{BASE}organisations/polisen/")
    assert [stand.is_disputed for stand in answer.context["stands"]] == [False, True]
    assert "Kapitel 2" in _text(answer)


def test_other_subjects_add_to_the_page_of_an_organisation(cast: Cast, anna: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(sections, "_makers", {})
    sections.register("b", lambda _membership, found: Section("Åtgärder", [], empty=f"Inga för {found.name}"))
    sections.register(
        "a", lambda *_: Section("Forum", [SectionRow("Styrgrupp", "/c/ekby/forums/1/", "två gånger om året")])
    )
    sections.register("c", lambda *_: None)
    shown = _text(anna.get(f"{BASE}organisations/polisen/"))
    assert shown.index("Styrgrupp") < shown.index("Inga för Polisen")


def test_a_function_says_what_is_its_task_and_with_what_it_may_help(cast: Cast, anna: Client) -> None:
    kind(cast)
    function = profile_of(cast.municipality, "Fältassistent").function
    sent = {
        **{"task": "Möter unga", "min_age": "13", "max_age": "19", "sharing": "partners", "version": "1"},
        **{"own": ["minor"], "may": ["minor", "intoxication"]},
    }
    assert anna.post(f"{BASE}functions/{function.pk}/edit/", sent).status_code == 302
    stored = FunctionProfile.objects.get(function=function)
    assert {each.situation.code: each.level for each in stored.mandates.all()} == {"minor": 1, "intoxication": 2}
    wrong = anna.post(f"{BASE}functions/{function.pk}/edit/", {**sent, "max_age": "12", "version": "2"})
    assert wrong.status_code == 422
    assert "max_age" in wrong.context["form"].errors


def test_a_week_is_written_as_lines_of_shifts(cast: Cast, anna: Client) -> None:
    function = profile_of(cast.municipality, "Fältassistent").function
    address = f"{BASE}functions/{function.pk}/duty/new/"
    sent = {
        "day1": "10-18",
        "day5": "18-22, 22:30-02",
        "valid_from": "2026-01-01",
        "holidays": "off",
        "sharing": "partners",
    }
    assert "day1" in anna.post(address, {**sent, "day1": "sent"}).context["form"].errors
    assert anna.post(address, sent).status_code == 302
    schedule = Schedule.objects.get()
    assert [str(each) for each in schedule.shifts.all()] == ["1 10:00–18:00", "5 18:00–22:00", "5 22:30–02:00"]
    edit = f"{BASE}duty/{schedule.pk}/edit/"
    assert anna.get(edit).context["form"]["day5"].value() == "18:00–22:00, 22:30–02:00"
    assert anna.post(edit, {**sent, "day5": "", "version": "1"}).status_code == 302
    assert Schedule.objects.get().shifts.count() == 1


def test_a_date_off_duty_is_added_and_taken_away(cast: Cast, anna: Client) -> None:
    schedule = duty(profile_of(cast.municipality, "Fältassistent"), "10-18")
    address = f"{BASE}duty/{schedule.pk}/exceptions/"
    assert anna.post(address, {"exception-on": "2026-12-24", "exception-shifts": ""}).status_code == 302
    assert [each.starts for each in schedule.exceptions.all()] == [None]
    assert anna.post(f"{address}remove/", {"on": "2026-12-24"}).status_code == 302
    assert not schedule.exceptions.exists()


def test_a_zone_is_drawn_and_names_who_may_act(cast: Cast, anna: Client) -> None:
    ring = [[18.05, 59.33], [18.06, 59.33], [18.06, 59.34], [18.05, 59.34], [18.05, 59.33]]
    drawn = json.dumps({"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}})
    sent = {"name": "Centrum", "kind": "lov3", "valid_from": "2019-08-01", "sharing": "partners", "geometry": drawn}
    assert anna.post(f"{BASE}zones/new/", {**sent, "geometry": ""}).status_code == 422
    assert anna.post(f"{BASE}zones/new/", {**sent, "actors": [f"o{cast.police.pk}"]}).status_code == 302
    zone = Zone.objects.get()
    assert [str(each) for each in zone.actors.all()] == ["Polisen"]
    here = anna.get(f"{BASE}zones/?lat=59.335&lon=18.055")
    assert here.context["here"] == [zone]
    assert anna.get(f"{BASE}zones/?lat=59.30&lon=18.055").context["here"] == []


def test_a_question_is_answered_by_a_line_of_the_register(cast: Cast, anna: Client) -> None:
    kind(cast)
    torg = place_at(cast, "Torget")
    unknown = anna.get(f"{BASE}responsibility/?kind=lamp&place={torg.pk}")
    assert unknown.context["answer"].organisation is None
    assert anna.post(f"{BASE}responsibility/ask/", {"kind": "lamp", "place": torg.pk}).status_code == 302
    question = ResponsibilityQuestion.objects.get()
    form = anna.get(f"{BASE}responsibility/new/?question={question.pk}").context["form"]
    assert (form["kind"].value(), form["place"].value()) == (question.kind_id, torg.pk)
    sent = {"kind": question.kind_id, "organisation": cast.housing.pk, "place": torg.pk, "sharing": "partners"}
    assert anna.post(f"{BASE}responsibility/new/?question={question.pk}", sent).status_code == 302
    question.refresh_from_db()
    assert question.answer == ResponsibilityEntry.objects.get()
    assert anna.get(f"{BASE}responsibility/?kind=lamp&place={torg.pk}").context["answer"].organisation == cast.housing


def test_a_line_stands_on_one_ground_only(cast: Cast, anna: Client) -> None:
    sent = {
        **{"kind": kind(cast).pk, "organisation": cast.police.pk, "sharing": "partners"},
        **{"place": place_at(cast, "Torget").pk, "zone": zone_at(cast).pk},
    }
    assert "place" in anna.post(f"{BASE}responsibility/new/", sent).context["form"].errors


def test_a_title_or_name_that_is_taken_is_told_and_not_stored(cast: Cast, anna: Client) -> None:
    for title in ("Avtal", "Annat avtal"):
        agreement = actions.create_agreement(cast.anna, parties=[], title=title, valid_from=date(2026, 1, 1))
        route = actions.create_route(cast.anna, name=title)
    posted = {"title": "Avtal", "valid_from": "2026-01-01", "sharing": "partners", "remind_days": "90", "version": "1"}
    for address in ("agreements/new/", f"agreements/{agreement.pk}/edit/"):
        answer = anna.post(BASE + address, posted)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["title"]), address
    answer = anna.post(f"{BASE}routes/{route.pk}/edit/", {"name": "Avtal", "sharing": "partners", "version": "1"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["name"])


def test_every_change_of_an_agreement_keeps_how_it_was(cast: Cast, anna: Client) -> None:
    agreement = actions.create_agreement(cast.anna, parties=[cast.police], title="Avtal", valid_from=date(2026, 1, 1))
    address = f"{BASE}agreements/{agreement.pk}/"
    sent = {"organisation": cast.police.pk, "text": "Hålla utsättningar", "status": "ongoing"}
    assert anna.post(f"{address}commitments/new/", sent).status_code == 302
    made = Commitment.objects.get()
    followed = {**sent, "status": "kept", "follow_up": "Två i veckan", "version": "1"}
    assert anna.post(f"{address}commitments/{made.pk}/edit/", followed).status_code == 302
    assert anna.post(f"{address}commitments/{made.pk}/edit/", {**followed, "text": "Annat"}).status_code == 422
    versions = AgreementVersion.objects.order_by("number")
    assert [[each["status"] for each in version.content["commitments"]] for version in versions] == [
        [],
        ["ongoing"],
        ["kept"],
    ]
    assert anna.get(address).status_code == 200


@pytest.mark.parametrize(("day", "told"), [("2026-09-30", 0), ("2026-10-03", 2), ("2027-01-01", 2), ("2027-01-02", 0)])
def test_those_who_lead_are_reminded_once_within_the_days_before_the_end(cast: Cast, day: str, told: int) -> None:
    fields: dict[str, Any] = {"title": "Avtal", "valid_from": date(2025, 1, 1), "valid_to": date(2027, 1, 1)}
    agreement = actions.create_agreement(cast.anna, parties=[cast.police], **fields)
    with clock.frozen(datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=UTC)):
        assert actions.remind_of_ends(agreement) == (told and 3)
        agreement.refresh_from_db()
        assert actions.remind_of_ends(agreement) == 0
    assert Notice.objects.count() == (told and 3)  # Anna and Ada of the municipality, Eva of the police


def test_an_end_that_is_moved_is_told_of_anew(cast: Cast) -> None:
    fields: dict[str, Any] = {"title": "Avtal", "valid_from": date(2025, 1, 1), "valid_to": date(2027, 1, 1)}
    agreement = actions.create_agreement(cast.anna, parties=[], **fields)
    with clock.frozen(datetime(2026, 12, 1, tzinfo=UTC)):
        assert actions.remind_of_ends(agreement) > 0
        changed = actions.change_agreement(cast.anna, agreement, 1, parties=[], valid_to=date(2027, 2, 1))
        assert actions.remind_of_ends(changed) > 0


def test_only_promises_for_the_public_stand_on_the_public_page(cast: Cast, client: Client) -> None:
    assert client.get("/c/ekby/promises/").status_code == 404
    actions.give_promise(cast.anna, text="Intern sak", given_on=date(2026, 1, 1))
    assert client.get("/c/ekby/promises/").status_code == 404
    told = actions.give_promise(
        cast.anna, text="Tända lamporna", given_on=date(2026, 1, 1), sharing=SharingLevel.PUBLIC
    )
    actions.note_progress(cast.anna, told, on=date(2026, 2, 1), text="Tio av tolv lyser")
    shown = _text(client.get("/c/ekby/promises/"))
    assert "Tio av tolv lyser" in shown
    assert "Intern sak" not in shown
    assert client.get("/c/sjovik/promises/").status_code == 404


def test_nothing_is_logged_as_said_without_the_check(cast: Cast, anna: Client) -> None:
    sent = {"on": "2026-01-01", "channel": "Webb", "text": "Nya lampor", "sharing": "partners"}
    refused = anna.post(f"{BASE}communication/new/", sent)
    assert {"fear_check", "fear_reason"} <= set(refused.context["form"].errors)
    checked = {**sent, "fear_check": "lowers", "fear_reason": "Platsen tas om hand"}
    assert anna.post(f"{BASE}communication/new/", checked).status_code == 302
    assert "Platsen tas om hand" in _text(anna.get(f"{BASE}communication/"))


def test_assessments_stand_beside_each_other_with_what_is_not_known_left_open(cast: Cast, anna: Client) -> None:
    first = actions.ensure_factor(cast.ekby, "a", actor=None, collection="Egna", name="Förankring")
    second = actions.ensure_factor(cast.ekby, "b", actor=None, collection="Egna", name="Finansiering", order=1)
    for day, score in (("2026-01-01", "2"), ("2026-07-01", "3")):
        sent = {"on": day, f"score{first.pk}": score, f"score{second.pk}": "", "sharing": "partners"}
        assert anna.post(f"{BASE}factors/new/", sent).status_code == 302
    rows = anna.get(f"{BASE}factors/").context["rows"]
    assert [[score.score for score in row.scores] for row in rows] == [[2, 3], [None, None]]
    assert Assessment.objects.count() == 2


def test_the_introduction_is_of_ones_own_function_and_says_who_takes_care_of_what(cast: Cast, anna: Client) -> None:
    kind(cast)
    actions.ensure_function_profile(cast.anna.function, actor=None, task="Håller i helheten", mandates={"minor": 1})
    duty(profile_of(cast.police, "Områdespolis", own=["disorder"]), "10-18")
    shown = anna.get(f"{BASE}introduction/")
    assert "Håller i helheten" in _text(shown)
    assert [name for name, _helpers in shown.context["text"].by_situation] == ["Ordningsstörning"]


def test_trainings_are_counted_by_function_and_who_is_not_reached_is_seen(cast: Cast, anna: Client) -> None:
    function = profile_of(cast.police, "Ingripande").function
    for people in ("4", "8"):
        sent = {"on": "2026-01-01", "function": function.pk, "unit": "Turlag 2", "kind": "briefing", "n_people": people}
        assert anna.post(f"{BASE}trainings/new/", {**sent, "sharing": "partners"}).status_code == 302
    found = {
        each.function: (each.unit, each.times, each.people)
        for each in anna.get(f"{BASE}introduction/?reached=1").context["reached"]
    }
    assert found["Ingripande"] == ("Turlag 2", 2, 12)
    assert found["Analytiker"] == ("", 0, 0)
    assert Training.objects.count() == 2


def test_pages_take_at_most_ten_queries(cast: Cast, anna: Client, django_assert_max_num_queries: Any) -> None:
    torg = place_at(cast, "Torget")
    kind(cast)
    for number in range(4):
        profile = profile_of(cast.municipality, f"Vakt {number}", own=["disorder"])
        duty(profile, "10-18", place=torg)
        actions.add_contact(cast.anna, profile, channel="phone", value="08-465 004 00")
        zone_at(cast, f"Zon {number}", actors=[(cast.municipality, profile.function, "")])
        line(cast, cast.police, place=torg, note=str(number))
        agreement = actions.create_agreement(
            cast.anna, parties=[cast.police], title=f"Avtal {number}", valid_from=date(2026, 1, 1)
        )
        actions.add_commitment(cast.anna, agreement, organisation=cast.police, text="Något")
        actions.give_promise(cast.anna, text=f"Löfte {number}", given_on=date(2026, 1, 1))
    pages = (
        "",
        "organisations/polisen/",
        "zones/",
        f"zones/?place={torg.pk}",
        "responsibility/",
        "responsibility/questions/",
    )
    for address in (
        *pages,
        "agreements/",
        f"agreements/{agreement.pk}/",
        "promises/",
        "communication/",
        "factors/",
        "duty/",
    ):
        with django_assert_max_num_queries(10):  # session, user and membership are three of them
            assert anna.get(BASE + address).status_code == 200
    with django_assert_max_num_queries(10):
        assert anna.get(f"/c/ekby/help-now/?place={torg.pk}&situation=disorder").status_code == 200
    with django_assert_max_num_queries(12):
        assert anna.get(f"{BASE}introduction/?place={torg.pk}").status_code == 200


def test_beginning_with_the_ordinary_words_twice_changes_nothing(cast: Cast, anna: Client) -> None:
    assert anna.post(f"{BASE}vocabulary/").status_code == 302
    before = AuditEvent.objects.count()
    anna.post(f"{BASE}vocabulary/")
    assert AuditEvent.objects.count() == before


def test_a_reader_is_not_led_to_the_log_of_trainings(cast: Cast, anna: Client, client: Client) -> None:
    assert "trainings/new/" in _text(anna.get(f"{BASE}introduction/"))
    client.force_login(cast.dag.user)
    assert "trainings/new/" not in _text(client.get(f"{BASE}introduction/"))
