"""Many phones at the same moment: real threads, real transactions, on whichever database the suite runs."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from uuid import UUID

import pytest
from django.db import connection

from lagesbild.core.errors import UserError
from lagesbild.fieldreports import actions
from lagesbild.fieldreports.models import FieldReport, ReportEvent, Status
from lagesbild.fieldreports.reporting import Author, ReportText
from tests.cast import Cast, make_cast
from tests.fieldreports.builders import a_report, categories


@pytest.fixture
def committed(transactional_db: None, data_dir: object) -> Cast:
    cast = make_cast()
    categories(cast)
    return cast


def test_the_same_report_sent_many_times_at_once_is_one_and_numbers_have_no_holes(committed: Cast) -> None:
    sendings = [UUID(int=1 + n % 4) for n in range(16)]

    def send(key: UUID) -> bool:
        try:
            return actions.send_report(
                committed.bo, ReportText("order", place_text=f"Plats {key.int}"), client_id=key
            ).is_new
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(send, sendings))
    assert sum(made) == 4
    assert sorted(FieldReport.objects.values_list("number", flat=True)) == [1, 2, 3, 4]
    assert ReportEvent.objects.count() == 4


def test_two_who_join_each_others_reports_at_once_leave_one_lead(committed: Cast) -> None:
    one, two = a_report(committed.bo), a_report(committed.eva)
    anna = Author.of(committed.anna)

    def join(pair: tuple[FieldReport, FieldReport]) -> None:
        try:
            with suppress(UserError):  # the later one finds itself the lead of the other
                actions.join_reports(anna, *pair)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(join, [(one, two), (two, one)]))
    assert sorted(FieldReport.objects.values_list("status", flat=True)) == [Status.JOINED, Status.NEW]
