"""Who may ask what: one row for each address. An address without a row fails the build.

Each subject lists its own rows in ``tests/<subject>/permissions.py``::

    ROWS = {
        "places:places": Row(get=Capability.READ),
        "places:place_edit": Row(
            get=Capability.EDIT_PLACES,
            post=Capability.EDIT_PLACES,
            owners_only=True,
            kwargs=lambda cast: {"pk": a_place(cast).pk},
        ),
    }

``kwargs`` makes (through ordinary actions) the object that the address names, in Ekby and owned by the municipality,
and answers with the address's arguments; the collaboration's slug is added. ``get`` and ``post`` say what is needed;
None means that the method is refused (405). With ``owners_only``, other organisations' members are refused (403) even
when their role would do; administrators are not.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

import tests
from lagesbild.accounts.access import Capability
from lagesbild.core import jobs
from tests.cast import Cast


class Anyone(Enum):
    """Weaker than any capability."""

    PUBLIC = "no sign-in"
    SIGNED_IN = "any sign-in"


Need = Capability | Anyone | None
PUBLIC, SIGNED_IN = Anyone.PUBLIC, Anyone.SIGNED_IN


@dataclass(frozen=True)
class Row:
    """What one address needs."""

    get: Need = None
    post: Need = None
    owners_only: bool = False
    kwargs: Callable[[Cast], dict[str, Any]] | None = None
    query: str = ""
    expected: dict[str, int] | None = None  # status by person, where no rule above says it
    foreign: bool = False  # a view of an installed package, which has its own methods and redirects


def _annas_job(cast: Cast) -> dict[str, Any]:
    return {"pk": jobs.start("nothing", actor=cast.anna.user, collaboration="ekby").pk}


# Only Anna, who started it, and Ada, who administers Ekby
JOB = {"dag": 404, "bo": 404, "eva": 404, "cecilia": 404}

ROWS: dict[str, Row] = {
    "home": Row(get=SIGNED_IN),
    "collaborations": Row(get=SIGNED_IN),
    "start": Row(get=Capability.READ),
    "set_language": Row(get=PUBLIC, post=PUBLIC, foreign=True),
    "set_theme": Row(post=PUBLIC),
    "core:job": Row(get=SIGNED_IN, kwargs=_annas_job, expected=JOB),
    "core:job_cancel": Row(post=SIGNED_IN, kwargs=_annas_job, expected=JOB),
}

ALLAUTH_PUBLIC = """
    account_confirm_email account_confirm_login_code account_email_verification_sent account_inactive account_login
    account_logout account_reauthenticate account_reset_password account_reset_password_done
    account_reset_password_from_key account_reset_password_from_key_done account_signup mfa_authenticate
"""
ALLAUTH_SIGNED_IN = """
    account_change_password account_email account_set_password mfa_activate_totp mfa_deactivate_totp
    mfa_download_recovery_codes mfa_generate_recovery_codes mfa_index mfa_reauthenticate mfa_view_recovery_codes
"""
ROWS |= {name: Row(get=PUBLIC, post=PUBLIC, foreign=True) for name in ALLAUTH_PUBLIC.split()}
ROWS |= {name: Row(get=SIGNED_IN, post=SIGNED_IN, foreign=True) for name in ALLAUTH_SIGNED_IN.split()}


def all_rows() -> dict[str, Row]:
    """The rows above and those of each subject."""
    rows = dict(ROWS)
    for module in pkgutil.iter_modules(tests.__path__):
        name = f"tests.{module.name}.permissions"
        if module.ispkg and importlib.util.find_spec(name):
            rows.update(importlib.import_module(name).ROWS)
    return rows
