"""Profiles of organisations and functions, their contacts, routes for cases, and the words to begin with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Collaboration, Function, Membership, Organisation, User
from lagesbild.actors.models import (
    ActorProfile,
    CaseRoute,
    Contact,
    ForumClaim,
    FunctionProfile,
    Mandate,
    MandateLevel,
    ObjectKind,
    Situation,
)
from lagesbild.actors.vocabulary import OBJECT_KINDS, SITUATIONS
from lagesbild.core import audit
from lagesbild.core.conflicts import bump, unless_taken
from lagesbild.core.errors import UserError

Levels = Mapping[str, int]
"""Code of a situation → `MandateLevel`."""


@transaction.atomic
def begin_vocabulary(collaboration: Collaboration, *, actor: User | None) -> None:
    """The situations and kinds of object that every collaboration may begin with; what is there is left as it is."""
    made = [
        Situation.objects.get_or_create(
            collaboration=collaboration, code=each.code, defaults={**each._asdict(), "order": order}
        )[1]
        for order, each in enumerate(SITUATIONS)
    ]
    made += [
        ObjectKind.objects.get_or_create(
            collaboration=collaboration, code=code, defaults={"name": name, "name_en": name_en, "order": order}
        )[1]
        for order, (code, name, name_en) in enumerate(OBJECT_KINDS)
    ]
    if any(made):
        audit.record("vocabulary.begun", collaboration, actor=actor, collaboration=collaboration.slug)


@transaction.atomic
def ensure_actor_profile(
    organisation: Organisation,
    *,
    actor: User | None,
    claims: Iterable[tuple[str, bool, str]] = (),
    **fields: Any,
) -> ActorProfile:
    """What is said of an organisation, made if nothing is. ``claims``: forum, whether it takes part, who says so."""
    owned = {"collaboration_id": organisation.collaboration_id, "owner": organisation}
    profile, made = ActorProfile.objects.get_or_create(organisation=organisation, defaults={**owned, **fields})
    if made:
        ForumClaim.objects.bulk_create(
            ForumClaim(profile=profile, forum=forum, takes_part=takes_part, citation=citation)
            for forum, takes_part, citation in claims
        )
        slug = organisation.collaboration.slug
        audit.record("actor_profiles.created", profile, actor=actor, collaboration=slug)
    return profile


@transaction.atomic
def change_actor_profile(membership: Membership, organisation: Organisation, seen: int, **fields: Any) -> ActorProfile:
    """What an organisation says of itself. `EditConflict` if somebody else was first."""
    profile = bump(ensure_actor_profile(organisation, actor=membership.user), seen, **fields)
    _record(membership, "actor_profiles.changed", profile)
    return profile


@transaction.atomic
def ensure_function_profile(
    function: Function,
    *,
    actor: User | None,
    mandates: Levels | None = None,
    contacts: Iterable[Mapping[str, Any]] = (),
    **fields: Any,
) -> FunctionProfile:
    """What is said of a function, made if nothing is."""
    organisation = function.organisation
    owned = {"collaboration_id": organisation.collaboration_id, "owner": organisation}
    profile, made = FunctionProfile.objects.get_or_create(function=function, defaults={**owned, **fields})
    if made:
        _set_mandates(profile, mandates or {})
        for order, contact in enumerate(contacts):
            Contact.objects.create(profile=profile, order=order, **contact)
        slug = organisation.collaboration.slug
        audit.record("function_profiles.created", profile, actor=actor, collaboration=slug)
    return profile


@transaction.atomic
def change_function_profile(
    membership: Membership, function: Function, seen: int, *, mandates: Levels, **fields: Any
) -> FunctionProfile:
    """Task, limits and mandate of a function. `EditConflict` if somebody else was first."""
    profile = bump(ensure_function_profile(function, actor=membership.user), seen, **fields)
    _set_mandates(profile, mandates)
    _record(membership, "function_profiles.changed", profile)
    return profile


@transaction.atomic
def add_contact(membership: Membership, owner: FunctionProfile | CaseRoute, **fields: Any) -> Contact:
    """One more way to reach a function or the beginning of a route."""
    about = {"profile": owner} if isinstance(owner, FunctionProfile) else {"route": owner}
    contact = Contact.objects.create(**about, order=owner.contacts.count(), **fields)
    _record(membership, "contacts.added", owner)
    return contact


@transaction.atomic
def remove_contact(membership: Membership, owner: FunctionProfile | CaseRoute, pk: int) -> None:
    """Take away a contact that is no longer right."""
    if Contact.objects.filter(
        pk=pk, **({"profile": owner} if isinstance(owner, FunctionProfile) else {"route": owner})
    ).delete()[0]:
        _record(membership, "contacts.removed", owner)


@transaction.atomic
def ensure_route(
    owner: Organisation, name: str, *, actor: User | None, contacts: Iterable[Mapping[str, Any]] = (), **fields: Any
) -> CaseRoute:
    """The route of this name, made if it does not exist."""
    route, made = CaseRoute.objects.get_or_create(
        collaboration_id=owner.collaboration_id, name=name, defaults={"owner": owner, **fields}
    )
    if made:
        for order, contact in enumerate(contacts):
            Contact.objects.create(route=route, order=order, **contact)
        audit.record("case_routes.created", route, actor=actor, collaboration=owner.collaboration.slug)
    return route


@transaction.atomic
def create_route(membership: Membership, **fields: Any) -> CaseRoute:
    """A route for individual cases, kept by the member's organisation."""
    route = CaseRoute(collaboration=membership.collaboration, owner=membership.organisation, **fields)
    with unless_taken(_taken()):
        route.save()
    _record(membership, "case_routes.created", route)
    return route


@transaction.atomic
def change_route(membership: Membership, route: CaseRoute, seen: int, **fields: Any) -> CaseRoute:
    """A route as it is now described. `EditConflict` if somebody else was first."""
    with unless_taken(_taken()):
        bump(route, seen, **fields)
    _record(membership, "case_routes.changed", route)
    return route


def _taken() -> UserError:
    return UserError("case_routes.name_taken", _("There is already a route of this name."), "name")


def _set_mandates(profile: FunctionProfile, levels: Levels) -> None:
    situations = Situation.objects.filter(collaboration=profile.collaboration_id, code__in=levels)
    profile.mandates.all().delete()
    Mandate.objects.bulk_create(
        Mandate(profile=profile, situation=situation, level=MandateLevel(levels[situation.code]))
        for situation in situations
    )


def _record(membership: Membership, code: str, target: Any) -> None:
    audit.record(code, target, actor=membership.user, collaboration=membership.collaboration.slug)
