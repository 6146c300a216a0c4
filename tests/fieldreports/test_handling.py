"""Review, joining and answers: nothing that was written is lost, and whoever wrote it gets word."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lagesbild.accounts.models import Membership, SharingLevel
from lagesbild.core.conflicts import EditConflict
from lagesbild.core.errors import UserError
from lagesbild.fieldreports import actions, became, queries
from lagesbild.fieldreports.became import Became
from lagesbild.fieldreports.models import FieldReport, ReportEvent, Status
from lagesbild.fieldreports.reporting import Author
from lagesbild.notices.models import Notice
from lagesbild.observations.models import Category
from tests.cast import Cast
from tests.fieldreports.builders import LIST, a_place, a_report, categories

NOON = datetime(2026, 10, 5, 10, 0, tzinfo=UTC)


@pytest.fixture
def anna(cast: Cast, client: Client) -> Client:
    categories(cast)
    client.force_login(cast.anna.user)
    return client


@pytest.fixture
def by_anna(cast: Cast) -> Author:
    categories(cast)
    return Author.of(cast.anna)


def _told(member: Membership) -> list[str]:
    return [notice.shown for notice in Notice.objects.filter(membership=member).order_by("pk")]


def _kinds(report: FieldReport) -> list[str]:
    return [step.kind for step in queries.history_of(report)]


def test_review_corrects_the_category_and_keeps_the_old_one(cast: Cast, anna: Client) -> None:
    report = a_report(cast.bo, "order")
    answer = anna.post(f"{LIST}{report.pk}/review/", {"version": report.version, "category": "litter"})
    report.refresh_from_db()
    assert answer.status_code == 302
    assert (report.category.code, report.status) == ("litter", "reviewed")
    step = ReportEvent.objects.get(report=report, kind="recategorised")
    assert (step.before, step.after, step.by) == ("Order", "Litter", cast.anna.user)
    assert "Order → Litter" in anna.get(f"{LIST}{report.pk}/").content.decode()


def test_the_reporter_gets_word_that_says_nothing_of_the_content(cast: Cast, by_anna: Author) -> None:
    report = a_report(cast.bo, note="Hemligt ställe")
    actions.review_report(by_anna, report, seen=1, category="lighting")
    (notice,) = Notice.objects.filter(membership__user=cast.bo.user)
    assert notice.path == f"{LIST}{report.pk}/"
    assert notice.params == {"number": report.number}
    assert "Hemligt" not in notice.text


def test_nobody_is_told_of_what_they_did_themselves(cast: Cast, by_anna: Author) -> None:
    actions.review_report(by_anna, a_report(cast.anna), seen=1, category="lighting")
    assert not Notice.objects.exists()


def test_of_two_who_answer_at_once_the_later_sees_the_difference_and_loses_nothing(cast: Cast, anna: Client) -> None:
    report = a_report(cast.bo)
    address = f"{LIST}{report.pk}/answer/"
    assert anna.post(address, {"version": 1, "became": "Lampan är beställd."}).status_code == 302
    late = anna.post(address, {"version": 1, "became": "Felanmäld."})
    page = late.content.decode()
    assert late.status_code == 422
    assert "Lampan är beställd." in page
    assert "Felanmäld." in page
    again = anna.post(address, {"version": late.context["answer_form"]["version"].value(), "became": "Felanmäld."})
    report.refresh_from_db()
    assert again.status_code == 302
    assert report.became == "Felanmäld."
    assert [step.text for step in queries.history_of(report) if step.kind == "answered"] == [
        "Lampan är beställd.",
        "Felanmäld.",
    ]


def test_an_answer_names_no_person(cast: Cast, anna: Client) -> None:
    report = a_report(cast.bo)
    assert anna.post(f"{LIST}{report.pk}/answer/", {"version": 1, "became": "Han heter Kalle"}).status_code == 422
    assert FieldReport.objects.get().status == "new"


def test_joining_keeps_both_and_the_joined_ones_writer_gets_the_leads_answer(cast: Cast, by_anna: Author) -> None:
    first, second = a_report(cast.eva, note="Först"), a_report(cast.bo, note="Sedan")
    actions.join_reports(by_anna, second, first)
    first.refresh_from_db()
    actions.answer_report(by_anna, first, seen=first.version, text="Lagat.")
    second.refresh_from_db()
    assert (second.lead, second.status, second.note) == (first, "joined", "Sedan")
    assert _kinds(second) == ["sent", "joined"]
    assert _kinds(first) == ["sent", "leads", "answered"]
    assert Notice.objects.filter(membership__user=cast.bo.user).count() == 2  # joined, answered


def test_what_is_joined_to_a_joined_report_goes_to_its_lead(cast: Cast, by_anna: Author) -> None:
    a, b, c = (a_report(cast.bo) for _ in range(3))
    actions.join_reports(by_anna, b, a)
    actions.join_reports(by_anna, c, b)
    assert FieldReport.objects.get(pk=c.pk).lead == a


def test_a_lead_that_is_joined_takes_its_followers_along(cast: Cast, by_anna: Author) -> None:
    a, b, c = (a_report(cast.bo) for _ in range(3))
    actions.join_reports(by_anna, b, a)
    actions.join_reports(by_anna, a, c)
    assert set(FieldReport.objects.filter(lead=c)) == {a, b}
    with pytest.raises(UserError):
        actions.join_reports(by_anna, c, b)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.booleans()), max_size=15))
def test_however_reports_are_joined_and_parted_none_is_lost_and_no_chain_arises(
    cast: Cast, by_anna: Author, steps: list[tuple[int, int, bool]]
) -> None:
    FieldReport.objects.update(lead=None, status=Status.NEW)
    FieldReport.objects.all().delete()
    keys = [a_report(cast.bo).pk for _ in range(5)]
    for one, other, joins in steps:
        report, lead = FieldReport.objects.get(pk=keys[one]), FieldReport.objects.get(pk=keys[other])
        if not joins:
            actions.part_report(by_anna, report)
            continue
        try:
            root = actions.join_reports(by_anna, report, lead)
        except UserError:
            assert lead.pk == report.pk or lead.lead_id == report.pk
        else:
            assert FieldReport.objects.get(pk=report.pk).lead == root
    assert FieldReport.objects.count() == 5
    assert not FieldReport.objects.filter(lead__lead__isnull=False).exists()
    assert set(FieldReport.objects.exclude(lead=None).values_list("status", flat=True)) <= {"joined"}


def test_a_joining_can_be_taken_back(cast: Cast, anna: Client, by_anna: Author) -> None:
    first, second = a_report(cast.eva), a_report(cast.bo)
    anna.post(f"{LIST}{second.pk}/join/", {"lead": first.number})
    assert FieldReport.objects.get(pk=second.pk).lead == first
    anna.post(f"{LIST}{second.pk}/part/")
    second.refresh_from_db()
    assert (second.lead, second.status) == (None, "reviewed")
    assert _kinds(second)[-1] == "parted"


@pytest.mark.parametrize("number", ["", "0", "99", "x", "1"])
def test_a_number_that_leads_nowhere_joins_nothing(cast: Cast, anna: Client, number: str) -> None:
    report = a_report(cast.bo)  # its own number is 1
    assert anna.post(f"{LIST}{report.pk}/join/", {"lead": number}).status_code == 302
    assert FieldReport.objects.get().lead is None


def test_a_report_that_one_may_not_see_cannot_be_joined_to(cast: Cast, anna: Client) -> None:
    hidden, report = a_report(cast.eva, sharing=SharingLevel.OWN), a_report(cast.bo)
    anna.post(f"{LIST}{report.pk}/join/", {"lead": hidden.number})
    assert FieldReport.objects.get(pk=report.pk).lead is None


def test_the_same_thing_is_of_one_kind_within_250_metres_and_a_fortnight(cast: Cast, by_anna: Author) -> None:
    report = a_report(cast.bo, when=NOON)
    near, edge = a_report(cast.eva, dx=100, when=NOON), a_report(cast.eva, dx=249.9, when=NOON - timedelta(days=14))
    a_report(cast.eva, dx=250.5, when=NOON)
    a_report(cast.eva, dx=10, when=NOON - timedelta(days=14, minutes=1))
    a_report(cast.eva, "litter", dx=5, when=NOON)
    a_report(cast.eva, dx=1, when=NOON, sharing=SharingLevel.OWN)
    joined = a_report(cast.eva, dx=2, when=NOON)
    actions.join_reports(by_anna, joined, near)
    found = queries.same_thing(cast.anna, report)
    assert [each.report for each in found] == [near, edge]
    assert found[0].distance_m == pytest.approx(100, abs=0.3)


def test_at_most_five_are_offered_the_nearest_first(cast: Cast, by_anna: Author) -> None:
    report = a_report(cast.bo, when=NOON)
    others = [a_report(cast.eva, dx=dx, when=NOON) for dx in (60, 10, 50, 20, 40, 30)]
    assert [each.report for each in queries.same_thing(cast.anna, report)] == [others[n] for n in (1, 3, 5, 4, 2)]


def test_without_a_point_the_words_of_the_place_decide(cast: Cast, by_anna: Author) -> None:
    report = a_report(cast.bo, place_text="bakom macken", when=NOON)
    same = a_report(cast.eva, place_text="Bakom macken", when=NOON)
    a_report(cast.eva, place_text="framför macken", when=NOON)
    assert [each.report for each in queries.same_thing(cast.anna, report)] == [same]


def test_an_addition_is_kept_beside_what_was_written(cast: Cast, client: Client) -> None:
    categories(cast)
    report = a_report(cast.eva, note="Lampan är trasig.")
    client.force_login(cast.bo.user)
    assert client.post(f"{LIST}{report.pk}/add/", {"addition": "Den blinkar nu."}).status_code == 302
    page = client.get(f"{LIST}{report.pk}/").content.decode()
    assert "Lampan är trasig." in page
    assert "Den blinkar nu." in page
    assert client.post(f"{LIST}{report.pk}/add/", {"addition": " "}).status_code == 422


def test_what_later_subjects_tell_stands_on_the_report_and_on_those_joined_to_it(
    cast: Cast, anna: Client, by_anna: Author, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(became, "_tellers", [])
    first, second = a_report(cast.eva), a_report(cast.bo)
    actions.join_reports(by_anna, second, first)
    asked: list[list[int]] = []

    def tell(_membership: Membership, reports: object) -> dict[int, list[Became]]:
        asked.append([report.pk for report in reports])  # type: ignore[attr-defined]
        return {first.pk: [Became("Ärende 7: lampan bytt", "/c/ekby/matters/7/", NOON)], 10**9: []}

    became.register(tell)
    became.register(tell)
    for report in (first, second):
        page = anna.get(f"{LIST}{report.pk}/").content.decode()
        assert page.count("Ärende 7: lampan bytt") == 1
        assert "/c/ekby/matters/7/" in page
    listed = anna.get(LIST).content.decode()
    assert "Ärende 7: lampan bytt" in listed
    assert len(asked) == 3  # all the reports of a page in one call


def test_a_place_found_by_the_point_is_named_once(cast: Cast, anna: Client) -> None:
    place = a_place(cast, "Bron")
    page = anna.get(f"{LIST}{a_report(cast.bo).pk}/").content.decode()
    assert f'<dd><a href="/c/ekby/places/{place.pk}/">Bron</a><br>' in page


def test_a_stale_review_is_refused(cast: Cast, by_anna: Author) -> None:
    report = a_report(cast.bo)
    actions.review_report(by_anna, FieldReport.objects.get(pk=report.pk), seen=1, category="order")
    with pytest.raises(EditConflict):
        actions.review_report(by_anna, report, seen=1, category="litter")
    assert FieldReport.objects.get().category == Category.objects.get(code="order")
