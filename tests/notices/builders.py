"""A kind of notice for tests, and a notice of it."""

from __future__ import annotations

from django.db import transaction

from lagesbild import notices
from lagesbild.accounts.models import Membership
from lagesbild.notices.models import Notice

TRIAL = "trial.told"
notices.register_kind(TRIAL, title="Trial")
notices.register_kind("trial.urgent", title="Urgent trial", urgent=True)


def a_notice(membership: Membership, *, code: str = TRIAL, text: str = "The lamp in {place} is mended") -> Notice:
    """One notice to one person, about a lamp."""
    with transaction.atomic():
        [made] = notices.tell([membership], code, text=text, path="/", about="lamp 1", place="Vasagatan 24")
    return made
