"""Reads of meetings: lists, what fills the agenda, rows of the minutes, the evening's briefing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from lagesbild.accounts.access import visible_to
from lagesbild.accounts.models import Collaboration, Membership
from lagesbild.cooperation.models import (
    Action,
    Addendum,
    Attendance,
    Decision,
    Forum,
    ForumMember,
    Matter,
    Meeting,
    MeetingState,
    Point,
    Presence,
    Step,
    StepKind,
    Task,
)
from lagesbild.cooperation.models.matters import OPEN
from lagesbild.cooperation.queries.plan import OPEN_STATES
from lagesbild.cooperation.seeing import forums_of, wide_enough
from lagesbild.core import clock
from lagesbild.picture.models import FrozenPicture

FIRST = 12  # as many as a meeting can talk of; the rest is behind a link
SPOKEN_OF = (
    StepKind.TAKEN_UP,
    StepKind.LIFTED,
    StepKind.HANDED_DOWN,
    StepKind.CARRIED_OVER,
    StepKind.DONE,
    StepKind.WRITTEN_OFF,
)


def meetings_of(membership: Membership, forum: Forum) -> QuerySet[Meeting]:
    """Every meeting of the forum that the member may see, newest first."""
    return Meeting.objects.filter(visible_to(membership), forum=forum).order_by("-starts_at")


def forums_to_plan(collaboration: Collaboration) -> QuerySet[Forum]:
    """Forums with a rhythm."""
    found = Forum.objects.filter(collaboration=collaboration, retired_on=None).exclude(rhythm="")
    return found.select_related("collaboration", "owner")


def with_previous(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """The meetings, each with ``previous_at``: when its forum last met before. Spares a page one query."""
    held = Meeting.objects.filter(
        state=MeetingState.CLOSED, forum=OuterRef("forum"), starts_at__lt=OuterRef("starts_at")
    )
    return meetings.annotate(previous_at=Subquery(held.order_by("-starts_at").values("starts_at")[:1]))


def since(meeting: Meeting) -> datetime | None:
    """When the forum last met before this meeting. No query if the meeting came through its door."""
    if not hasattr(meeting, "previous_at"):
        meeting = with_previous(Meeting.objects.filter(pk=meeting.pk)).get()
    found: datetime | None = meeting.previous_at  # type: ignore[attr-defined]
    return found


@dataclass(frozen=True)
class Seat:
    """A member of the forum at one meeting: whether it is there, and what it does tonight."""

    member: ForumMember
    presence: str
    people: int
    task: Task | None

    @property
    def key(self) -> str:
        return f"{self.member.organisation_id}-{self.member.function_id or 0}"


def seats(meeting: Meeting) -> list[Seat]:
    """Who may be there, by organisation. One query."""
    attendance = _same_seat(Attendance.objects.filter(meeting=meeting))
    task = _same_seat(Task.objects.filter(meeting=meeting))
    on = meeting.starts_at.date()
    found = (
        ForumMember.objects.filter(Q(from_on=None) | Q(from_on__lte=on), Q(to_on=None) | Q(to_on__gt=on))
        .filter(forum=meeting.forum_id)
        .select_related("organisation", "function")
        .annotate(
            presence=Subquery(attendance.values("presence")[:1]),
            people=Subquery(attendance.values("people")[:1]),
            **{f"task_{name}": Subquery(task.values(name)[:1]) for name in _TASK},
        )
        .order_by("organisation__name", F("function__name").asc(nulls_first=True))
    )
    return [_seat(each) for each in found]


_TASK = ("pk", "task", "aim", "help_wanted", "version")


def _same_seat(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Of the same organisation and function; none is a function too (the whole organisation)."""
    same: QuerySet[Any] = rows.annotate(seat=Coalesce("function_id", 0)).filter(
        organisation=OuterRef("organisation"), seat=Coalesce(OuterRef("function_id"), 0)
    )
    return same


def _seat(member: Any) -> Seat:
    values = {name: getattr(member, f"task_{name}") for name in _TASK}
    task = Task(**values) if values["pk"] else None
    return Seat(member, member.presence or "", member.people or 0, task)


def points_of(meeting: Meeting) -> list[Point]:
    """The agenda of a meeting that has been opened."""
    return list(Point.objects.filter(meeting=meeting))


def decisions_of(meeting: Meeting) -> list[Decision]:
    """Decisions in order, each with its action."""
    return list(Decision.objects.filter(meeting=meeting).select_related("action__responsible", "point"))


def addenda_of(meeting: Meeting) -> list[Addendum]:
    """Corrections of closed minutes."""
    return list(Addendum.objects.filter(meeting=meeting).select_related("organisation", "by"))


@dataclass(frozen=True)
class Some:
    """The first of many."""

    rows: tuple[Any, ...]
    n: int

    @property
    def n_more(self) -> int:
        return self.n - len(self.rows)


def open_matters(membership: Membership, forum: Forum, *, since: datetime | None, n: int = FIRST) -> Some:
    """The open matters that the forum holds: those raised since last time first, then the oldest. One query.

    Each row has ``is_new``.
    """
    found = Matter.objects.filter(visible_to(membership), holder=forum, state__in=OPEN)
    is_new = Case(When(raised_at__gt=since, then=True), default=False) if since else Value(False)
    order = ("-is_new", "raised_at") if since else ("raised_at",)  # PostgreSQL sorts by no constant
    return _some(found.annotate(is_new=ExpressionWrapper(is_new, BooleanField())), order, n)


def due_actions(membership: Membership, forum: Forum, by: date, *, n: int = FIRST) -> Some:
    """Actions that the forum follows and that are due by a day, the most overdue first. One query."""
    found = Action.objects.filter(visible_to(membership), forum=forum, state__in=OPEN_STATES, due_on__lte=by)
    return _some(found, ("due_on", "number"), n)


def _some(found: QuerySet[Any], order: tuple[str, ...], n: int) -> Some:
    """Which are the first is found by their keys; only those are read whole. The count comes along."""
    first = found.order_by(*order).values("pk")[:n]
    count = found.order_by().values("collaboration").annotate(n=Count("pk")).values("n")
    whole = found.filter(pk__in=first).select_related("responsible").annotate(n_all=Subquery(count))
    rows = tuple(whole.order_by(*order))
    return Some(rows, rows[0].n_all if rows else 0)


def frozen_pictures(membership: Membership, n: int = 12) -> QuerySet[FrozenPicture]:
    """Frozen pictures to choose from, newest first."""
    return FrozenPicture.objects.filter(visible_to(membership)).defer("content").order_by("-created_at")[:n]


def rows_of(meeting: Meeting) -> dict[str, Any]:
    """Everything that the minutes are made of."""
    attendance = Attendance.objects.filter(meeting=meeting).select_related("organisation", "function")
    return {
        "points": points_of(meeting),
        "attendance": list(attendance.order_by("organisation__name", F("function__name").asc(nulls_first=True))),
        "decisions": decisions_of(meeting),
        "steps": steps_during(meeting),
        "tasks": list(Task.objects.filter(meeting=meeting).select_related("organisation", "function")),
    }


def steps_during(meeting: Meeting) -> list[Step]:
    """What was done with the forum's matters while it met; only matters that all its members may see."""
    if meeting.opened_at is None:
        return []
    until = meeting.closed_at or clock.now()
    found = (
        Step.objects.filter(kind__in=SPOKEN_OF, at__gte=meeting.opened_at, at__lte=until)
        .filter(Q(from_forum=meeting.forum_id) | Q(to_forum=None, matter__holder=meeting.forum_id))
        .filter(matter__collaboration=meeting.collaboration_id)
        .select_related("matter", "to_forum")
    )
    return [step for step in found if wide_enough(step.matter.sharing, meeting.forum)]


def raised_at(membership: Membership, meeting: Meeting) -> list[Matter]:
    """The matters that were raised or joined at the meeting and that the member may see. One query."""
    steps = Step.objects.filter(meeting=meeting, kind__in=(StepKind.RAISED, StepKind.JOINED))
    found = Matter.objects.filter(visible_to(membership), pk__in=steps.values("matter"))
    return list(found.select_related("holder").order_by("number"))


def point_of(meeting: Meeting, pk: int) -> Point | None:
    """A point of this meeting."""
    return Point.objects.select_related("meeting__forum").filter(meeting=meeting, pk=pk).first()


def decision_of(meeting: Meeting, pk: int) -> Decision | None:
    """A decision of this meeting."""
    return Decision.objects.select_related("meeting__forum").filter(meeting=meeting, pk=pk).first()


def seat_of(forum: Forum, organisation: int, function: int | None) -> ForumMember | None:
    """A member of the forum by what it is."""
    return (
        ForumMember.objects.select_related("organisation", "function")
        .filter(forum=forum, organisation=organisation, function=function)
        .first()
    )


def my_meetings(membership: Membership, since_at: datetime, forum: Forum | None = None) -> QuerySet[Meeting]:
    """Meetings of the forums in which the member's organisation takes part, from then on, that it may see."""
    found = Meeting.objects.filter(visible_to(membership), starts_at__gte=since_at)
    found = found.filter(forum=forum) if forum else found.filter(forum__in=forums_of(membership).values("pk"))
    return found.select_related("forum", "collaboration").order_by("starts_at")


def n_present(meeting: Meeting) -> int:
    """How many members are there."""
    return Attendance.objects.filter(meeting=meeting, presence=Presence.PRESENT).count()
