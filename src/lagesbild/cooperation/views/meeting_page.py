"""What the page of one meeting holds, whole and in the parts that are drawn again while it is held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lagesbild.accounts.access import Capability, may
from lagesbild.accounts.models import Membership
from lagesbild.cooperation import agendas, minutes
from lagesbild.cooperation.access import leads
from lagesbild.cooperation.forms.meetings import AddendumForm, DecisionForm, NotesForm
from lagesbild.cooperation.models import Meeting, MeetingState, Point, PointKind, Presence
from lagesbild.cooperation.queries import forums as forum_queries
from lagesbild.cooperation.queries import meetings as queries
from lagesbild.cooperation.queries.meetings import Seat
from lagesbild.core import clock
from lagesbild.core.conflicts import Difference

WALL = "wall"
FILLED_BY_MATTERS = (PointKind.MATTERS, PointKind.RAISED)


@dataclass(frozen=True)
class PointLine:
    """A point with its time: how long it has lasted, out of how long it may."""

    point: Any
    form: NotesForm | None
    elapsed: int | None
    differences: Sequence[Difference] | None = None

    @property
    def is_over(self) -> bool:
        return self.elapsed is not None and self.elapsed > self.point.minutes

    @property
    def shown(self) -> int:
        """For the bar, which ends at its end."""
        return min(self.elapsed or 0, int(self.point.minutes))

    @property
    def is_running(self) -> bool:
        return isinstance(self.point, Point) and self.point.started_at is not None and self.point.ended_at is None


def meeting_page(
    request: HttpRequest,
    membership: Membership,
    meeting: Meeting,
    *,
    decision_form: DecisionForm | None = None,
    addendum_form: AddendumForm | None = None,
    line: PointLine | None = None,
    status: int = 200,
) -> HttpResponse:
    """The whole page. At most ten queries, whatever the forum holds."""
    if meeting.state == MeetingState.CLOSED:
        return _closed(request, membership, meeting, addendum_form, status)
    context = base(membership, meeting)
    seats = queries.seats(meeting)
    lines = [line if line and line.point.pk == each.point.pk else each for each in point_lines(meeting)]
    context |= {
        "seats": seats,
        "n_present": sum(seat.presence == Presence.PRESENT for seat in seats),
        "lines": lines,
        "is_long": agendas.is_long([each.point for each in lines]),
        "many": agendas.MANY,
        "decisions": queries.decisions_of(meeting) if meeting.state == MeetingState.OPEN else [],
        "raised": queries.raised_at(membership, meeting) if meeting.state == MeetingState.OPEN else [],
        "decision_form": decision_form or decision_form_for(seats, lines),
        **fills(membership, meeting, lines),
    }
    wall = request.GET.get("view") == WALL
    if wall and request.htmx:  # type: ignore[attr-defined]  # of django-htmx
        return render(request, "cooperation/meetings/_wall.html", context, status=status)
    template = "wall" if wall else "meeting"
    return render(request, f"cooperation/meetings/{template}.html", context, status=status)


def base(membership: Membership, meeting: Meeting) -> dict[str, Any]:
    """What every part needs."""
    may_lead = leads(membership, meeting.forum) and not meeting.is_closed
    return {
        "membership": membership,
        "section": "forums",
        "meeting": meeting,
        "forum": meeting.forum,
        "may_lead": may_lead,
        "may_report": may(membership, Capability.REPORT) and not meeting.is_closed,
        "own": membership.function.organisation_id,
        "exercise": meeting.is_exercise,
        "is_open": meeting.state == MeetingState.OPEN,
    }


def point_lines(meeting: Meeting) -> list[PointLine]:
    """The agenda: as it is held, or as it would be."""
    if meeting.state != MeetingState.OPEN:
        return [PointLine(point, None, None) for point in forum_queries.points(meeting.forum)]
    return [line_of(point) for point in queries.points_of(meeting)]


def line_of(point: Point, form: NotesForm | None = None, differences: Sequence[Difference] | None = None) -> PointLine:
    """One point of a meeting under way."""
    form = form or NotesForm(initial={"notes": point.notes, "version": point.version}, auto_id=f"point-{point.pk}-%s")
    elapsed = None
    if point.started_at is not None:
        elapsed = int(((point.ended_at or clock.now()) - point.started_at).total_seconds() // 60)
    return PointLine(point, form, elapsed, differences)


def decision_form_for(seats: Sequence[Seat], lines: Sequence[PointLine], data: Any = None) -> DecisionForm:
    """Organisations of the forum, and the points of the meeting."""
    organisations = {seat.member.organisation_id: seat.member.organisation for seat in seats}
    points = [line.point for line in lines if isinstance(line.point, Point)]
    return DecisionForm(data, organisations=organisations.values(), points=points, auto_id="decision-%s")


def fills(membership: Membership, meeting: Meeting, lines: Sequence[PointLine]) -> dict[str, Any]:
    """What fills the points by itself; nothing is asked for that no point wants."""
    kinds = {line.point.kind for line in lines}
    on = local_day(meeting)
    since = queries.since(meeting)
    return {
        "since": since,
        "matters": queries.open_matters(membership, meeting.forum, since=since)
        if kinds & set(FILLED_BY_MATTERS)
        else None,
        "due": queries.due_actions(membership, meeting.forum, on) if PointKind.ACTIONS in kinds else None,
        "meeting_on": on,
    }


def local_day(meeting: Meeting) -> date:
    """The day of the meeting where it is held."""
    return meeting.starts_at.astimezone(ZoneInfo(meeting.collaboration.time_zone)).date()


def _closed(
    request: HttpRequest, membership: Membership, meeting: Meeting, form: AddendumForm | None, status: int
) -> HttpResponse:
    context = base(membership, meeting) | {
        "content": meeting.content,
        "is_intact": minutes.is_intact(meeting),
        "raised": queries.raised_at(membership, meeting),
        "addenda": queries.addenda_of(meeting),
        "may_correct": leads(membership, meeting.forum),
        "form": form or AddendumForm(),
    }
    return render(request, "cooperation/meetings/minutes.html", context, status=status)
