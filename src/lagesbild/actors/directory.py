"""Reads of the directory: organisations with their functions, one organisation, one function, routes for cases.

Other subjects add to the page of an organisation through `sections`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Prefetch

from lagesbild.accounts.access import visible_to
from lagesbild.accounts.models import Function, Membership, Organisation
from lagesbild.actors.models import (
    ActorProfile,
    CaseRoute,
    Contact,
    DutyException,
    ForumClaim,
    FunctionProfile,
    Mandate,
    ObjectKind,
    Schedule,
    Situation,
)


@dataclass(frozen=True)
class FunctionRow:
    """A function with what is said of it, if anything."""

    function: Function
    profile: FunctionProfile | None
    contacts: list[Contact] = field(default_factory=list)


@dataclass(frozen=True)
class ActorRow:
    """An organisation with its functions."""

    organisation: Organisation
    profile: ActorProfile | None
    functions: list[FunctionRow]


def directory(membership: Membership, *, search: str = "") -> list[ActorRow]:
    """Every organisation with its functions and their contacts, or those in which the words occur. Four queries."""
    profiles = {
        each.organisation_id: each for each in ActorProfile.objects.filter(visible_to(membership)).defer("limits")
    }
    rows = [
        ActorRow(organisation, profiles.get(organisation.pk), functions)
        for organisation, functions in _by_organisation(membership)
    ]
    return [row for row in (_matching(each, search.casefold().split()) for each in rows) if row is not None]


def _by_organisation(membership: Membership) -> list[tuple[Organisation, list[FunctionRow]]]:
    functions = function_rows(
        membership, Function.objects.filter(organisation__collaboration=membership.collaboration_id)
    )
    found: dict[int, list[FunctionRow]] = defaultdict(list)
    for row in functions:
        found[row.function.organisation_id].append(row)
    organisations = Organisation.objects.filter(collaboration=membership.collaboration_id)
    return [(each, found[each.pk]) for each in organisations]


def function_rows(membership: Membership, functions: Iterable[Function]) -> list[FunctionRow]:
    """Functions with profiles and contacts. Three queries."""
    seen = FunctionProfile.objects.filter(visible_to(membership)).prefetch_related("contacts")
    profiles = {each.function_id: each for each in seen}
    rows = []
    for function in functions:
        profile = profiles.get(function.pk)
        rows.append(FunctionRow(function, profile, list(profile.contacts.all()) if profile else []))
    return rows


def _matching(row: ActorRow, words: list[str]) -> ActorRow | None:
    """The row with the functions that hold all words; all of them when the organisation itself does.

    Here and not in the database, because SQLite does not know that Å is å.
    """
    if not words or _holds(words, row.organisation.name, row.profile.mission if row.profile else ""):
        return row
    functions = [
        each
        for each in row.functions
        if _holds(words, row.organisation.name, each.function.name, each.profile.task if each.profile else "")
    ]
    return ActorRow(row.organisation, row.profile, functions) if functions else None


def _holds(words: list[str], *texts: str) -> bool:
    whole = " ".join(texts).casefold()
    return all(word in whole for word in words)


def profile_of(membership: Membership, organisation: Organisation) -> ActorProfile | None:
    """What is said of one organisation."""
    return ActorProfile.objects.filter(visible_to(membership), organisation=organisation).first()


@dataclass(frozen=True)
class ForumStand:
    """What sources say of one forum; ``disputed`` when they disagree."""

    forum: str
    claims: list[ForumClaim]

    @property
    def is_disputed(self) -> bool:
        return len({claim.takes_part for claim in self.claims}) > 1

    @property
    def takes_part(self) -> bool:
        return any(claim.takes_part for claim in self.claims)


def forum_stands(profile: ActorProfile | None) -> list[ForumStand]:
    """Each forum that a source speaks of, with what every source says."""
    found: dict[str, list[ForumClaim]] = {}
    for claim in profile.forum_claims.all() if profile else ():
        found.setdefault(claim.forum, []).append(claim)
    return [ForumStand(forum, claims) for forum, claims in found.items()]


def functions_of(membership: Membership, organisation: Organisation) -> list[FunctionRow]:
    """The functions of one organisation."""
    return function_rows(membership, Function.objects.filter(organisation=organisation).select_related("organisation"))


def function_profile(membership: Membership, function: Function) -> FunctionProfile | None:
    """What is said of a function, with mandate and contacts."""
    mandates = Prefetch("mandates", Mandate.objects.select_related("situation"))
    profiles = FunctionProfile.objects.filter(visible_to(membership), function=function)
    return profiles.prefetch_related(mandates, "contacts").first()


def schedules_of(membership: Membership, function: Function) -> list[Schedule]:
    """The schedules of a function, newest first, with shifts and exceptions."""
    schedules = Schedule.objects.filter(visible_to(membership), function=function).select_related("place")
    return list(schedules.defer("place__geometry", "place__drawing").prefetch_related("shifts", "exceptions"))


def routes_of(membership: Membership, *, contacts: bool = True) -> list[CaseRoute]:
    """The routes for individual cases, with where each begins unless ``contacts`` are not wanted."""
    routes = CaseRoute.objects.filter(visible_to(membership)).select_related("owner")
    return list(routes.prefetch_related("contacts") if contacts else routes)


def situations_of(membership: Membership) -> list[Situation]:
    """The situations that the collaboration speaks of."""
    return list(Situation.objects.filter(collaboration=membership.collaboration_id))


def has_vocabulary(membership: Membership) -> bool:
    """Whether there are situations and kinds of object to choose among."""
    return (
        Situation.objects.filter(collaboration=membership.collaboration_id).exists()
        and ObjectKind.objects.filter(collaboration=membership.collaboration_id).exists()
    )


def contact_of(owner: FunctionProfile | CaseRoute, pk: int) -> Contact | None:
    """One contact of a function or a route."""
    return owner.contacts.filter(pk=pk).first()


def exceptions_of(schedule: Schedule) -> list[DutyException]:
    """The dates on which other hours hold, in order."""
    return list(schedule.exceptions.all())
