"""Handovers as counts: what is stored, and what others than those who count may see."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lagesbild.core.models import AuditEvent
from lagesbild.goals.handovers import AGE_GROUPS, Flow, flows_of
from lagesbild.goals.models import Handover
from tests.cast import Cast

pytestmark = pytest.mark.django_db
AGES = list(AGE_GROUPS)
PATH = "goals:handovers_new"


def data_of(cast: Cast, **changes: object) -> dict[str, Any]:
    """Twelve girls and three boys of 15 to 17, and nine whose gender and age nobody noted."""
    return {
        "kind": "linked",
        "from_function": cast.anna.function_id,
        "to_function": cast.eva.function_id,
        "month": "2019-03",
        "women-1": "12",
        "men-1": "3",
        "unknown-5": "9",
        "men-2": "0",
        **changes,
    }


def post(client: Client, cast: Cast, **changes: object) -> int:
    return client.post(reverse(PATH, args=["ekby"]), data_of(cast, **changes)).status_code


@pytest.fixture
def anna(cast: Cast, client: Client) -> Client:
    client.force_login(cast.anna.user)
    return client


def cells(flow: Flow) -> dict[str, tuple[int | str | None, ...]]:
    return {str(row.gender): row.cells for row in flow.rows}


def test_what_nobody_counted_is_not_zero_and_the_unknown_is_always_a_row(cast: Cast, anna: Client) -> None:
    assert post(anna, cast) == 302
    assert Handover.objects.count() == 4
    [flow] = flows_of(cast.anna, 2019)
    assert [row.cells for row in flow.rows] == [
        ("", 12, "", "", "", ""), ("", 3, 0, "", "", ""), ("", "", "", "", "", 9),
    ]  # fmt: skip
    assert (flow.total, flow.totals, flow.is_suppressed) == (24, ("", 15, 0, "", "", 9), False)


def test_others_cannot_read_or_work_out_small_numbers(cast: Cast, anna: Client) -> None:
    post(anna, cast)
    [flow] = flows_of(cast.eva, 2019)
    [women, men, unknown] = [row.cells for row in flow.rows]
    assert men[1] is None
    assert women[1] is None or flow.totals[1] is None  # else 15 - 12 tells
    assert men[2] == 0
    assert flow.is_suppressed
    assert unknown[5] in (9, None)
    [total] = {flow.rows[1].total, None}  # three boys in all
    assert total is None


def test_a_number_given_again_takes_the_place_of_the_old_which_is_logged(cast: Cast, anna: Client) -> None:
    post(anna, cast)
    assert post(anna, cast, **{"women-1": "13"}) == 302
    assert Handover.objects.get(gender="women").count == 13
    latest = AuditEvent.objects.filter(code="handovers.recorded").latest("pk")
    assert latest.details["changes"] == [["women", AGES[1], 12, 13]]


@pytest.mark.parametrize(
    "changes",
    [
        {"month": "mars"},
        {"month": "2019-13"},
        {"women-1": "-1"},
        {"women-1": "", "men-1": "", "unknown-5": "", "men-2": ""},
    ],
)
def test_what_is_no_count_is_refused(cast: Cast, anna: Client, changes: dict[str, Any]) -> None:
    assert post(anna, cast, **changes) == 422
    assert not Handover.objects.exists()


def test_nobody_hands_over_to_oneself_and_two_do_not_count_the_same(cast: Cast, anna: Client) -> None:
    assert post(anna, cast, to_function=cast.anna.function_id) == 422
    post(anna, cast)
    anna.force_login(cast.eva.user)
    assert post(anna, cast, **{"women-1": "5"}) == 422
    assert Handover.objects.get(gender="women").count == 12


def test_the_page_says_hidden_to_others_and_shows_the_number_to_those_who_count(cast: Cast, anna: Client) -> None:
    post(anna, cast)
    page = anna.get(reverse("goals:handovers", args=["ekby"]), headers={"accept-language": "en"}).content.decode()
    assert ">3<" in page.replace("\n", "")
    assert ">hidden<" not in page
    anna.force_login(cast.eva.user)
    anna.cookies["django_language"] = "en"
    page = anna.get(reverse("goals:handovers", args=["ekby"])).content.decode()
    assert ">hidden<" in page
    assert ">3<" not in page.replace("\n", "")
