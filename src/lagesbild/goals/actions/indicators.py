"""Indicators: what is measured for a goal, and what is aimed at."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from lagesbild.accounts.models import User
from lagesbild.core import audit
from lagesbild.core.errors import UserError
from lagesbild.goals.models import Goal, Indicator
from lagesbild.goals.rule import Target, TargetKind
from lagesbild.observations.models import Series


@dataclass(frozen=True)
class IndicatorText:
    """What one writes about an indicator; ``target`` in the words of the rule, ``target_printed`` in the source's."""

    question: str
    measure: str
    unit: str
    source_kind: str
    target: Target
    target_printed: str = ""
    group: str = ""
    scale: str = ""
    decimals: int = 0
    area_text: str = ""
    footnotes: tuple[str, ...] = ()
    definition: dict[str, Any] = field(default_factory=dict)
    definition_note: str = ""
    is_published: bool = False
    source: str = ""
    order: int = 0

    def fields(self) -> dict[str, Any]:
        """As the model's fields."""
        written = {name: value for name, value in vars(self).items() if name != "target"}
        return written | {
            "footnotes": list(self.footnotes),
            "target_kind": self.target.kind.value,
            "target_direction": self.target.direction.value,
            "target_value": self.target.value,
            "target_base": self.target.base,
        }


@transaction.atomic
def ensure_indicator(
    goal: Goal, code: str, text: IndicatorText, *, actor: User | None, series: Series | None = None
) -> Indicator:
    """The indicator with this code, made if it does not exist."""
    if text.target.value is None and text.target.kind in (TargetKind.VALUE, TargetKind.YES_NO):
        raise ValueError(f"The target of {code!r} must have a value.")
    indicator, made = Indicator.objects.get_or_create(
        collaboration_id=goal.collaboration_id,
        code=code,
        defaults={
            "owner_id": goal.owner_id,
            "sharing": goal.sharing,
            "goal": goal,
            "series": series,
            "area": series.area if series else None,
            **text.fields(),
        },
    )
    if not made and indicator.goal_id != goal.pk:
        raise UserError("indicator.other_goal", f"{code} belongs to another goal.", "code")
    if made:
        audit.record("indicators.created", indicator, actor=actor, collaboration=goal.collaboration.slug)
    return indicator
