"""Minutes: everything a meeting was, gathered once into one structure that page, PDF and Word are made from.

Plain values only, so that the same minutes have the same digest for ever. No request; the rows come in.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from lagesbild.cooperation.models import Action, Attendance, Decision, Meeting, Point, Step, Task

FORMAT = 1
Content = dict[str, Any]


def gather(
    meeting: Meeting,
    *,
    points: Iterable[Point],
    attendance: Iterable[Attendance],
    decisions: Iterable[Decision],
    steps: Iterable[Step],
    tasks: Iterable[Task],
    closed_by: str,
    closed_at: str,
) -> Content:
    """The minutes of a meeting about to be closed."""
    return {
        "format": FORMAT,
        "forum": meeting.forum.name,
        "level": meeting.forum.level,
        "title": meeting.title,
        "starts_at": meeting.starts_at.isoformat(),
        "opened_at": meeting.opened_at.isoformat() if meeting.opened_at else "",
        "closed_at": closed_at,
        "closed_by": closed_by,
        "room": meeting.room,
        "sharing": meeting.sharing,
        "is_exercise": meeting.is_exercise,
        "source": meeting.source,
        "picture": _picture(meeting),
        "attendance": [_attendance(each) for each in attendance],
        "points": [_point(each) for each in points],
        "decisions": [_decision(each) for each in decisions],
        "matters": [_step(each) for each in steps],
        "tasks": [_task(each) for each in tasks],
    }


def digest(content: Content) -> str:
    """SHA-256 of the canonical form."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def is_intact(meeting: Meeting) -> bool:
    """Whether closed minutes are still those that were closed."""
    return meeting.content is not None and digest(meeting.content) == meeting.content_sha256


def _picture(meeting: Meeting) -> dict[str, Any] | None:
    picture = meeting.picture
    return {"id": picture.pk, "title": picture.title, "sha256": picture.content_sha256} if picture else None


def _attendance(each: Attendance) -> dict[str, Any]:
    return {
        "organisation": each.organisation.name,
        "function": each.function.name if each.function else "",
        "presence": each.presence,
        "people": each.people,
    }


def _point(each: Point) -> dict[str, Any]:
    spent = (each.ended_at - each.started_at).total_seconds() / 60 if each.ended_at and each.started_at else None
    return {
        "id": each.pk,
        "title": each.title,
        "kind": each.kind,
        "minutes": each.minutes,
        "spent_minutes": round(spent) if spent is not None else None,
        "notes": each.notes,
    }


def _decision(each: Decision) -> dict[str, Any]:
    return {
        "number": each.number,
        "text": each.text,
        "point": each.point_id,
        "withdrawn": each.withdrawn_at is not None,
        "action": _action(each.action) if each.action else None,
    }


def _action(action: Action) -> dict[str, Any]:
    return {
        "number": action.number,
        "title": action.title,
        "responsible": action.responsible.name,
        "due_on": action.due_on.isoformat() if action.due_on else "",
    }


def _step(each: Step) -> dict[str, Any]:
    return {
        "number": each.matter.number,
        "title": each.matter.title,
        "sharing": each.matter.sharing,
        "kind": each.kind,
        "to_forum": each.to_forum.name if each.to_forum else "",
        "reason": each.said,
    }


def _task(each: Task) -> dict[str, Any]:
    return {
        "organisation": each.organisation.name,
        "function": each.function.name if each.function else "",
        "task": each.task,
        "aim": each.aim,
        "help_wanted": each.help_wanted,
    }
