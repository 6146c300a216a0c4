"""Light, dark, or as the device."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_choice_is_remembered_and_written_on_the_page(client: Client, theme: str) -> None:
    answer = client.post("/theme/", {"theme": theme, "next": LOGIN})
    assert answer["Location"] == LOGIN
    assert f'data-theme="{theme}"' in client.get(LOGIN).content.decode()


def test_as_the_device_forgets_the_choice(client: Client) -> None:
    client.post("/theme/", {"theme": "dark"})
    client.post("/theme/", {"theme": ""})
    assert "data-theme" not in client.get(LOGIN).content.decode()


def test_nothing_but_a_theme_reaches_the_page(client: Client) -> None:
    client.post("/theme/", {"theme": '"><script>'})
    client.cookies["theme"] = "neon"
    assert "data-theme" not in client.get(LOGIN).content.decode()


@pytest.mark.parametrize("address", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""])
def test_it_leads_back_only_to_our_own_pages(client: Client, address: str) -> None:
    assert client.post("/theme/", {"theme": "dark", "next": address})["Location"] == "/"


def test_a_link_cannot_change_it(client: Client) -> None:
    assert client.get("/theme/").status_code == 405
