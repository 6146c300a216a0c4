"""Reads of attendance: what was said of each member at each meeting held."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from lagesbild.accounts.access import visible_to
from lagesbild.accounts.models import Membership
from lagesbild.cooperation.attendance import Entry
from lagesbild.cooperation.models import Attendance, Forum, ForumMember, Meeting, MeetingState, Participation

Row = tuple[int, int | None]


def last_held_on(membership: Membership, forum: Forum) -> date | None:
    """The day of the newest meeting that was held."""
    held = Meeting.objects.filter(visible_to(membership), forum=forum, state=MeetingState.CLOSED)
    at = held.order_by("-starts_at").values_list("starts_at", flat=True).first()
    return at.astimezone(ZoneInfo(membership.collaboration.time_zone)).date() if at else None


def entries(membership: Membership, forum: Forum, from_on: date, to_on: date) -> tuple[list[Entry], bool]:
    """Every member at every meeting held on days [from_on, to_on), and whether any is exercise. Three queries."""
    zone = ZoneInfo(membership.collaboration.time_zone)
    held = list(
        Meeting.objects.filter(
            visible_to(membership),
            forum=forum,
            state=MeetingState.CLOSED,
            starts_at__gte=datetime.combine(from_on, time.min, zone),
            starts_at__lt=datetime.combine(to_on, time.min, zone),
        ).values_list("pk", "starts_at", "is_exercise")
    )
    said = _said([pk for pk, _at, _exercise in held])
    members = _members(forum)
    found = []
    for pk, at, _exercise in held:
        on = at.astimezone(zone).date()
        for key, (name, first, last, expected) in members.items():
            is_in = expected and (first is None or first <= on) and (last is None or on < last)
            if is_in or (pk, *key) in said:
                presence, people = said.get((pk, *key), ("", 0))
                found.append(Entry(on, pk, name, presence, people))
    return found, any(exercise for _pk, _at, exercise in held)


def _said(meetings: list[int]) -> dict[tuple[int, int, int | None], tuple[str, int]]:
    rows = Attendance.objects.filter(meeting__in=meetings).values_list(
        "meeting", "organisation", "function", "presence", "people"
    )
    return {(meeting, *key): (presence, people) for meeting, *key, presence, people in rows}  # type: ignore[misc]


def sources(membership: Membership, forum: Forum, from_on: date, to_on: date) -> list[str]:
    """Where meetings of the period that were not held here come from."""
    zone = ZoneInfo(membership.collaboration.time_zone)
    held = Meeting.objects.filter(
        visible_to(membership),
        forum=forum,
        state=MeetingState.CLOSED,
        starts_at__gte=datetime.combine(from_on, time.min, zone),
        starts_at__lt=datetime.combine(to_on, time.min, zone),
    )
    return list(held.exclude(source="").order_by("source").values_list("source", flat=True).distinct())


def _members(forum: Forum) -> dict[Row, tuple[str, date | None, date | None, bool]]:
    """By what they are: name, first and last day, and whether they are expected or come when invited."""
    rows = ForumMember.objects.filter(forum=forum).select_related("organisation", "function")
    return {
        (row.organisation_id, row.function_id): (
            f"{row.function.name} · {row.organisation.name}" if row.function else row.organisation.name,
            row.from_on,
            row.to_on,
            row.participation != Participation.INVITED,
        )
        for row in rows
    }
