"""Changes to collaborations, organisations, functions, people and memberships. Each can be repeated without harm."""

from __future__ import annotations

from django.db import transaction

from lagesbild.accounts.models import Collaboration, Function, Membership, Organisation, User
from lagesbild.core import audit, clock
from lagesbild.core.geo import SWEREF_99_TM


@transaction.atomic
def ensure_collaboration(
    slug: str,
    *,
    name: str,
    actor: User | None,
    description: str = "",
    working_crs: int = SWEREF_99_TM,
    time_zone: str = "Europe/Stockholm",
) -> Collaboration:
    """The collaboration with this slug, made if it does not exist."""
    collaboration, made = Collaboration.objects.get_or_create(
        slug=slug,
        defaults={
            "name": name,
            "description": description,
            "working_crs": working_crs,
            "time_zone": time_zone,
            "created_at": clock.now(),
        },
    )
    if made:
        audit.record("collaborations.created", collaboration, actor=actor, collaboration=slug)
    return collaboration


@transaction.atomic
def ensure_organisation(collaboration: Collaboration, slug: str, *, name: str, actor: User | None) -> Organisation:
    """The party with this slug, made if it does not exist."""
    organisation, made = Organisation.objects.get_or_create(
        collaboration=collaboration, slug=slug, defaults={"name": name}
    )
    if made:
        audit.record("organisations.created", organisation, actor=actor, collaboration=collaboration.slug)
    return organisation


@transaction.atomic
def ensure_function(
    organisation: Organisation,
    name: str,
    *,
    actor: User | None,
    operational: bool = False,
    strategic: bool = False,
    steering: bool = False,
) -> Function:
    """The function with this name, made if it does not exist."""
    function, made = Function.objects.get_or_create(
        organisation=organisation,
        name=name,
        defaults={"operational": operational, "strategic": strategic, "steering": steering},
    )
    if made:
        audit.record("functions.created", function, actor=actor, collaboration=organisation.collaboration.slug)
    return function


@transaction.atomic
def ensure_user(email: str, *, name: str, password: str | None, actor: User | None) -> User:
    """The account with this address, made if it does not exist. An existing password is left alone."""
    existing = User.objects.filter(email__iexact=email).first()
    if existing:
        return existing
    user = User.objects.create_user(email, password, name=name)
    audit.record("users.created", user, actor=actor)
    return user


@transaction.atomic
def set_membership(user: User, function: Function, *, role: str, actor: User | None) -> Membership:
    """Give ``user`` this function and role in the function's collaboration, in place of any earlier one there."""
    collaboration = function.organisation.collaboration
    wanted = {"function": function, "role": role}
    membership, made = Membership.objects.select_for_update().get_or_create(
        user=user, collaboration=collaboration, defaults=wanted
    )
    if made or membership.function_id != function.pk or membership.role != role:
        membership.function, membership.role = function, role
        membership.save(update_fields=["function", "role"])
        audit.record("memberships.set", membership, actor=actor, collaboration=collaboration.slug, role=role)
    return membership
