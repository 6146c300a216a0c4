"""A forgotten password: a link by mail, to those who have an account and nobody else."""

from __future__ import annotations

import re

from django.core import mail
from django.test import Client

from tests.accounts.test_sign_in import is_signed_in, sign_in
from tests.cast import Cast

NEW = "ett-nytt-langt-losenord"


def ask(client: Client, email: str):
    return client.post("/accounts/password/reset/", {"email": email})


def test_the_link_in_the_mail_sets_a_new_password_once(cast: Cast, client: Client) -> None:
    ask(client, "anna@example.org")
    link = re.search(r"http://[^/]+(/\S+)", mail.outbox[0].body)[1]
    form = client.get(link)["Location"]
    client.post(form, {"password1": NEW, "password2": NEW})
    assert sign_in(client, "anna@example.org").status_code == 200  # the old one no longer opens
    assert sign_in(client, "anna@example.org", NEW).status_code == 302
    assert is_signed_in(client)
    assert "password1" not in Client().get(link).content.decode()


def test_strangers_get_the_same_answer_and_no_mail(cast: Cast, client: Client) -> None:
    known, unknown = ask(client, "anna@example.org"), ask(client, "stranger@example.org")
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert [message.to for message in mail.outbox] == [["anna@example.org"]]


def test_the_mail_is_swedish_for_those_who_read_swedish(cast: Cast, client: Client) -> None:
    client.post("/accounts/password/reset/", {"email": "anna@example.org"}, headers={"accept-language": "sv"})
    assert "lösenord" in mail.outbox[0].body.lower()
