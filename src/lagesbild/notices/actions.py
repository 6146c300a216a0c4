"""Choosing which notices come, and when."""

from __future__ import annotations

from datetime import time

from django.db import transaction

from lagesbild.accounts.models import Membership
from lagesbild.core import audit
from lagesbild.notices.models import Notice, Preference


@transaction.atomic
def choose(membership: Membership, *, mail: str, quiet_from: time, quiet_to: time, muted: list[str]) -> Preference:
    """When and about what this person wants word."""
    wish, _made = Preference.objects.update_or_create(
        membership=membership,
        defaults={"mail": mail, "quiet_from": quiet_from, "quiet_to": quiet_to, "muted": sorted(set(muted))},
    )
    slug = membership.collaboration.slug
    audit.record("notices.chosen", wish, actor=membership.user, collaboration=slug, mail=mail, muted=wish.muted)
    return wish


@transaction.atomic
def mute(membership: Membership, code: str, *, muted: bool = True) -> None:
    """No more of this kind, or again. Those already there stay."""
    wish, _made = Preference.objects.select_for_update().get_or_create(membership=membership)
    wish.muted = sorted({*wish.muted, code} if muted else set(wish.muted) - {code})
    wish.save(update_fields=["muted"])
    if muted:
        Notice.objects.filter(membership=membership, code=code, mail=None).update(wants_mail=False)
    verb = "muted" if muted else "unmuted"
    audit.record(f"notices.{verb}", wish, actor=membership.user, collaboration=membership.collaboration.slug, kind=code)
