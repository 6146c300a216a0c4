"""The doors: from an address to an area set, a place or a fact."""

from __future__ import annotations

from django.db.models import QuerySet

from lagesbild.accounts.access import access_owned
from lagesbild.accounts.models import Membership
from lagesbild.places.models import AreaSet, Fact, Place


def access_area_set(membership: Membership, slug: str, *, write: bool = False) -> AreaSet:
    """The area set with this slug; 404 if the member may not see it, 403 if it may not be changed."""
    return access_owned(membership, AreaSet.objects.select_related("owner", "parent_set"), write=write, slug=slug)


def access_place(membership: Membership, pk: int, *, write: bool = False) -> Place:
    """The place with its types, retired or not."""
    return access_owned(membership, _places(), write=write, pk=pk)


def access_fact(membership: Membership, pk: int, *, write: bool = False) -> Fact:
    """A fact about an area or a place."""
    return access_owned(membership, Fact.objects.select_related("area", "place", "owner"), write=write, pk=pk)


def _places() -> QuerySet[Place]:
    return Place.objects.select_related("owner").prefetch_related("types")
