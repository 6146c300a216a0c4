"""Which part of the action plan is asked for: one filter, read from the query string, for every view and file of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q
from django.http import QueryDict

from lagesbild.accounts.access import visible_to
from lagesbild.accounts.models import Membership
from lagesbild.cooperation.models import ActionState, ActionType
from lagesbild.cooperation.queries.plan import IS_OPEN
from lagesbild.places.models import Place

OPEN, ALL, OVERDUE = "open", "all", "overdue"
STATES = (OPEN, OVERDUE, *ActionState.values, ALL)
MOST = 2_000_000_000
DUE = (F("due_on").asc(nulls_last=True), "number")
SORTS: dict[str, tuple[Any, ...]] = {
    "due": DUE,
    "-due": (F("due_on").desc(nulls_last=True), "number"),
    "number": ("number",),
    "-number": ("-number",),
    "title": ("title", "number"),
    "-title": ("-title", "number"),
    "responsible": ("responsible__name", *DUE),
    "-responsible": ("-responsible__name", *DUE),
    "state": ("state", *DUE),
    "-state": ("-state", *DUE),
    "cost": (F("cost_sek").asc(nulls_last=True), "number"),
    "-cost": (F("cost_sek").desc(nulls_last=True), "number"),
    "-ended": (F("ended_on").desc(nulls_last=True), "-number"),
}


@dataclass(frozen=True)
class PlanFilter:
    """What the plan shows. Empty parts do not narrow; what cannot be read is as if not said."""

    state: str = OPEN
    forum: str = ""
    responsible: str = ""
    kind: str = ""  # of `ActionType`
    place: int | None = None
    matter: int | None = None  # its number
    meeting: int | None = None
    agreement: int | None = None
    due_from: date | None = None
    due_to: date | None = None  # not included
    mine: bool = False
    words: str = ""
    sort: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> PlanFilter:
        """The filter of an address."""
        state, kind, sort = query.get("state", OPEN), query.get("type", ""), query.get("sort", "")
        return cls(
            state=state if state in STATES else OPEN,
            forum=query.get("forum", "")[:100],
            responsible=query.get("responsible", "")[:100],
            kind=kind if kind in ActionType.values else "",
            place=_number(query.get("place", "")),
            matter=_number(query.get("matter", "")),
            meeting=_number(query.get("meeting", "")),
            agreement=_number(query.get("agreement", "")),
            due_from=_day(query.get("due_from", "")),
            due_to=_day(query.get("due_to", "")),
            mine=query.get("mine") == "1",
            words=query.get("q", "").replace("\0", "").strip()[:100],
            sort=sort if sort in SORTS else "",
        )

    def condition(self, membership: Membership, today: date) -> Q:
        """The filter on actions (with ``types_text``), beside what one may see."""
        found = self._by_state(today)
        for lookup, value in (
            ("forum__slug", self.forum),
            ("responsible__slug", self.responsible),
            ("place", self.place),
            ("matter__number", self.matter),
            ("meeting", self.meeting),
            ("agreement", self.agreement),
            ("due_on__gte", self.due_from),
            ("due_on__lt", self.due_to),
        ):
            if value:
                found &= Q(**{lookup: value})
        if self.kind:
            found &= Q(types_text__contains=f'"{self.kind}"')
        if self.mine:
            found &= Q(responsible=membership.function.organisation_id)
        return found & self._says(membership)

    def order(self) -> tuple[Any, ...]:
        """By the column that was chosen; else what is due first, or of the ended what ended last."""
        ended = self.state in (ActionState.DONE, ActionState.WRITTEN_OFF)
        return SORTS[self.sort or ("-ended" if ended else "due")]

    def _by_state(self, today: date) -> Q:
        if self.state == ALL:
            return Q()
        if self.state == OPEN:
            return IS_OPEN
        return IS_OPEN & Q(due_on__lt=today) if self.state == OVERDUE else Q(state=self.state)

    def _says(self, membership: Membership) -> Q:
        if self.words.startswith("#") and _number(self.words[1:]):
            return Q(number=_number(self.words[1:]))
        found = Q()
        for word in self.words.split():
            # a place is searched only by those who may see it: the answer would tell its name
            places = Place.objects.filter(visible_to(membership), name__icontains=word)
            found &= (
                Q(title__icontains=word)
                | Q(description__icontains=word)
                | Q(location__icontains=word)
                | Q(place__in=places.values("pk"))
            )
        return found


def _number(text: str) -> int | None:
    return (min(int(text), MOST) or None) if text.isascii() and text.isdigit() and len(text) < 20 else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
