"""The way in."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from lagesbild.accounts import actions
from tests.cast import Cast


def test_one_collaboration_leads_straight_to_its_picture(cast: Cast, client: Client) -> None:
    client.force_login(cast.anna.user)
    answer = client.get("/")
    assert answer.status_code == 302
    assert answer["Location"] == reverse("picture:picture", args=["ekby"])


def test_several_are_listed_and_nobody_elses(cast: Cast, client: Client) -> None:
    actions.set_membership(cast.anna.user, cast.cecilia.function, role="reader", actor=None)
    client.force_login(cast.anna.user)
    page = client.get("/").content.decode()
    assert "Trygga Ekby" in page
    assert "Sjövik centrum" in page
    client.force_login(cast.cecilia.user)
    assert "Trygga Ekby" not in client.get("/collaborations/").content.decode()


def test_with_none_one_is_told_what_to_do(cast: Cast, client: Client) -> None:
    client.force_login(actions.ensure_user("ny@example.org", name="Ny", password=None, actor=None))
    assert "Be den som administrerar" in client.get("/").content.decode()


def test_nobody_is_asked_to_sign_in(db: None, client: Client) -> None:
    assert client.get("/")["Location"] == "/accounts/login/?next=/"
