"""Figures of the action plan: how many actions were done in a period, and how large a share of them in time.

They are the actions that are linked to the indicator's goal; where none is, those of the whole plan.
"""

from __future__ import annotations

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lagesbild.accounts.access import visible_to
from lagesbild.accounts.models import Membership
from lagesbild.cooperation.models import Action, ActionState
from lagesbild.goals.computing.periods import Period
from lagesbild.goals.computing.registry import Computed
from lagesbild.goals.computing.registry import register as _register
from lagesbild.goals.models import Indicator, Missing

METHOD = "actions 1"


def register() -> None:
    _register("actions_done", title=gettext_lazy("Computed: number of actions done"), compute=done)
    _register("actions_in_time", title=gettext_lazy("Computed: share of actions done in time"), compute=in_time)


def done(membership: Membership, indicator: Indicator, period: Period) -> Computed:
    """Actions that ended as done within the period."""
    found = _actions(membership, indicator).filter(
        state=ActionState.DONE, ended_on__gte=period.from_on, ended_on__lt=period.to_on
    )
    n = found.count()
    return Computed(float(n), _("The action plan"), method=METHOD, origin=_origin(found))


def in_time(membership: Membership, indicator: Indicator, period: Period) -> Computed:
    """Of the actions that were due within the period, and until today: those done on their day or before, in per cent.

    One that was written off was not done. Where none was due there is no share.
    """
    until = min(period.to_on, period.today)
    due = _actions(membership, indicator).filter(due_on__gte=period.from_on, due_on__lt=until)
    n = due.count()
    if n == 0:
        return Computed(None, _("The action plan"), missing=Missing.NOT_MEASURED, method=METHOD, origin=_origin(due))
    kept = due.filter(state=ActionState.DONE, ended_on__lte=F("due_on")).count()
    return Computed(100 * kept / n, _("The action plan"), n=n, method=METHOD, origin=_origin(due))


def _actions(membership: Membership, indicator: Indicator) -> QuerySet[Action]:
    seen = Action.objects.filter(visible_to(membership))
    return seen.filter(goals=indicator.goal_id) if indicator.goal.actions.exists() else seen


def _origin(found: QuerySet[Action]) -> dict[str, list[int]]:
    return {"numbers": sorted(found.values_list("number", flat=True))}
