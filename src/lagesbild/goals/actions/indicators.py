"""Indicators: what is measured for a goal, and what is aimed at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.http import QueryDict
from django.utils.text import slugify

from lagesbild.accounts.models import Membership, User
from lagesbild.core import audit, conflicts
from lagesbild.core.errors import UserError
from lagesbild.goals.models import Goal, Indicator
from lagesbild.goals.rule import Target, TargetKind
from lagesbild.observations import queries
from lagesbild.observations.filters import EventFilter
from lagesbild.observations.models import Series
from lagesbild.places.models import Area


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


@transaction.atomic
def create_indicator(membership: Membership, written: Mapping[str, Any]) -> Indicator:
    """An indicator of one's own organisation, last in its goal. Its code is made from the question.

    Raises:
        UserError: the selection of incidents cannot be used.
    """
    fields = dict(written)
    group = fields.pop("compared_with", ())
    _check_definition(membership, fields["definition"])
    goal: Goal = fields["goal"]
    order = max(Indicator.objects.filter(goal=goal).values_list("order", flat=True), default=0) + 1
    indicator = Indicator(
        collaboration=membership.collaboration,
        owner=membership.organisation,
        sharing=goal.sharing,
        code=_free_code(membership.collaboration_id, fields["question"]),
        order=order,
        area=_area_of(fields),
        **fields,
    )
    indicator.save()
    indicator.compared_with.set(group)
    audit.record("indicators.created", indicator, actor=membership.user, collaboration=membership.collaboration.slug)
    return indicator


@transaction.atomic
def change_indicator(membership: Membership, indicator: Indicator, seen: int, written: Mapping[str, Any]) -> Indicator:
    """Change an indicator that has not changed since version ``seen``. Its code stays, since reports refer to it.

    Raises:
        EditConflict: somebody was first.
        UserError: the selection of incidents cannot be used.
    """
    fields = dict(written)
    group = fields.pop("compared_with", ())
    _check_definition(membership, fields["definition"])
    if fields.get("series") or fields["definition"]:
        fields["area"] = _area_of(fields)
    changed = conflicts.bump(indicator, seen, **fields)
    changed.compared_with.set(group)
    audit.record("indicators.changed", changed, actor=membership.user, collaboration=membership.collaboration.slug)
    return changed


def _check_definition(membership: Membership, definition: Mapping[str, Any]) -> None:
    """Refuse a selection that cannot be counted, before anything is stored."""
    if definition.get("kind") != "incidents":
        return
    try:
        filters = EventFilter.from_query(QueryDict(definition["query"]))
        queries.resolve(membership.collaboration, filters, membership=membership)
    except UserError as error:
        raise UserError("indicator.query", error.message, "query") from error


def _area_of(fields: Mapping[str, Any]) -> Area | None:
    """The area of the series, or the one area of the selection."""
    if fields.get("series"):
        area: Area | None = fields["series"].area
        return area
    chosen = EventFilter.from_query(QueryDict(fields["definition"].get("query", ""))).areas
    return Area.objects.filter(pk__in=chosen).first() if len(chosen) == 1 else None


def _free_code(collaboration_id: int, question: str) -> str:
    base = slugify(question)[:60].strip("-") or "indikator"
    taken = set(
        Indicator.objects.filter(collaboration=collaboration_id, code__startswith=base).values_list("code", flat=True)
    )
    return next(code for code in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if code not in taken)
