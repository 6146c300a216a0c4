"""Duty schedules: the week as a whole, and single dates that differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from lagesbild.accounts.models import Function, Membership, User
from lagesbild.actors.hours import Hours
from lagesbild.actors.models import DutyException, Schedule, Shift
from lagesbild.core import audit
from lagesbild.core.conflicts import bump

Week = Mapping[int, Sequence[Hours]]
"""Shifts by weekday, 1 Monday."""


@transaction.atomic
def ensure_schedule(function: Function, week: Week, *, valid_from: date, actor: User | None, **fields: Any) -> Schedule:
    """The schedule of a function from this day at this place, made if it does not exist."""
    organisation = function.organisation
    schedule, made = Schedule.objects.get_or_create(
        function=function,
        valid_from=valid_from,
        place=fields.pop("place", None),
        defaults={"collaboration_id": organisation.collaboration_id, "owner": organisation, **fields},
    )
    if made:
        _set_week(schedule, week)
        audit.record("schedules.created", schedule, actor=actor, collaboration=organisation.collaboration.slug)
    return schedule


@transaction.atomic
def create_schedule(membership: Membership, function: Function, week: Week, **fields: Any) -> Schedule:
    """A new schedule; it belongs to the organisation of the function."""
    schedule = Schedule.objects.create(
        collaboration=membership.collaboration, owner=function.organisation, function=function, **fields
    )
    _set_week(schedule, week)
    audit.record("schedules.created", schedule, actor=membership.user, collaboration=membership.collaboration.slug)
    return schedule


@transaction.atomic
def change_schedule(membership: Membership, schedule: Schedule, seen: int, week: Week, **fields: Any) -> Schedule:
    """The schedule as it is now. `EditConflict` if somebody else was first."""
    bump(schedule, seen, **fields)
    schedule.shifts.all().delete()
    _set_week(schedule, week)
    audit.record("schedules.changed", schedule, actor=membership.user, collaboration=membership.collaboration.slug)
    return schedule


@transaction.atomic
def add_exception(
    membership: Membership, schedule: Schedule, on: date, hours: Sequence[Hours], *, note: str = ""
) -> None:
    """On this date these hours hold in place of the week's; without any, the function is off."""
    DutyException.objects.filter(schedule=schedule, on=on).delete()
    if not hours:
        DutyException.objects.create(schedule=schedule, on=on, note=note)
    for each in hours:
        DutyException.objects.create(schedule=schedule, on=on, starts=each.starts, ends=each.ends, note=note)
    audit.record(
        "schedules.exception_added",
        schedule,
        actor=membership.user,
        collaboration=membership.collaboration.slug,
        on=str(on),
    )


@transaction.atomic
def remove_exception(membership: Membership, schedule: Schedule, on: date) -> None:
    """Let the week's hours hold on this date again."""
    if DutyException.objects.filter(schedule=schedule, on=on).delete()[0]:
        audit.record(
            "schedules.exception_removed",
            schedule,
            actor=membership.user,
            collaboration=membership.collaboration.slug,
            on=str(on),
        )


def _set_week(schedule: Schedule, week: Week) -> None:
    Shift.objects.bulk_create(
        Shift(schedule=schedule, weekday=weekday, starts=hours.starts, ends=hours.ends)
        for weekday, shifts in week.items()
        for hours in shifts
    )
