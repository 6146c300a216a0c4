"""Word to the responsible organisation a week before an action is due, and when the day has passed: once each."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from lagesbild.cooperation import telling
from lagesbild.cooperation.models import Action
from lagesbild.cooperation.queries.plan import IS_OPEN
from lagesbild.core import audit


@transaction.atomic
def remind(action: Action, today: date) -> bool:
    """Tell of this due date if it is time and has not been told; whether anybody was told. Twice tells once."""
    if action.due_on is None:
        return False
    late = action.due_on < today
    column = "late_told_for" if late else "soon_told_for"
    untold = Action.objects.filter(IS_OPEN, pk=action.pk, due_on=action.due_on).exclude(**{column: action.due_on})
    if not untold.update(**{column: action.due_on}):
        return False
    telling.of_due(action, late=late)
    audit.record(
        "actions.reminded",
        action,
        actor=None,
        collaboration=action.collaboration.slug,
        number=action.number,
        late=late,
    )
    return True
