"""The door to a notice: it belongs to the one who was told."""

from __future__ import annotations

from django.http import Http404

from lagesbild.accounts.models import Membership
from lagesbild.notices.models import Notice


def access_notice(membership: Membership, pk: int) -> Notice:
    """One's own notice; 404 for everyone else's."""
    found = Notice.objects.filter(membership=membership, pk=pk).first()
    if found is None:
        raise Http404
    return found
