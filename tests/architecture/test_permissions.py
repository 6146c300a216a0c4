"""Every address × every person: anonymous, each role, another organisation, another collaboration."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse

from lagesbild.accounts.access import Capability, may
from lagesbild.accounts.models import Membership, Organisation, Role
from tests.architecture.addresses import Address, all_addresses
from tests.architecture.permission_matrix import PUBLIC, SIGNED_IN, Need, Row, all_rows
from tests.cast import Cast, make_cast
from tests.remembered import remembered

Ask = Callable[[str, str, str], int | str]
SESSION = settings.SESSION_COOKIE_NAME
ROWS = all_rows()
ADDRESSES = {address.name: address for address in all_addresses()}
PEOPLE = ("anonymous", "cecilia", "dag", "bo", "eva", "anna", "ada")
OWNERS = ("anna", "dag", "ada")  # of the municipality, which owns what the rows make
REFUSED = (403, 404, 405)


@remembered
def _signed_in() -> tuple[Cast, dict[str, str]]:
    """The cast, and the session of each: whoever is in a session is read anew with every request."""
    cast, sessions = make_cast(), {}
    for person in PEOPLE[1:]:
        client = Client()
        client.force_login(getattr(cast, person).user, backend="allauth.account.auth_backends.AuthenticationBackend")
        sessions[person] = client.cookies[SESSION].value
    return cast, sessions


@pytest.fixture
def signed_in(db: None, data_dir: Path) -> tuple[Cast, dict[str, str]]:
    return _signed_in()


@pytest.fixture
def cast(signed_in: tuple[Cast, dict[str, str]]) -> Cast:
    return signed_in[0]


@pytest.fixture
def ask(signed_in: tuple[Cast, dict[str, str]]) -> Ask:
    """The status; 'sign-in' for a redirect there. What the request changed is taken back."""

    def ask(person: str, path: str, method: str) -> int | str:
        client = Client(raise_request_exception=True)
        if person != "anonymous":
            client.cookies[SESSION] = signed_in[1][person]
        with transaction.atomic():
            response = getattr(client, method)(path)
            transaction.set_rollback(True)
        if response.status_code == 302 and response["Location"].startswith(reverse("account_login")):
            return "sign-in"
        return int(response.status_code)

    return ask


def _cases() -> Iterator[object]:
    for name, row in sorted(ROWS.items()):
        for method in ("get", "post"):
            if name in ADDRESSES and not row.foreign:
                yield pytest.param(ADDRESSES[name], row, method, id=f"{method.upper()} {name}")


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    without_row = [f"{name} ({address.route})" for name, address in ADDRESSES.items() if name not in ROWS]
    assert not without_row, "list who may ask these, in tests/<subject>/permissions.py"
    assert sorted(set(ROWS) - set(ADDRESSES)) == []


@pytest.mark.parametrize(("address", "row", "method"), list(_cases()))
def test_each_person_gets_what_the_matrix_says(cast: Cast, ask: Ask, address: Address, row: Row, method: str) -> None:
    need: Need = getattr(row, method)
    path = _path(cast, address, row)
    if need is None:
        assert ask("ada", path, method) == 405
        return
    answers = {person: ask(person, path, method) for person in PEOPLE}
    wrong = [
        f"{person}: got {status}, wanted {_wanted(cast, person, row, need)}"
        for person, status in answers.items()
        if not _is_right(status, _wanted(cast, person, row, need))
    ]
    assert not wrong


@pytest.mark.parametrize(
    "address", [a for n, a in ADDRESSES.items() if n in ROWS and not ROWS[n].foreign], ids=lambda address: address.name
)
def test_methods_that_change_by_other_names_are_refused(cast: Cast, ask: Ask, address: Address) -> None:
    assert ask("ada", _path(cast, address, ROWS[address.name]), "delete") == 405


def _named_cases() -> Iterator[object]:
    for name, row in sorted(ROWS.items()):
        for method in ("get", "post"):
            address = ADDRESSES.get(name)
            names_one = address and address.in_collaboration and address.route.count("<") > 1
            if address and names_one and isinstance(getattr(row, method), Capability):
                yield pytest.param(address, row, method, id=f"{method.upper()} {name}")


@pytest.mark.parametrize(("address", "row", "method"), list(_named_cases()))
def test_what_is_ekbys_is_not_found_under_the_address_of_sjovik(
    cast: Cast, ask: Ask, address: Address, row: Row, method: str
) -> None:
    """Cecilia may do everything in Sjövik: under its address, the key of what is Ekby's opens nothing."""
    Membership.objects.filter(pk=cast.cecilia.pk).update(role=Role.ADMINISTRATOR)
    Organisation.objects.filter(collaboration=cast.sjovik).update(slug="sjoviks-kommun")  # another than any of Ekby's
    assert ask("cecilia", _path(cast, address, row, collaboration="sjovik"), method) == 404


def _wanted(cast: Cast, person: str, row: Row, need: Need) -> int | str:
    """A status, or 'sign-in' or 'answer'."""
    if need is PUBLIC:
        return "answer"
    if person == "anonymous":
        return "sign-in"
    if row.expected and person in row.expected:
        return row.expected[person]
    if need is SIGNED_IN:
        return "answer"
    if person == "cecilia":
        return 404
    assert isinstance(need, Capability)
    if not may(getattr(cast, person), need):
        return 403
    return 403 if row.owners_only and person not in OWNERS else "answer"


def _is_right(status: int | str, wanted: int | str) -> bool:
    if wanted == "answer":
        return isinstance(status, int) and status < 500 and status not in REFUSED
    return status == wanted


def _path(cast: Cast, address: Address, row: Row, *, collaboration: str = "ekby") -> str:
    """What the address names is made here, once for everyone who asks."""
    kwargs = row.kwargs(cast) if row.kwargs else {}
    if address.in_collaboration:
        kwargs = {"collaboration": collaboration, **kwargs}
    return reverse(address.name, kwargs=kwargs) + row.query
