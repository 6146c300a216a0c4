"""Reads of the whole action plan: as a list, a board, a calendar and counts, all by one filter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum, TextField
from django.db.models.functions import Cast

from lagesbild.accounts.access import Capability, may, visible_to
from lagesbild.accounts.models import Membership
from lagesbild.actors.models import Agreement
from lagesbild.cooperation.models import Action, ActionState, ActionType, Evidence, Matter
from lagesbild.cooperation.queries.plan import IS_OPEN, OPEN_STATES, SOON_DAYS
from lagesbild.cooperation.queries.plan_filter import ALL, DUE, PlanFilter
from lagesbild.cooperation.seeing import forums_of, sees
from lagesbild.core import clock
from lagesbild.places.models import Place

PER_PAGE = 30
PER_COLUMN = 15
MOST_EXPORTED = 10_000
MOST_IN_CALENDAR = 150
WEEKS_SHOWN = 8
BOARD_ORDER: tuple[Any, ...] = (F("ended_on").desc(nulls_first=True), *DUE)


@dataclass(frozen=True)
class ActionRow:
    """An action in a list. ``where`` names only a place that the reader may see; ``waits`` for an open one."""

    action: Action
    where: str
    matter: Matter | None  # only for those who may see it
    is_overdue: bool
    days_late: int
    waits: bool
    has_evidence: bool
    types: tuple[str, ...]
    may_change: bool


@dataclass(frozen=True)
class Rights:
    """Which actions a member may carry out, known for a whole list: the rule of `seeing.carries_out`."""

    organisation: int
    reports: bool
    administers: bool
    forums: frozenset[int]  # in which it takes part and leads

    def carries_out(self, action: Action) -> bool:
        own = action.owner_id == self.organisation or self.administers
        return (self.reports and own) or action.forum_id in self.forums


def rights_of(membership: Membership) -> Rights:
    """At most one query."""
    leads = may(membership, Capability.COOPERATE)
    return Rights(
        organisation=membership.function.organisation_id,
        reports=may(membership, Capability.REPORT),
        administers=may(membership, Capability.ADMINISTER),
        forums=frozenset(forums_of(membership).values_list("pk", flat=True)) if leads else frozenset(),
    )


def keys(membership: Membership, chosen: PlanFilter) -> QuerySet[Any]:
    """The keys of `actions` in the same order: a page of thousands is cut out of these before it is read."""
    return _matching(membership, chosen).order_by(*chosen.order()).values("pk")


def actions(membership: Membership, chosen: PlanFilter) -> QuerySet[Action]:
    """The actions asked for that the member may see, in the order asked for."""
    evidence = Evidence.objects.filter(action=OuterRef("pk"))
    needed = Action.depends_on.through.objects.filter(from_action=OuterRef("pk"), to_action__state__in=OPEN_STATES)
    return (
        _matching(membership, chosen)
        .select_related("responsible", "function", "forum", "place", "owner", "matter")
        .defer("place__geometry", "place__drawing", "place__description", "forum__purpose")
        .annotate(waits=Exists(needed), has_evidence=Exists(evidence))
        .order_by(*chosen.order())
    )


def _seen(membership: Membership) -> QuerySet[Action]:
    return Action.objects.filter(visible_to(membership)).alias(types_text=Cast("types", TextField()))


def _matching(membership: Membership, chosen: PlanFilter) -> QuerySet[Action]:
    return _seen(membership).filter(chosen.condition(membership, today_of(membership)))


def today_of(membership: Membership) -> date:
    """The day where the collaboration is."""
    return clock.today(membership.collaboration.time_zone)


def as_rows(membership: Membership, found: Iterable[Action], rights: Rights | None = None) -> list[ActionRow]:
    """The actions with what a list shows of them. With ``rights``, says which of them the member may change."""
    today = today_of(membership)
    return [_row(membership, action, today, rights) for action in found]


def _row(membership: Membership, action: Any, today: date, rights: Rights | None) -> ActionRow:
    late = (today - action.due_on).days if action.ended_on is None and action.due_on else 0
    return ActionRow(
        action,
        where=where(membership, action),
        matter=action.matter if action.matter and sees(membership, action.matter) else None,
        is_overdue=late > 0,
        days_late=max(late, 0),
        waits=action.waits and action.state in OPEN_STATES,
        has_evidence=action.has_evidence,
        types=tuple(str(ActionType(code).label) for code in action.types if code in ActionType.values),
        may_change=rights is not None and rights.carries_out(action),
    )


def where(membership: Membership, action: Action) -> str:
    """The place in words; its name only for those who may see the place."""
    place = action.place.name if action.place and sees(membership, action.place) else ""
    return ", ".join(filter(None, [place, action.location]))


def point(membership: Membership, action: Action) -> tuple[float, float] | None:
    """Where on the map: its own point, or the middle of a place that the reader may see."""
    if action.x is not None and action.y is not None:
        return action.x, action.y
    if action.place and sees(membership, action.place):
        return action.place.x, action.place.y
    return None


@dataclass(frozen=True)
class PlanCounts:
    """How many there are of each sort. ``shown`` and ``cost_sek`` are of what the filter shows."""

    shown: int
    cost_sek: Decimal | None
    open: int
    overdue: int
    soon: int
    undated: int
    ours: int


def counts(membership: Membership, chosen: PlanFilter) -> PlanCounts:
    """One query."""
    today = today_of(membership)
    condition = chosen.condition(membership, today)
    ours = Q(responsible=membership.function.organisation_id)
    found = _seen(membership).aggregate(
        shown=Count("pk", filter=condition),
        cost_sek=Sum("cost_sek", filter=condition),
        open=Count("pk", filter=IS_OPEN),
        overdue=Count("pk", filter=IS_OPEN & Q(due_on__lt=today)),
        soon=Count("pk", filter=IS_OPEN & Q(due_on__range=(today, today + timedelta(days=SOON_DAYS)))),
        undated=Count("pk", filter=IS_OPEN & Q(due_on=None)),
        ours=Count("pk", filter=IS_OPEN & ours),
    )
    return PlanCounts(**found)


@dataclass(frozen=True)
class Column:
    """One state on the board: how many there are, and the first of them."""

    state: ActionState
    n: int
    rows: tuple[ActionRow, ...]

    @property
    def n_more(self) -> int:
        return self.n - len(self.rows)


def board(membership: Membership, chosen: PlanFilter, rights: Rights) -> list[Column]:
    """The plan by state, whatever state the filter says: what is due first, of the ended what ended last.

    Two queries: how many there are, and the first of each; which those are is found by index.
    """
    found = _matching(membership, replace(chosen, state=ALL))
    n_of = dict(found.order_by().values_list("state").annotate(n=Count("pk")))
    first = Q()
    for state in ActionState:
        first |= Q(pk__in=found.filter(state=state).order_by(*BOARD_ORDER).values("pk")[:PER_COLUMN])
    listed = actions(membership, replace(chosen, state=ALL)).filter(first).order_by(*BOARD_ORDER)
    rows = as_rows(membership, listed, rights)
    return [
        Column(state, n_of.get(state, 0), tuple(row for row in rows if row.action.state == state))
        for state in ActionState
    ]


@dataclass(frozen=True)
class Week:
    """A week from Monday, and what is due in it."""

    monday: date
    rows: tuple[ActionRow, ...]

    @property
    def number(self) -> int:
        return self.monday.isocalendar().week

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)


def weeks(membership: Membership, chosen: PlanFilter, monday: date, rights: Rights) -> tuple[list[Week], bool]:
    """What is due in eight weeks from ``monday``, and whether there is more than is shown. One query."""
    end = monday + timedelta(weeks=WEEKS_SHOWN)
    found = actions(membership, chosen).filter(due_on__gte=monday, due_on__lt=end).order_by("due_on", "number")
    listed = list(found[: MOST_IN_CALENDAR + 1])
    rows = as_rows(membership, listed[:MOST_IN_CALENDAR], rights)
    mondays = [monday + timedelta(weeks=number) for number in range(WEEKS_SHOWN)]
    return [Week(each, _due_in(rows, each)) for each in mondays], len(listed) > MOST_IN_CALENDAR


def _due_in(rows: Sequence[ActionRow], monday: date) -> tuple[ActionRow, ...]:
    end = monday + timedelta(weeks=1)
    return tuple(row for row in rows if row.action.due_on and monday <= row.action.due_on < end)


def agreement_title(membership: Membership, pk: int) -> str:
    """What the agreement is called; empty if the member may not see it."""
    found = Agreement.objects.filter(visible_to(membership), pk=pk).values_list("title", flat=True)
    return found.first() or ""


def places_to_name(membership: Membership) -> list[tuple[int, str]]:
    """Key and name of the places in use that the member may see. One query."""
    places = Place.objects.filter(visible_to(membership), retired_on=None).order_by("name")
    return list(places.values_list("pk", "name"))
