"""Reads of the action plan: what is open, of which matter."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from lagesbild.accounts.access import visible_to
from lagesbild.accounts.models import Membership
from lagesbild.cooperation.models import Action, ActionChange, ActionState, Matter

OPEN_STATES = (ActionState.PLANNED, ActionState.ONGOING)
IS_OPEN = Q(state__in=OPEN_STATES)


def open_actions_of(matter: Matter) -> QuerySet[Action]:
    """The actions that keep a matter from being closed, whoever may see them."""
    return Action.objects.filter(IS_OPEN, matter=matter).order_by("number")


def actions_of(membership: Membership, matter: Matter) -> QuerySet[Action]:
    """The actions of a matter that the member may see."""
    return Action.objects.filter(visible_to(membership), matter=matter).select_related("responsible", "function")


def changes_of(action: Action) -> list[ActionChange]:
    """What happened to an action, newest first."""
    return list(action.changes.select_related("by", "organisation").order_by("-at", "-pk"))
