"""Taking a place from the watch list, with the reason."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Membership
from lagesbild.core import audit, clock
from lagesbild.core.errors import UserError
from lagesbild.places.models import Place
from lagesbild.scenes.models import WatchDismissal


@transaction.atomic
def dismiss(membership: Membership, place: Place, key: str, *, reason: str) -> WatchDismissal:
    """Say that a finding needs no more for now. It comes back when its rule sees something new.

    Raises:
        UserError: there is no reason.
    """
    if not reason.strip():
        raise UserError("scenes.dismiss_reason", _("Say why the place needs no more for now."), "reason")
    dismissal, made = WatchDismissal.objects.get_or_create(
        collaboration=membership.collaboration,
        place=place,
        key=key,
        defaults={
            "owner": membership.organisation,
            "reason": reason,
            "at": clock.now(),
            "by": membership.user,
        },
    )
    if made:
        slug = membership.collaboration.slug
        audit.record("scenes.watch_dismissed", place, actor=membership.user, collaboration=slug, key=key)
    return dismissal
