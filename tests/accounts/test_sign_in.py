"""Signing in: password, lock-out, second factor, and the rules of cookies and sessions."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.utils import timezone

from tests.cast import PASSWORD, Cast

LOGIN = "/accounts/login/"


def sign_in(client: Client, email: str, password: str = PASSWORD, **extra: str):
    return client.post(LOGIN, {"login": email, "password": password}, **extra)


def is_signed_in(client: Client) -> bool:
    return client.get("/collaborations/").status_code == 200


def test_the_right_password_opens_and_any_case_of_the_address_will_do(cast: Cast, client: Client) -> None:
    response = sign_in(client, "ANNA@example.org")
    assert (response.status_code, response["Location"]) == (302, "/")
    assert is_signed_in(client)


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(cast: Cast, client: Client) -> None:
    wrong = sign_in(client, "anna@example.org", "fel-losenord-helt")
    unknown = sign_in(client, "nobody@example.org", "fel-losenord-helt")
    assert wrong.status_code == unknown.status_code == 200
    assert not is_signed_in(client)

    def errors(response) -> dict[str, list[str]]:
        return dict(response.context["form"].errors)

    assert errors(wrong) == errors(unknown) != {}


def test_the_fifth_failure_locks_the_account_even_for_the_right_password(cast: Cast, client: Client, settings) -> None:
    limit = settings.AXES_FAILURE_LIMIT
    assert limit == 5
    statuses = [sign_in(client, "anna@example.org", "fel-losenord-helt").status_code for _ in range(limit)]
    assert statuses == [200] * (limit - 1) + [429]
    locked = sign_in(client, "anna@example.org")
    assert locked.status_code == 429
    assert not is_signed_in(client)


def test_four_failures_are_forgiven_by_a_success(cast: Cast, client: Client) -> None:
    for _ in range(2):
        for _ in range(4):
            sign_in(client, "anna@example.org", "fel-losenord-helt")
        assert sign_in(client, "anna@example.org").status_code == 302
        client.post("/accounts/logout/")


def test_the_lock_is_on_the_account_whatever_the_spelling_of_its_address(cast: Cast, client: Client) -> None:
    for spelling in (
        "anna@example.org",
        "Anna@example.org",
        "ANNA@EXAMPLE.ORG",
        "anna@Example.org",
        " anna@example.org",
    ):
        last = sign_in(client, spelling, "fel-losenord-helt")
    assert last.status_code == 429
    assert sign_in(client, "anna@example.org").status_code == 429


def test_others_can_still_sign_in_while_one_account_is_locked(cast: Cast, client: Client) -> None:
    for _ in range(6):
        sign_in(client, "anna@example.org", "fel-losenord-helt")
    assert sign_in(client, "bo@example.org").status_code == 302


def test_the_lock_opens_by_itself(cast: Cast, client: Client, settings) -> None:
    from axes.models import AccessAttempt

    for _ in range(5):
        sign_in(client, "anna@example.org", "fel-losenord-helt")
    earlier = timezone.now() - timedelta(minutes=settings.LAGESBILD["login_lockout_minutes"], seconds=1)
    AccessAttempt.objects.update(attempt_time=earlier)
    assert sign_in(client, "anna@example.org").status_code == 302


def test_a_person_who_is_no_longer_active_cannot_sign_in(cast: Cast, client: Client) -> None:
    cast.anna.user.is_active = False
    cast.anna.user.save()
    sign_in(client, "anna@example.org")
    assert not is_signed_in(client)


def test_nobody_signs_up_by_themselves(client: Client, db: None) -> None:
    from lagesbild.accounts.models import User

    answer = client.post("/accounts/signup/", {"email": "x@example.org", "password1": PASSWORD, "password2": PASSWORD})
    assert answer.status_code in (200, 403)
    assert not User.objects.exists()


def test_signing_out_takes_a_post(cast: Cast, client: Client) -> None:
    client.force_login(cast.anna.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.get("/accounts/logout/")
    assert is_signed_in(client)
    client.post("/accounts/logout/")
    assert not is_signed_in(client)


def test_a_form_from_elsewhere_is_refused(cast: Cast) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert sign_in(strict, "anna@example.org").status_code == 403


def test_one_is_sent_back_to_the_page_one_asked_for_and_never_to_another_site(cast: Cast, client: Client) -> None:
    asked = client.get("/collaborations/")
    assert asked["Location"] == f"{LOGIN}?next=/collaborations/"
    form = {"login": "anna@example.org", "password": PASSWORD}
    assert client.post(LOGIN, {**form, "next": "/collaborations/"})["Location"] == "/collaborations/"
    client.post("/accounts/logout/")
    assert "evil" not in client.post(LOGIN, {**form, "next": "https://evil.example/"})["Location"]


class TestSecondFactor:
    """A time-based code (TOTP), enrolled and used."""

    @staticmethod
    def code(secret: str) -> str:
        counter = next(iter(yield_hotp_counters_from_time()))
        return format_hotp_value(hotp_value(secret, counter))

    def enrol(self, client: Client) -> str:
        asked = client.get("/accounts/2fa/totp/activate/")
        assert asked["Location"].startswith("/accounts/reauthenticate/")  # a changed lock asks for the key again
        client.post(asked["Location"], {"password": PASSWORD})
        page = client.get("/accounts/2fa/totp/activate/")
        assert page.status_code == 200
        secret = page.context["form"].secret
        answer = client.post("/accounts/2fa/totp/activate/", {"code": self.code(secret)})
        assert answer.status_code == 302
        return secret

    def test_after_enrolment_the_password_alone_no_longer_opens(self, cast: Cast, client: Client) -> None:
        sign_in(client, "anna@example.org")
        secret = self.enrol(client)
        assert Authenticator.objects.filter(user=cast.anna.user, type="totp").exists()
        client.post("/accounts/logout/")

        halfway = sign_in(client, "anna@example.org")
        assert halfway["Location"].startswith("/accounts/2fa/authenticate/")
        assert not is_signed_in(client)

        from django.core.cache import cache

        cache.clear()  # the code that enrolled may not be used again; half a minute later it is another
        assert client.post("/accounts/2fa/authenticate/", {"code": self.code(secret)}).status_code == 302
        assert is_signed_in(client)

    @pytest.mark.usefixtures("cast")
    def test_a_wrong_code_does_not_open(self, client: Client) -> None:
        sign_in(client, "anna@example.org")
        secret = self.enrol(client)
        client.post("/accounts/logout/")
        sign_in(client, "anna@example.org")
        wrong = f"{(int(self.code(secret)) + 1) % 1_000_000:06}"
        client.post("/accounts/2fa/authenticate/", {"code": wrong})
        assert not is_signed_in(client)

    def test_the_secret_is_not_stored_in_the_open(self, cast: Cast, client: Client) -> None:
        sign_in(client, "anna@example.org")
        secret = self.enrol(client)
        stored = Authenticator.objects.get(user=cast.anna.user, type="totp")
        assert secret not in str(stored.data)
        assert get_adapter().decrypt(stored.data["secret"]) == secret
        assert isinstance(stored.wrap(), TOTP)
