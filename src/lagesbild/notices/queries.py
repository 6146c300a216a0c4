"""Reads about notices: always those of one membership."""

from __future__ import annotations

from django.db.models import QuerySet

from lagesbild.accounts.models import Membership
from lagesbild.notices.models import Notice, Preference


def notices_of(membership: Membership, *, unread: bool = False) -> QuerySet[Notice]:
    """What this person was told, newest first."""
    found = Notice.objects.filter(membership=membership)
    return found.filter(read_at=None) if unread else found


def unread_count(membership: Membership) -> int:
    return notices_of(membership, unread=True).count()


def preference_of(membership: Membership) -> Preference:
    """What the person chose, or what holds when nothing was chosen (not stored)."""
    return Preference.objects.filter(membership=membership).first() or Preference(membership=membership)
