"""Being told in the page."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client
from django.urls import reverse

from lagesbild import notices
from lagesbild.notices import queries, reading
from lagesbild.notices.models import Notice
from tests.cast import Cast
from tests.notices.builders import TRIAL, a_notice

pytestmark = pytest.mark.django_db


def test_each_is_told_once_even_when_named_twice(cast: Cast) -> None:
    with transaction.atomic():
        notices.tell([cast.anna, cast.bo, cast.anna], TRIAL, text="Word", path="/")
    assert sorted(Notice.objects.values_list("membership", flat=True)) == sorted([cast.anna.pk, cast.bo.pk])


def test_nobody_is_told_of_what_was_rolled_back(cast: Cast) -> None:
    with transaction.atomic():
        notices.tell([cast.anna], TRIAL, text="Word", path="/")
        transaction.set_rollback(True)
    assert not Notice.objects.exists()


def test_an_unknown_kind_and_a_text_about_a_person_are_refused(cast: Cast) -> None:
    with transaction.atomic(), pytest.raises(KeyError):
        notices.tell([cast.anna], "nobody.knows", text="Word", path="/")
    with transaction.atomic(), pytest.raises(ValidationError):
        notices.tell([cast.anna], TRIAL, text="Om 19121212-1212", path="/")
    assert not Notice.objects.exists()


def test_the_bell_counts_only_ones_own_unread_ones(cast: Cast, client: Client) -> None:
    first, _second = a_notice(cast.anna), a_notice(cast.anna)
    a_notice(cast.bo)
    reading.read(first)
    client.force_login(cast.anna.user)
    page = client.get(reverse("notices:bell", args=["ekby"])).content.decode()
    assert ">1<" in page.replace(" ", "").replace("\n", "")


def test_opening_marks_as_read_and_leads_to_what_it_is_about(cast: Cast, client: Client) -> None:
    told = a_notice(cast.anna)
    client.force_login(cast.anna.user)
    response = client.post(reverse("notices:notice_open", args=["ekby", told.pk]))
    assert response["Location"] == "/"
    assert queries.unread_count(cast.anna) == 0


def test_a_notice_never_leads_to_another_server(cast: Cast, client: Client) -> None:
    told = a_notice(cast.anna)
    client.force_login(cast.anna.user)
    for path in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        Notice.objects.update(path=path)
        response = client.post(reverse("notices:notice_open", args=["ekby", told.pk]))
        assert response["Location"] == reverse("notices:notices", args=["ekby"])


def test_the_text_is_filled_in_and_shown_in_the_list(cast: Cast, client: Client) -> None:
    a_notice(cast.anna)
    client.force_login(cast.anna.user)
    assert "Vasagatan 24" in client.get(reverse("notices:notices", args=["ekby"])).content.decode()


def test_a_muted_kind_still_stands_in_the_list_but_rings_no_bell(cast: Cast, client: Client) -> None:
    told = a_notice(cast.anna)
    client.force_login(cast.anna.user)
    client.post(reverse("notices:notice_mute", args=["ekby", told.pk]), {"muted": "1"})
    reading.read_all(cast.anna)
    a_notice(cast.anna)
    assert queries.unread_count(cast.anna) == 0
    assert queries.notices_of(cast.anna).count() == 2
    client.post(reverse("notices:notice_mute", args=["ekby", told.pk]), {"muted": "0"})
    a_notice(cast.anna)
    assert queries.unread_count(cast.anna) == 1
