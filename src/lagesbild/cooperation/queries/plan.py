"""Reads of the action plan: what is open, of which matter."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import F, Q, QuerySet

from lagesbild.accounts.access import visible_to
from lagesbild.accounts.models import Collaboration, Membership
from lagesbild.cooperation.models import Action, ActionChange, ActionState, Evidence, Matter
from lagesbild.core import clock

OPEN_STATES = (ActionState.PLANNED, ActionState.ONGOING)
IS_OPEN = Q(state__in=OPEN_STATES)
SOON_DAYS = 7  # before an action is due, its organisation is told


def open_actions_of(matter: Matter) -> QuerySet[Action]:
    """The actions that keep a matter from being closed, whoever may see them."""
    return Action.objects.filter(IS_OPEN, matter=matter).order_by("number")


def actions_of(membership: Membership, matter: Matter) -> QuerySet[Action]:
    """The actions of a matter that the member may see."""
    return Action.objects.filter(visible_to(membership), matter=matter).select_related("responsible", "function")


def changes_of(action: Action) -> list[ActionChange]:
    """What happened to an action, newest first."""
    return list(action.changes.select_related("by", "organisation").order_by("-at", "-pk"))


def evidence_of(action: Action) -> list[Evidence]:
    """What shows that it was done, oldest first."""
    return list(action.evidence.select_related("by", "organisation"))


def needed_by(membership: Membership, action: Action) -> tuple[list[Action], list[Action]]:
    """The actions that this one waits for, and those that wait for it, as far as the member may see them."""
    seen = visible_to(membership)
    waits_for = action.depends_on.filter(seen).order_by("number")
    return list(waits_for), list(action.needed_by.filter(seen).order_by("number"))


def to_remind(collaboration: Collaboration) -> list[Action]:
    """The open actions that are due within a week or overdue, and of whose due date nobody has been told."""
    today = clock.today(collaboration.time_zone)
    late = Q(due_on__lt=today) & ~_told("late_told_for")
    soon = Q(due_on__range=(today, today + timedelta(days=SOON_DAYS))) & ~_told("soon_told_for")
    rows = Action.objects.filter(IS_OPEN, late | soon, collaboration=collaboration)
    return list(rows.select_related("collaboration", "responsible").order_by("number"))


def _told(column: str) -> Q:
    return Q(**{f"{column}__isnull": False, column: F("due_on")})


def evidence_with(action: Action, pk: int) -> Evidence | None:
    """This one of the action's; None if it is another's or gone."""
    return action.evidence.filter(pk=pk).first()


def evidence_files(*, photos: bool) -> Iterator[str]:
    """The names of all files of evidence, of every collaboration: those of photos, or those of documents."""
    is_photo = Q(media_type="image/jpeg")
    return (
        Evidence.objects.filter(is_photo if photos else ~is_photo).order_by().values_list("file", flat=True).iterator()
    )
