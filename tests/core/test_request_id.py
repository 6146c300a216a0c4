"""Each request has a name that ties the answer to the log."""

from __future__ import annotations

import logging

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client

from lagesbild.core.request_id import RequestIdFilter, RequestIdMiddleware


def test_the_answer_carries_a_name_of_its_own(client: Client, db: None) -> None:
    first, second = (client.get("/accounts/login/")["X-Request-ID"] for _ in range(2))
    assert len(first) == 12
    assert first != second


@pytest.mark.parametrize(("given", "kept"), [("abc-123", True), ("a" * 65, False), ("a b\n", False), ("", False)])
def test_a_name_from_the_proxy_is_kept_if_it_is_harmless(client: Client, db: None, given: str, kept: bool) -> None:
    answer = client.get("/accounts/login/", headers={"X-Request-ID": given})
    assert (answer["X-Request-ID"] == given) is kept


@pytest.mark.one_database
def test_lines_logged_meanwhile_carry_it_and_later_ones_do_not() -> None:
    seen = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(line_name())
        return HttpResponse()

    def line_name() -> str:
        record = logging.LogRecord("x", logging.INFO, "", 0, "", None, None)
        RequestIdFilter().filter(record)
        return str(record.request_id)  # type: ignore[attr-defined]

    request = HttpRequest()
    answer = RequestIdMiddleware(view)(request)
    assert seen == [answer["X-Request-ID"]]
    assert line_name() == "-"
