"""Closed minutes and the evening's briefing on paper: rows in, bytes of a PDF or Word file out. No request."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from lagesbild.accounts.models import SharingLevel
from lagesbild.cooperation.briefing import Evening
from lagesbild.cooperation.models import Addendum, Meeting, Presence, StepKind
from lagesbild.cooperation.queries.meetings import Seat
from lagesbild.core import clock
from lagesbild.core.documents import (
    Block,
    Bullets,
    Callout,
    Document,
    Heading,
    Paragraph,
    Table,
    render_pdf,
    render_word,
)

Language = Literal["sv", "en"]


def minutes_file(meeting: Meeting, addenda: Sequence[Addendum], kind: str, *, language: str, author: str) -> bytes:
    """The minutes as closed, with later corrections; ``kind`` is pdf or docx."""
    document = minutes_document(meeting, addenda, language="en" if language.startswith("en") else "sv", author=author)
    return render_pdf(document) if kind == "pdf" else render_word(document)


def minutes_document(meeting: Meeting, addenda: Sequence[Addendum], *, language: Language, author: str) -> Document:
    """Minutes as blocks, in one language."""
    content: dict[str, Any] = meeting.content or {}
    zone = ZoneInfo(meeting.collaboration.time_zone)
    with override(language):
        return Document(
            title=_("Minutes: {forum}").format(forum=content["forum"]),
            subtitle=_instant(content["starts_at"], zone),
            language=language,
            author=author,
            made_at=meeting.closed_at or clock.now(),
            footer=_("{forum} {on}. SHA-256 {digest}").format(
                forum=content["forum"],
                on=_instant(content["starts_at"], zone)[:16],
                digest=meeting.content_sha256[:16],
            ),
            banner=_("Exercise data – not real events") if content["is_exercise"] else "",
            facts=_facts(content, meeting, zone),
            blocks=(
                *_attendance(content),
                *_points(content),
                *_decisions(content),
                *_matters(content),
                *_tasks(content),
                *_corrections(addenda, zone),
            ),
        )


def _facts(content: dict[str, Any], meeting: Meeting, zone: ZoneInfo) -> tuple[tuple[str, str], ...]:
    told = [
        (_("Held"), f"{_instant(content['starts_at'], zone)}{', ' + content['room'] if content['room'] else ''}"),
        (_("Closed"), f"{_instant(content['closed_at'], zone)}, {content['closed_by']}"),
        (_("Seen by"), str(SharingLevel(content["sharing"]).label)),
        (_("About"), content["title"]),
        (_("Picture"), content["picture"]["title"] if content["picture"] else ""),
        (_("Source"), content["source"]),
        ("SHA-256", meeting.content_sha256),
    ]
    return tuple((name, value) for name, value in told if value)


def _attendance(content: dict[str, Any]) -> list[Block]:
    if not content["attendance"]:
        return []
    rows = tuple(
        (
            each["organisation"],
            each["function"],
            str(Presence(each["presence"]).label),
            str(each["people"]) if each["people"] else "–",
        )
        for each in content["attendance"]
    )
    header = (_("Organisation"), _("Function"), _("Attendance"), _("Number"))
    table = Table(
        caption=_("Attendance"), header=header, rows=rows, numeric=(False, False, False, True), widths=(4, 4, 2, 1)
    )
    return [Heading(text=_("Attendance")), table]


def _points(content: dict[str, Any]) -> list[Block]:
    blocks: list[Block] = [Heading(text=_("Notes"))] if content["points"] else []
    for number, point in enumerate(content["points"], 1):
        blocks.append(Heading(text=f"{number}. {point['title']}", level=2))
        texts = [text for text in point["notes"].splitlines() if text.strip()]
        blocks += [Paragraph(text=text) for text in texts] or [Paragraph(text=_("Nothing was noted."), quiet=True)]
    return blocks


def _decisions(content: dict[str, Any]) -> list[Block]:
    if not content["decisions"]:
        return []
    rows = tuple(_decision(each) for each in content["decisions"])
    header = ("§", _("Decision"), _("Action"), _("Who does it"), _("Due"))
    table = Table(
        caption=_("Decisions"),
        header=header,
        rows=rows,
        numeric=(True, False, False, False, False),
        widths=(1, 8, 2, 4, 2),
    )
    return [Heading(text=_("Decisions")), table]


def _decision(each: dict[str, Any]) -> tuple[str, ...]:
    action = each["action"]
    text = _("Withdrawn: {text}").format(text=each["text"]) if each["withdrawn"] else each["text"]
    if action is None:
        return (str(each["number"]), text, "–", "–", "–")
    return (str(each["number"]), text, f"#{action['number']}", action["responsible"], action["due_on"] or "–")


def _matters(content: dict[str, Any]) -> list[Block]:
    if not content["matters"]:
        return []
    items = []
    for each in content["matters"]:
        where = f" → {each['to_forum']}" if each["to_forum"] else ""
        reason = f": {each['reason']}" if each["reason"] else ""
        items.append(f"#{each['number']} {each['title']} – {StepKind(each['kind']).label}{where}{reason}")
    return [Heading(text=_("Matters")), Bullets(items=tuple(items))]


def _tasks(content: dict[str, Any]) -> list[Block]:
    if not content["tasks"]:
        return []
    return [Heading(text=_("Tasks and aims")), task_table(content["tasks"])]


def task_table(tasks: Sequence[dict[str, Any]]) -> Table:
    """Each actor's task, aim and wish for help."""
    rows = tuple(
        (
            ", ".join(name for name in (each["function"], each["organisation"]) if name),
            each["task"],
            each["aim"] or "–",
            each["help_wanted"] or "–",
        )
        for each in tasks
    )
    header = (_("Who"), _("Task"), _("Aim"), _("Help wanted"))
    return Table(caption=_("Tasks and aims"), header=header, rows=rows, numeric=(False,) * 4, widths=(3, 4, 4, 3))


def _corrections(addenda: Sequence[Addendum], zone: ZoneInfo) -> list[Block]:
    if not addenda:
        return []
    items = tuple(f"{_local(each.at, zone)}, {each.organisation.name}: {each.text}" for each in addenda)
    return [Callout(title=_("Corrections after closing"), items=items)]


def _instant(text: str, zone: ZoneInfo) -> str:
    return _local(datetime.fromisoformat(text), zone) if text else ""


def _local(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def long_day(on: date) -> str:
    """Fredag 6 mars 2026."""
    return date_format(on, "l j F Y").capitalize()


def briefing_file(
    meeting: Meeting, seats: Sequence[Seat], tonight: Evening | None, *, on: date, language: str
) -> bytes:
    """The evening's briefing on one sheet, as a tagged PDF."""
    tongue: Language = "en" if language.startswith("en") else "sv"
    with override(tongue):
        return render_pdf(
            Document(
                title=_("Briefing: {forum}").format(forum=meeting.forum.name),
                subtitle=long_day(on),
                language=tongue,
                author=meeting.collaboration.name,
                made_at=clock.now(),
                footer=_("Only for those who take part. Nothing about single persons."),
                banner=_("Exercise data – not real events")
                if meeting.is_exercise or (tonight and tonight.is_exercise)
                else "",
                facts=tuple((name, text) for name, text in ((_("Alarm"), meeting.alarm_contact),) if text),
                blocks=(*_risks(meeting), *_tonight(tonight), *_tonights_tasks(seats)),
            )
        )


def _risks(meeting: Meeting) -> list[Block]:
    lines = tuple(line for line in meeting.staff_risk.splitlines() if line.strip())
    return [Callout(title=_("Risks for staff"), items=lines)] if lines else []


def _tonight(tonight: Evening | None) -> list[Block]:
    if tonight is None:
        return []
    spots = tuple(f"{spot.rank}. {spot.name}: {spot.n} ({spot.status_name})" for spot in tonight.spots)
    hours = _("Most events on this weekday: {hours}").format(hours=tonight.hours) if tonight.hours else ""
    items = tuple(each for each in (hours, *spots) if each)
    blocks: list[Block] = [Heading(text=_("The picture")), Paragraph(text=f"{tonight.headline} {tonight.period}.")]
    return [*blocks, Bullets(items=items)] if items else blocks


def _tonights_tasks(seats: Sequence[Seat]) -> list[Block]:
    told = [
        {
            "organisation": seat.member.organisation.name,
            "function": seat.member.function.name if seat.member.function else "",
            "task": seat.task.task,
            "aim": seat.task.aim,
            "help_wanted": seat.task.help_wanted,
        }
        for seat in seats
        if seat.task
    ]
    return [task_table(told)] if told else [Paragraph(text=_("No tasks have been told yet."), quiet=True)]
