"""The door to frozen pictures. What rests on another's restricted data is seen only by those who see that data."""

from __future__ import annotations

from django.db.models import Q
from django.http import Http404

from lagesbild.accounts.access import access_owned, visible_to
from lagesbild.accounts.models import Membership, SharingLevel
from lagesbild.observations.models import Source
from lagesbild.picture.models import FrozenPicture


def access_frozen(membership: Membership, pk: int, *, write: bool = False) -> FrozenPicture:
    """The frozen picture with its owner and maker; 404 for whoever may not see it or a source it borrowed."""
    records = FrozenPicture.objects.select_related("owner", "created_by", "collaboration")
    picture = access_owned(membership, records, write=write, pk=pk)
    if not sees_all(membership, picture.parameters.get("borrowed", [])):
        raise Http404
    return picture


def seen_by_all(membership: Membership, sharing: str) -> Q:
    """What the member sees; of that, for a frozen picture, only what everyone sees who may see the picture.

    A forum's picture is also seen by the owner's own people outside the forum, so others' records of the same level
    are left out.
    """
    sees = visible_to(membership)
    if not sharing:
        return sees
    shared = Q(sharing=SharingLevel.PUBLIC)
    if sharing != SharingLevel.PUBLIC:
        shared |= Q(sharing=SharingLevel.PARTNERS)
    own = Q(owner=membership.function.organisation_id)
    if sharing == SharingLevel.OWN:
        shared |= own
    elif sharing != SharingLevel.PUBLIC:
        shared |= own & Q(sharing=sharing)
    return sees & shared


def sees_all(membership: Membership, slugs: list[str]) -> bool:
    """Whether the member sees each of these sources."""
    if not slugs:
        return True
    return Source.objects.filter(visible_to(membership), slug__in=slugs).count() == len(set(slugs))
