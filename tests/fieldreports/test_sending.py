"""A report is stored exactly once, says what it said, and never says who."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lagesbild.accounts.models import SharingLevel
from lagesbild.core import clock
from lagesbild.core.errors import UserError
from lagesbild.core.models import AuditEvent
from lagesbild.fieldreports import actions
from lagesbild.fieldreports.individuals import points_out_a_person
from lagesbild.fieldreports.models import FieldReport, ReportEvent
from lagesbild.fieldreports.reporting import ReportText
from tests.cast import Cast
from tests.fieldreports.builders import NEW, a_place, a_report, at, categories, typed
from tests.places.builders import EAST, NORTH

NOW = datetime(2026, 11, 20, 21, 30, tzinfo=UTC)


@pytest.fixture
def bo(cast: Cast, client: Client) -> Client:
    categories(cast)
    client.force_login(cast.bo.user)
    return client


def test_a_report_is_written_and_the_writer_is_told_its_number(cast: Cast, bo: Client) -> None:
    with clock.frozen(NOW):
        answer = bo.post(NEW, typed())
    report = FieldReport.objects.get()
    assert answer.headers["Location"] == f"/c/ekby/fieldreports/{report.pk}/?sent=1"
    assert (report.number, report.category.code, report.status) == (1, "lighting", "new")
    assert report.occurred_from == report.reported_at == NOW  # the time not said is now
    assert (report.owner, report.reported_by, report.function) == (cast.housing, cast.bo.user, cast.bo.function)
    assert "nummer 1" in bo.get(answer.headers["Location"]).content.decode()
    assert AuditEvent.objects.filter(code="fieldreports.sent", target_id=str(report.pk)).count() == 1


def test_sending_the_same_again_leads_to_the_same_report(cast: Cast, bo: Client) -> None:
    sent = typed()
    first, second = bo.post(NEW, sent), bo.post(NEW, sent)
    assert first.headers["Location"] == second.headers["Location"]
    assert FieldReport.objects.count() == 1
    assert ReportEvent.objects.count() == 1


def test_another_report_from_the_same_page_is_not_taken_for_the_first_and_can_be_sent(cast: Cast, bo: Client) -> None:
    sent = typed()
    bo.post(NEW, sent)
    refused = bo.post(NEW, {**sent, "note": "Och en till."})
    assert refused.status_code == 422
    fresh = refused.context["form"]["client_id"].value()
    assert fresh != sent["client_id"]
    assert "Och en till." in refused.content.decode()  # nothing of the text is lost
    assert bo.post(NEW, {**sent, "note": "Och en till.", "client_id": fresh}).status_code == 302
    assert list(FieldReport.objects.order_by("number").values_list("number", flat=True)) == [1, 2]


def test_nobody_is_shown_anothers_report_by_sending_its_key(cast: Cast, bo: Client) -> None:
    theirs = a_report(cast.eva, sharing=SharingLevel.OWN, note="Polisens egen")
    answer = bo.post(NEW, typed(client_id=str(theirs.client_id)))
    assert answer.status_code == 422
    assert "Polisens egen" not in answer.content.decode()


KEYS = [UUID(int=n) for n in range(1, 4)]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sendings=st.lists(st.tuples(st.sampled_from(KEYS), st.sampled_from(["a", "b"]), st.booleans()), max_size=14))
def test_whatever_is_sent_again_in_whatever_order_each_report_is_there_once(
    cast: Cast, sendings: list[tuple[UUID, str, bool]]
) -> None:
    """Keys come again, also with other words and from another member: never doubled, never lost, never overwritten."""
    categories(cast)
    FieldReport.objects.all().delete()
    expected: dict[UUID, tuple[str, bool]] = {}
    for key, note, is_bo in sendings:
        text = ReportText("order", place_text="Torget", note=note)
        who = cast.bo if is_bo else cast.eva
        if expected.get(key, (note, is_bo)) != (note, is_bo):
            with pytest.raises(UserError) as refused:
                actions.send_report(who, text, client_id=key)
            assert refused.value.code == "fieldreports.other_content"
            continue
        sent = actions.send_report(who, text, client_id=key)
        assert sent.is_new == (key not in expected)
        assert expected.setdefault(key, (note, is_bo)) == (note, is_bo)
    stored = {r.client_id: (r.note, r.reported_by_id == cast.bo.user_id) for r in FieldReport.objects.all()}
    assert stored == expected
    assert sorted(FieldReport.objects.values_list("number", flat=True)) == list(range(1, len(expected) + 1))


def test_a_place_by_name_or_alias_gives_its_point_and_how_exact_it_is(cast: Cast, bo: Client) -> None:
    small = a_place(cast, "Stortorget", dx=300, radius_m=40, aliases=["Torget"])
    large = a_place(cast, "Parken", dx=3000, radius_m=600)
    by_alias, wide, unknown = (
        a_report(cast.bo, place_text="  torget "),
        a_report(cast.bo, place_text="Parken"),
        a_report(cast.bo, place_text="bakom macken"),
    )
    assert (by_alias.place, by_alias.precision, by_alias.x) == (small, "exact", small.x)
    assert (wide.place, wide.precision) == (large, "area")
    assert (unknown.place, unknown.precision, unknown.x) == (None, "none", None)


def test_a_point_lies_in_the_smallest_place_around_it_and_keeps_how_far_off_it_may_be(cast: Cast, bo: Client) -> None:
    a_place(cast, "Stadsdelen", radius_m=900)
    inner = a_place(cast, "Bron", dx=10, radius_m=60)
    near, rough, far = (
        a_report(cast.bo, dx=20, accuracy_m=12),
        a_report(cast.bo, dx=20, accuracy_m=120),
        a_report(cast.bo, dx=20, accuracy_m=900),
    )
    assert near.place == inner
    assert (near.x, near.y) == (pytest.approx(EAST + 20, abs=0.2), pytest.approx(NORTH + 5, abs=0.2))
    assert [report.precision for report in (near, rough, far)] == ["exact", "street", "area"]


def test_a_place_is_named_only_where_all_who_see_the_report_may_see_it(cast: Cast, bo: Client) -> None:
    place = a_place(cast, "Spaningsplatsen", sharing=SharingLevel.OWN)
    assert a_report(cast.bo).place is None
    assert a_report(cast.bo, place_text="Spaningsplatsen").place is None
    assert a_report(cast.anna).place is None
    assert a_report(cast.anna, sharing=SharingLevel.OWN).place == place
    assert a_report(cast.anna, place_text="Spaningsplatsen", sharing=SharingLevel.OPERATIONAL).place is None


WRONG = [
    ({"category": "", "other_category": ""}, "category"),
    ({"category": "gone"}, "category"),
    ({"place_text": ""}, "place_text"),
    ({"certainty": "sure"}, "certainty"),
    ({"occurred_from": "2099-01-01T10:00"}, "occurred_from"),
    ({"occurred_from": "2026-02-03T10:00", "occurred_to": "2026-02-03T09:00"}, "occurred_to"),
    ({"sharing": "public"}, "sharing"),
    ({"note": "x" * 1001}, "note"),
    ({"note": "Han heter Kalle Svensson"}, "note"),
    ({"note": "121212-1212"}, "note"),
    ({"place_text": "hos 070-123 45 67"}, "place_text"),
]


@pytest.mark.parametrize(("change", "field"), WRONG)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_stored(
    cast: Cast, bo: Client, change: dict[str, str], field: str
) -> None:
    answer = bo.post(NEW, typed(**change))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not FieldReport.objects.exists()


@pytest.mark.parametrize(
    "point", ["x", "[]", '{"coordinates": []}', '{"coordinates": ["a", 1]}', '{"coordinates": [0, 0]}']
)
def test_a_point_that_cannot_be_is_refused(cast: Cast, bo: Client, point: str) -> None:
    assert bo.post(NEW, typed(point=point, place_text="")).status_code == 422
    assert not FieldReport.objects.exists()


@pytest.mark.parametrize("note", ["Han heter Kalle Svensson", "121212-1212"])
def test_a_report_about_a_person_is_pointed_to_the_right_channel(cast: Cast, bo: Client, note: str) -> None:
    page = bo.post(NEW, typed(note=note)).content.decode()
    assert "114 14" in page
    assert "individuals" in page
    assert '<details class="more individuals" open>' in page


@pytest.mark.parametrize(
    "text",
    [
        "ring 070-123 45 67",
        "tel +46 70 123 45 67",
        "08-123 456 78",
        "skriv till kalle.svensson@example.org",
        "bil ABC 123 står där",
        "moped DEF12G",
        "en kille som kallas Zorro säljer",
        "kvinnan heter Anna",
        "19121212-1212",
    ],
)
def test_what_leads_to_a_person_is_found(text: str) -> None:
    assert points_out_a_person(text)


@pytest.mark.parametrize(
    "text",
    [
        "Lampan är trasig under bron, Vasagatan 24",
        "platsen kallas Plattan",
        "gatan heter Storgatan, tre personer stod där",
        "ett gäng på 10-15 ungdomar, kl 21.30–22.45 den 2026-02-28",
        "buss 123 och linje 4, P-hus 2, plan 3",
        "x 6580743, 674315",
        "två män säljer öppet; fler än 20 köpare",
        "SEB 24 och ICA 2020",
        "PIN 5000 kr böter",
    ],
)
def test_what_is_said_of_a_place_is_let_through(text: str) -> None:
    assert not points_out_a_person(text)


def test_times_are_those_of_the_collaboration(cast: Cast, bo: Client) -> None:
    with clock.frozen(NOW):
        bo.post(NEW, typed(occurred_from="2026-07-01T23:30", occurred_to="2026-07-02T00:15"))
    report = FieldReport.objects.get()
    assert report.occurred_from == datetime(2026, 7, 1, 21, 30, tzinfo=UTC)
    assert report.occurred_to == datetime(2026, 7, 1, 22, 15, tzinfo=UTC)


def test_a_clock_that_is_a_little_fast_does_not_stop_a_report(cast: Cast) -> None:
    categories(cast)
    with clock.frozen(NOW):
        report = a_report(cast.bo, when=NOW + timedelta(minutes=5))
        with pytest.raises(UserError) as refused:
            a_report(cast.bo, when=NOW + timedelta(minutes=11))
    assert report.occurred_from == NOW
    assert refused.value.code == "fieldreports.in_the_future"


def test_the_categories_reported_most_come_first_and_ones_own_before_others(cast: Cast, bo: Client) -> None:
    for code, who in [("drugs", cast.eva), ("drugs", cast.eva), ("order", cast.bo), ("litter", cast.eva)]:
        a_report(who, code)
    buttons = [each.data["value"] for each, _kind in bo.get(NEW).context["form"].tiles()]
    assert buttons == ["order", "drugs", "litter", "environment", "lighting"]


def test_the_long_list_wins_over_the_buttons(cast: Cast, bo: Client) -> None:
    bo.post(NEW, typed(category="order", other_category="litter"))
    assert FieldReport.objects.get().category.code == "litter"


def test_numbers_are_each_collaborations_own(cast: Cast) -> None:
    from lagesbild.observations.actions import ensure_category

    categories(cast)
    ensure_category(cast.sjovik, "lighting", name="Ljus", detection="mixed", actor=None)
    assert [a_report(cast.bo).number, a_report(cast.eva).number, a_report(cast.cecilia).number] == [1, 2, 1]
    assert a_report(cast.bo, **{}).number == 3


def test_one_key_may_be_used_in_two_collaborations(cast: Cast) -> None:
    from lagesbild.observations.actions import ensure_category

    categories(cast)
    ensure_category(cast.sjovik, "order", name="Ordning", detection="mixed", actor=None)
    key, text = uuid4(), ReportText("order", **at())
    assert actions.send_report(cast.bo, text, client_id=key).is_new
    assert actions.send_report(cast.cecilia, text, client_id=key).is_new
