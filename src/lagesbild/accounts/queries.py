"""Reads about people and collaborations."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from lagesbild.accounts.models import Collaboration, Membership, Organisation, User


def memberships_of(user: User | AnonymousUser) -> QuerySet[Membership]:
    """The collaborations ``user`` takes part in, by name."""
    return (
        Membership.objects.filter(user_id=user.pk or 0)  # nobody has 0
        .select_related("collaboration", "function__organisation")
        .order_by("collaboration__name")
    )


def collaboration_named(slug: str) -> Collaboration | None:
    """For the command line and jobs, which act with the rights of the server itself."""
    return Collaboration.objects.filter(slug=slug).first()


def collaborations() -> QuerySet[Collaboration]:
    """All of them, by slug: for the command line."""
    return Collaboration.objects.order_by("slug")


def organisation_named(collaboration: Collaboration, slug: str) -> Organisation | None:
    """The party with this slug, for the command line."""
    return Organisation.objects.filter(collaboration=collaboration, slug=slug).first()


def user_with(email: str) -> User | None:
    """The account with this address, whatever its case; for the command line."""
    return User.objects.filter(email__iexact=email).first()
