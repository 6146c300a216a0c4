"""The pages for when something is wrong. They stand by themselves: a failing database must not hide the failure."""

from __future__ import annotations

from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client

from tests.cast import Cast


@pytest.mark.parametrize("name", ["400", "403", "404", "500", "403_csrf"])
def test_each_can_be_made_with_nothing_at_hand(name: str) -> None:
    page = render_to_string(f"{name}.html")
    assert "<h1>" in page
    assert 'lang="sv"' in page


def test_what_is_not_there_is_404_with_our_page(cast: Cast, client: Client) -> None:
    client.force_login(cast.anna.user)
    answer = client.get("/finns-inte/")
    assert answer.status_code == 404
    assert "Sidan finns inte här" in answer.content.decode()


def test_a_failure_is_told_without_its_details(cast: Cast, client: Client, monkeypatch: Any) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("hemligt")

    monkeypatch.setattr("lagesbild.web.views.memberships_of", fail)
    client.raise_request_exception = False
    client.force_login(cast.anna.user)
    answer = client.get("/collaborations/")
    assert answer.status_code == 500
    assert "Något gick fel" in answer.content.decode()
    assert "hemligt" not in answer.content.decode()


def test_a_form_without_its_token_is_refused_in_words(db: None) -> None:
    answer = Client(enforce_csrf_checks=True).post("/theme/", {"theme": "dark"})
    assert answer.status_code == 403
    assert "Formuläret hade blivit för gammalt" in answer.content.decode()


def test_a_locked_sign_in_says_so_and_not_whether_the_account_exists(cast: Cast, client: Client, settings: Any) -> None:
    settings.AXES_FAILURE_LIMIT = 2
    pages = []
    for email in ("anna@example.org", "finns-inte@example.org"):
        for _ in range(2):
            answer = client.post("/accounts/login/", {"login": email, "password": "fel"})
        pages.append((answer.status_code, "Inloggningen är låst" in answer.content.decode()))
    assert pages == [(429, True), (429, True)]
