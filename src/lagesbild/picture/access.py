"""The door to frozen pictures. What rests on another's restricted data is seen only by those who see that data."""

from __future__ import annotations

from django.http import Http404

from lagesbild.accounts.access import access_owned, visible_to
from lagesbild.accounts.models import Membership
from lagesbild.observations.models import Source
from lagesbild.picture.models import FrozenPicture


def access_frozen(membership: Membership, pk: int, *, write: bool = False) -> FrozenPicture:
    """The frozen picture with its owner and maker; 404 for whoever may not see it or a source it borrowed."""
    records = FrozenPicture.objects.select_related("owner", "created_by", "collaboration")
    picture = access_owned(membership, records, write=write, pk=pk)
    if not sees_all(membership, picture.parameters.get("borrowed", [])):
        raise Http404
    return picture


def sees_all(membership: Membership, slugs: list[str]) -> bool:
    """Whether the member sees each of these sources."""
    if not slugs:
        return True
    return Source.objects.filter(visible_to(membership), slug__in=slugs).count() == len(set(slugs))
