"""Attendance of a forum over time: figure, table, download, and who has fallen away."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from lagesbild.accounts.access import access_collaboration
from lagesbild.accounts.models import Membership
from lagesbild.cooperation import attendance
from lagesbild.cooperation.access import access_forum
from lagesbild.cooperation.models import Forum
from lagesbild.cooperation.queries import attendance as queries
from lagesbild.core import clock

MONTHS_BACK = 7  # as the figure of the report


@require_GET
def forum_attendance(request: HttpRequest, collaboration: str, slug: str) -> HttpResponse:
    """How often each member came."""
    membership = access_collaboration(request.user, collaboration)
    forum = access_forum(membership, slug)
    from_on, to_on = _period(request, membership, forum)
    entries, exercise = queries.entries(membership, forum, from_on, to_on)
    lines = attendance.lines(entries)
    last_on = to_on - timedelta(days=1)
    if "csv" in request.GET:
        return _csv(forum, lines, exercise=exercise)
    months = attendance.months_of(lines)
    context: dict[str, Any] = {
        "membership": membership,
        "section": "forums",
        "forum": forum,
        "from_on": from_on,
        "last_on": last_on,
        "lines": lines,
        "n_meetings": len({entry.meeting for entry in entries}),
        "months": [attendance.month_name(month) for month in months],
        "rows": [(line, [line.months.get(month) for month in months]) for line in lines],
        "fallen": [line for line in lines if line.fallen_away],
        "chart": attendance.chart(lines, f"{from_on} – {last_on}") if lines else None,
        "exercise": exercise,
        "sources": queries.sources(membership, forum, from_on, to_on),
    }
    return render(request, "cooperation/forums/attendance.html", context)


def _period(request: HttpRequest, membership: Membership, forum: Forum) -> tuple[date, date]:
    """As asked; else the seven months up to the newest meeting."""
    last = queries.last_held_on(membership, forum) or clock.today(membership.collaboration.time_zone)
    to_on = _day(request.GET.get("to"))
    end = to_on + timedelta(days=1) if to_on and to_on < date.max else last + timedelta(days=1)
    months = end.year * 12 + end.month - MONTHS_BACK
    start = _day(request.GET.get("from")) or date(months // 12, months % 12 + 1, 1)
    return min(start, end - timedelta(days=1)), end


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _csv(forum: Forum, lines: list[attendance.MemberLine], *, exercise: bool) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    mark = "-ovning" if exercise else ""
    response["Content-Disposition"] = f'attachment; filename="deltagande-{forum.slug}{mark}.csv"'
    response.write("\ufeff")
    writer = csv.writer(response, delimiter=";")
    writer.writerow(["member", "held", "present", "prevented", "absent", "people", "share_pct", "is_exercise"])
    for line in lines:
        counts = (line.held, line.present, line.prevented, line.absent, line.people, line.share_pct)
        writer.writerow([line.member, *counts, int(exercise)])
    return response
