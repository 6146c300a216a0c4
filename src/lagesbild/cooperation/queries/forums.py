"""Reads of forums: the list by level, one forum's members, its meetings, and choices for forms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from lagesbild.accounts.access import visible_to
from lagesbild.accounts.models import Collaboration, Function, Membership, Organisation
from lagesbild.actors.models import Interview
from lagesbild.cooperation import agendas, recurrence
from lagesbild.cooperation.models import (
    AgendaTemplate,
    Forum,
    ForumLevel,
    ForumMember,
    Meeting,
    MeetingState,
    Participation,
)
from lagesbild.core import clock

LEVELS = (ForumLevel.STEERING, ForumLevel.STRATEGIC, ForumLevel.MIXED, ForumLevel.OPERATIONAL, ForumLevel.BESIDE)


@dataclass(frozen=True)
class Level:
    """The forums of one level, as V's model has them: the steering group above, the field below."""

    code: str
    name: str
    forums: tuple[Forum, ...]


def forums(membership: Membership) -> QuerySet[Forum]:
    """The forums that the member knows of, in use, by name."""
    return Forum.objects.filter(visible_to(membership), retired_on=None).order_by("name")


def levels(membership: Membership) -> list[Level]:
    """The forums by level, each with its convenor, how many take part and when it meets next. One query."""
    next_at = Meeting.objects.filter(forum=OuterRef("pk"), starts_at__gte=clock.now()).exclude(
        state__in=(MeetingState.CANCELLED, MeetingState.CLOSED)
    )
    found = (
        forums(membership)
        .select_related("convenor__organisation", "deputy__organisation", "lifts_to")
        .annotate(
            n_organisations=Count("members__organisation", filter=Q(members__to_on=None), distinct=True),
            next_at=Subquery(next_at.order_by("starts_at").values("starts_at")[:1]),
        )
    )
    by_level: dict[str, list[Forum]] = {}
    for forum in found:
        by_level.setdefault(forum.level, []).append(forum)
    return [
        Level(code, str(ForumLevel(code).label), tuple(by_level.get(code, ()))) for code in LEVELS if code in by_level
    ]


def members(forum: Forum, on: date) -> list[ForumMember]:
    """Who takes part on a day, by organisation. One query."""
    return list(_taking_part(on).filter(forum=forum))


def _taking_part(on: date) -> QuerySet[ForumMember]:
    return (
        ForumMember.objects.filter(Q(from_on=None) | Q(from_on__lte=on), Q(to_on=None) | Q(to_on__gt=on))
        .select_related("organisation", "function")
        .order_by("organisation__name", F("function__name").asc(nulls_first=True))
    )


@dataclass(frozen=True)
class Party:
    """An organisation in a forum with its functions there."""

    organisation: Organisation
    members: tuple[ForumMember, ...]


def parties(found: Iterable[ForumMember]) -> list[Party]:
    """The members, organisation by organisation."""
    by_organisation: dict[int, list[ForumMember]] = {}
    for member in found:
        by_organisation.setdefault(member.organisation_id, []).append(member)
    return [Party(group[0].organisation, tuple(group)) for group in by_organisation.values()]


def takes_part(membership: Membership, forum: Forum) -> bool:
    """Whether the member's organisation is in the forum."""
    return ForumMember.objects.filter(
        forum=forum, organisation=membership.function.organisation_id, to_on=None
    ).exists()


def is_disputed(member: ForumMember) -> bool:
    return member.participation == Participation.DISPUTED


def member_of(forum: Forum, pk: int) -> ForumMember | None:
    """A member of this forum."""
    return ForumMember.objects.select_related("organisation").filter(forum=forum, pk=pk).first()


def upcoming(membership: Membership, forum: Forum, n: int = 4) -> list[Meeting]:
    """The next meetings, and those under way."""
    since = clock.now() - timedelta(hours=12)
    found = Meeting.objects.filter(visible_to(membership), forum=forum, starts_at__gte=since)
    return list(found.exclude(state=MeetingState.CLOSED).order_by("starts_at")[:n])


def past(membership: Membership, forum: Forum) -> QuerySet[Meeting]:
    """Meetings held, newest first."""
    return Meeting.objects.filter(visible_to(membership), forum=forum, state=MeetingState.CLOSED).order_by("-starts_at")


def next_dates(forum: Forum, n: int = 4) -> list[datetime]:
    """When the rhythm has it next, made or not."""
    rhythm = rhythm_of(forum)
    if rhythm is None:
        return []
    today = clock.today(forum.collaboration.time_zone)
    return recurrence.starts(rhythm, today, today + timedelta(days=400))[:n]


def rhythm_of(forum: Forum) -> recurrence.Rhythm | None:
    """The forum's rhythm, if it has one."""
    if not forum.rhythm or forum.first_on is None or forum.starts_at is None:
        return None
    return recurrence.Rhythm(
        forum.rhythm,
        forum.first_on,
        forum.starts_at,
        forum.collaboration.time_zone,
        skips_holidays=forum.skips_holidays,
    )


def interviews(membership: Membership, forum: Forum, n: int = 5) -> list[Interview]:
    """What partners have said of the forum's form, rhythm and set-up, newest first."""
    said = Interview.objects.filter(visible_to(membership), forum__iexact=forum.name)
    return list(said.select_related("function__organisation").order_by("-on")[:n])


def agenda(forum: Forum) -> AgendaTemplate | None:
    """The fixed points in use."""
    return AgendaTemplate.objects.filter(forum=forum).first()


def points(forum: Forum) -> list[agendas.PointText]:
    """The fixed points in use, or those proposed for the level."""
    template = agenda(forum)
    return agendas.from_stored(template.points) if template else agendas.standard(forum.level)


def functions(collaboration: Collaboration) -> QuerySet[Function]:
    """Everybody's functions, for a form."""
    return Function.objects.filter(organisation__collaboration=collaboration).select_related("organisation")


def organisations(collaboration: Collaboration) -> list[tuple[Organisation, list[Function]]]:
    """The parties with their functions, for a form. One query."""
    rows = Organisation.objects.filter(collaboration=collaboration).order_by("name", "functions__name")
    found: dict[int, tuple[Organisation, list[Function]]] = {}
    for pk, slug, name, function_pk, function in rows.values_list(
        "pk", "slug", "name", "functions__pk", "functions__name"
    ):
        party = found.setdefault(pk, (Organisation(pk=pk, slug=slug, name=name, collaboration=collaboration), []))
        if function_pk is not None:
            party[1].append(Function(pk=function_pk, name=function, organisation=party[0]))
    return list(found.values())


def forum_by_slug(collaboration: Collaboration, slug: str) -> Forum | None:
    """For the command line and the loader, which act with the rights of the server itself."""
    return Forum.objects.filter(collaboration=collaboration, slug=slug).first()


def function_named(collaboration: Collaboration, organisation: str, name: str) -> Function | None:
    """For the loader."""
    found = Function.objects.select_related("organisation").filter(organisation__collaboration=collaboration)
    return found.filter(organisation__slug=organisation, name=name).first()
