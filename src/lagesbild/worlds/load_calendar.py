"""What forums of a world have done and what is to come: meetings, attendance, events, the shared room, one evening."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from lagesbild.accounts.models import Collaboration, Function, Organisation
from lagesbild.accounts.queries import organisation_named
from lagesbild.cooperation import recurrence
from lagesbild.cooperation.actions import calendar, history, meetings
from lagesbild.cooperation.actions.briefings import ensure_briefing
from lagesbild.cooperation.models import Forum
from lagesbild.cooperation.queries.forums import function_named, rhythm_of
from lagesbild.core import clock
from lagesbild.worlds import queries
from lagesbild.worlds.description import World
from lagesbild.worlds.load_forums import FILE

EVENT_TEXTS = ("title", "kind", "location", "description", "source")


def load(world: World, collaboration: Collaboration, forums: Mapping[str, Forum]) -> None:
    """Everything; again changes nothing on the same day."""
    file = world.folder / FILE
    if not file.is_file():
        return
    told = tomllib.loads(file.read_text(encoding="utf-8"))
    for each in told.get("rooms", ()):
        _load_room(collaboration, each)
    places = queries.places_by_name(collaboration)
    for each in told.get("events", ()):
        _load_event(collaboration, each, forums, places)
    if "attendance" in told:
        _load_attendance(collaboration, told["attendance"], forums)
    meetings.plan_ahead(collaboration, forums.values(), actor=None)
    if "evening" in told:
        _load_evening(collaboration, told["evening"], forums)


def _load_room(collaboration: Collaboration, told: Mapping[str, Any]) -> None:
    staff = _organisation(collaboration, told["organisation"])
    calendar.ensure_room(
        collaboration,
        _organisation(collaboration, told["owner"]),
        **{name: told[name] for name in ("slug", "name", "note", "source")},
        hours=tuple(
            calendar.HoursText(weekday=day, starts=told["starts"], ends=told["ends"], organisation=staff)
            for day in told["weekdays"]
        ),
        actor=None,
    )


def _load_event(
    collaboration: Collaboration, told: Mapping[str, Any], forums: Mapping[str, Forum], places: Mapping[str, Any]
) -> None:
    from_on, to_on = _days(collaboration, told)
    text = calendar.EventText(
        **{name: told[name] for name in EVENT_TEXTS if name in told},
        from_on=from_on,
        to_on=to_on,
        place=places.get(told.get("place", "")),
        forum=forums.get(told.get("forum", "")),
    )
    owner = _organisation(collaboration, told["owner"])
    calendar.ensure_event(collaboration, owner, text, after_note=told.get("after_note", ""), actor=None)


def _days(collaboration: Collaboration, told: Mapping[str, Any]) -> tuple[date, date]:
    if "from_on" in told:
        return told["from_on"], told["to_on"]
    first = clock.today(collaboration.time_zone) + timedelta(days=told["in_days"])
    return first, first + timedelta(days=told["days"])


def _load_attendance(collaboration: Collaboration, told: Mapping[str, Any], forums: Mapping[str, Forum]) -> None:
    """Invented attendance by the shares told; the same for the same seed."""
    forum = forums[told["forum"]]
    rhythm = rhythm_of(forum)
    if rhythm is None:
        return
    chance = random.Random(told["seed"])  # noqa: S311 - exercise data
    members = [(_function(collaboration, each["who"]), each) for each in told["members"]]
    held = []
    for at in recurrence.starts(rhythm, told["from_on"], told["to_on"]):
        came = [_came(function, each, at.date(), chance) for function, each in members]
        held.append(history.Held(at=at, came=tuple(came)))
    history.record_held(forum, held, source=told["source"], is_exercise=True, actor=None)


def _came(function: Function, told: Mapping[str, Any], on: date, chance: random.Random) -> history.Came:
    drawn, people = chance.random(), 1 + int(chance.random() * 2.5)
    gone = "until" in told and on >= told["until"]
    presence = "present" if drawn < told["share"] and not gone else "prevented" if drawn > 0.9 else "absent"
    return history.Came(organisation=function.organisation, function=function, presence=presence, people=people)


def _load_evening(collaboration: Collaboration, told: Mapping[str, Any], forums: Mapping[str, Forum]) -> None:
    tasks = {
        _function(collaboration, each["who"]): {name: each.get(name, "") for name in ("task", "aim", "help_wanted")}
        for each in told["tasks"]
    }
    ensure_briefing(
        forums[told["forum"]],
        staff_risk=told["staff_risk"],
        alarm_contact=told["alarm_contact"],
        tasks=tasks,
        actor=None,
    )


def _organisation(collaboration: Collaboration, slug: str) -> Organisation:
    found = organisation_named(collaboration, slug)
    if found is None:
        raise KeyError(f"{FILE}: {slug!r} is no organisation of {collaboration.slug}")
    return found


def _function(collaboration: Collaboration, named: list[str]) -> Function:
    found = function_named(collaboration, named[0], named[1])
    if found is None:
        raise KeyError(f"{FILE}: {named[1]!r} is no function of {named[0]}")
    return found
