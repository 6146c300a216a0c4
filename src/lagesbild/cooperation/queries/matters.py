"""Reads of matters: the desk with its filter, likely duplicates, and what one raised oneself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, F, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import QueryDict

from lagesbild.accounts.access import visible_to
from lagesbild.accounts.models import Collaboration, Membership, Organisation
from lagesbild.cooperation.models import Action, Feedback, Forum, Matter, MatterState, Meeting, Raiser, Step, StepKind
from lagesbild.cooperation.models.matters import CLOSED, OPEN
from lagesbild.cooperation.queries.plan import IS_OPEN
from lagesbild.core import clock
from lagesbild.fieldreports.models import FieldReport
from lagesbild.places.models import Place

STUCK_DAYS = 30  # a month without getting further: one meeting of the strategic forum has passed it by
PER_PAGE = 50
MOST_EXPORTED = 10_000
NEAR_M, NEAR_FOR_STAFF_M = 250.0, 1_000.0
RECENTLY_CLOSED = timedelta(weeks=4)
MOST_DUPLICATES = 5
AGES = (30, 90, 180)
UNKNOWN = "unknown"


@dataclass(frozen=True)
class DeskFilter:
    """What the desk shows; read from the query string of page, map and table alike."""

    state: str = "open"
    forum: str = ""
    responsible: str = ""
    kind: str = ""
    place: int | None = None
    older_than_days: int = 0
    stuck: bool = False
    ours: bool = False
    words: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> DeskFilter:
        """What can be read; the rest as if not said."""
        state = query.get("state", "open")
        return cls(
            state=state if state in {"open", "all", *MatterState.values} else "open",
            forum=query.get("forum", ""),
            responsible=query.get("responsible", ""),
            kind=query.get("kind", ""),
            place=_number(query.get("place", "")) or None,
            older_than_days=_number(query.get("age", "")),
            stuck=query.get("stuck") == "1",
            ours=query.get("ours") == "1",
            words=query.get("q", "").strip()[:100],
        )

    def condition(self, membership: Membership) -> Q:
        """The filter on matters, beside what one may see."""
        states = {"open": OPEN, "all": tuple(MatterState)}.get(self.state, (self.state,))
        found = Q(state__in=states)
        if self.forum:
            found &= Q(holder__slug=self.forum)
        if self.responsible:
            found &= Q(responsible=None) if self.responsible == UNKNOWN else Q(responsible__slug=self.responsible)
        if self.kind:
            found &= Q(object_kind=self.kind)
        if self.place:
            found &= Q(place=self.place)
        if self.older_than_days:
            found &= Q(raised_at__lt=clock.now() - timedelta(days=self.older_than_days))
        if self.stuck:
            found &= is_stuck()
        if self.ours:
            organisation = membership.function.organisation_id
            ours = Raiser.objects.filter(membership__function__organisation=organisation)
            found &= Q(pk__in=ours.values("matter"))
        return found & self._says()

    def _says(self) -> Q:
        if self.words.lstrip("#").isdigit():
            return Q(number=min(int(self.words.lstrip("#")), 2_000_000_000))
        found = Q()
        for word in self.words.split():
            found &= (
                Q(title__icontains=word)
                | Q(description__icontains=word)
                | Q(location__icontains=word)
                | Q(place__name__icontains=word)
            )
        return found


def _number(text: str) -> int:
    return min(int(text), 2_000_000_000) if text.isascii() and text.isdigit() else 0


def is_stuck() -> Q:
    """Open, and no further for a month."""
    return Q(state__in=OPEN, changed_at__lt=clock.now() - timedelta(days=STUCK_DAYS))


@dataclass(frozen=True)
class MatterRow:
    """A matter in a list, with its age."""

    matter: Matter
    age_days: int
    held_days: int
    stuck: bool
    n_raisers: int
    n_open_actions: int

    @property
    def where(self) -> str:
        return where(self.matter)


def where(matter: Matter) -> str:
    """The place in words."""
    return ", ".join(filter(None, [matter.place.name if matter.place else "", matter.location]))


def matters(membership: Membership, chosen: DeskFilter) -> QuerySet[Matter]:
    """The matters asked for that the member may see, those that have waited longest first."""
    rows = Matter.objects.filter(visible_to(membership)).filter(chosen.condition(membership))
    order = ("-closed_at",) if chosen.state in CLOSED else ("changed_at",)
    return (
        rows.select_related("holder", "responsible", "place", "owner")
        .defer("place__geometry", "place__drawing", "place__description", "holder__purpose")
        .annotate(
            n_raisers=_count(Raiser.objects.filter(matter=OuterRef("pk")), "matter"),
            n_open_actions=_count(Action.objects.filter(IS_OPEN, matter=OuterRef("pk")), "matter"),
        )
        .order_by(*order, "number")
    )


def _count(rows: QuerySet[Any], by: str) -> Any:
    counted = rows.order_by().values(by).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def as_rows(found: Sequence[Matter]) -> list[MatterRow]:
    """The matters with their ages now."""
    now = clock.now()
    return [_row(matter, now) for matter in found]


def _row(matter: Matter, now: datetime) -> MatterRow:
    until = matter.closed_at or now
    counted: Any = matter  # with the columns that `matters` adds
    return MatterRow(
        matter,
        age_days=(until - matter.raised_at).days,
        held_days=(until - matter.held_since).days,
        stuck=matter.is_open and matter.changed_at < now - timedelta(days=STUCK_DAYS),
        n_raisers=counted.n_raisers,
        n_open_actions=counted.n_open_actions,
    )


class CountedPaginator(Paginator):  # type: ignore[type-arg]
    """Pages of a list whose length is known already."""

    def __init__(self, rows: Any, per_page: int, *, count: int) -> None:
        super().__init__(rows, per_page)
        self.__dict__["count"] = count


def desk_counts(membership: Membership, chosen: DeskFilter) -> dict[str, int]:
    """How many matters there are of each sort that a coordinator looks at, and how many the filter shows. One query."""
    is_open = Q(state__in=OPEN)
    counted: dict[str, int] = Matter.objects.filter(visible_to(membership)).aggregate(
        shown=Count("pk", filter=chosen.condition(membership)),
        open=Count("pk", filter=is_open),
        waiting=Count("pk", filter=Q(state=MatterState.RAISED)),
        acting=Count("pk", filter=Q(state=MatterState.ACTING)),
        stuck=Count("pk", filter=is_stuck()),
        unknown=Count("pk", filter=is_open & Q(responsible=None)),
    )
    return counted


def organisations_with_overdue(collaboration: Collaboration) -> list[Organisation]:
    """Every organisation with ``n_overdue``, its actions that should have been done. Counts are for all partners."""
    today = clock.today(collaboration.time_zone)
    late = Action.objects.filter(IS_OPEN, responsible=OuterRef("pk"), due_on__lt=today)
    rows = Organisation.objects.filter(collaboration=collaboration)
    return list(rows.annotate(n_overdue=_count(late, "responsible")).order_by("name"))


def forums_taking(collaboration: Collaboration) -> list[Forum]:
    """The forums that may hold matters. That they exist is known to all partners."""
    rows = Forum.objects.filter(collaboration=collaboration, takes_matters=True, retired_on=None)
    return list(rows.select_related("lifts_to").order_by("name"))


def likely_duplicates(
    membership: Membership,
    kind: str,
    x: float | None,
    y: float | None,
    *,
    concerns_staff: bool = False,
    location: str = "",
    place: int | None = None,
) -> list[Matter]:
    """What may be the same: of the same kind, open or closed recently, near, at most five, the nearest first.

    Near is 250 m, or 1,000 m for what concerns how we work, from the point or the middle of the place. What has no
    point is near when it names the same place or the same words.
    """
    alive = Q(state__in=OPEN) | Q(closed_at__gte=clock.now() - RECENTLY_CLOSED)
    reach = NEAR_FOR_STAFF_M if concerns_staff else NEAR_M
    at_x, at_y = Coalesce(F("x"), F("place__x")), Coalesce(F("y"), F("place__y"))
    near = Q()
    if x is not None and y is not None:
        near |= Q(at_x__range=(x - reach, x + reach), at_y__range=(y - reach, y + reach))
    if location:
        near |= Q(location__iexact=location)
    if place:
        near |= Q(place=place)
    if not near:
        return []
    rows = Matter.objects.filter(
        visible_to(membership), alive, object_kind=kind, concerns_staff=concerns_staff, joined_into=None
    )
    rows = rows.select_related("holder", "place").defer("place__geometry", "place__drawing")
    found = rows.annotate(at_x=at_x, at_y=at_y).filter(near)
    measured = [(_metres(matter, x, y), matter) for matter in found]
    within = [(metres, matter) for metres, matter in measured if metres is None or metres <= reach]
    within.sort(key=lambda each: (each[0] is None, each[0] or 0.0, -each[1].number))
    return [matter for _metres_away, matter in within[:MOST_DUPLICATES]]


def _metres(matter: Any, x: float | None, y: float | None) -> float | None:
    if x is None or y is None or matter.at_x is None:
        return None
    return float(((matter.at_x - x) ** 2 + (matter.at_y - y) ** 2) ** 0.5)


def steps_of(matter: Matter) -> list[Step]:
    """The whole path, oldest first."""
    return list(matter.steps.select_related("by", "organisation", "from_forum", "to_forum"))


@dataclass(frozen=True)
class Beside:
    """What the steps of a matter name and the member may open: keys of reports and meetings, numbers of matters."""

    reports: frozenset[int]
    meetings: frozenset[int]
    matters: frozenset[int]


def beside(membership: Membership, steps: Sequence[Step]) -> Beside:
    """At most three queries; none for what no step names."""
    named = [step.details for step in steps]
    meetings = {step.meeting_id for step in steps if step.meeting_id}
    reports = {report for each in named for report in each.get("reports") or ()}
    numbers = {each[name] for each in named for name in ("matter", "into") if each.get(name)}
    return Beside(
        _seen(FieldReport.objects.filter(visible_to(membership), pk__in=reports), "pk", wanted=reports),
        _seen(Meeting.objects.filter(visible_to(membership), pk__in=meetings), "pk", wanted=meetings),
        _seen(Matter.objects.filter(visible_to(membership), number__in=numbers), "number", wanted=numbers),
    )


def _seen(rows: QuerySet[Any], column: str, *, wanted: set[int]) -> frozenset[int]:
    return frozenset(rows.values_list(column, flat=True)) if wanted else frozenset()


def meeting_of(raiser: Raiser) -> int | None:
    """The key of the first meeting at which this one raised or joined the matter, if the member may open it."""
    steps = Step.objects.filter(matter=raiser.matter_id, by=raiser.membership.user_id, meeting__isnull=False)
    own = list(steps.filter(kind__in=(StepKind.RAISED, StepKind.JOINED)))
    seen = beside(raiser.membership, own).meetings
    return next((step.meeting_id for step in own if step.meeting_id in seen), None)


def raisers_of(matter: Matter) -> list[Raiser]:
    """Who raised it, first one first."""
    return list(matter.raisers.select_related("membership__user", "membership__function__organisation"))


def raised_by(membership: Membership, *, organisation: bool = False) -> QuerySet[Raiser]:
    """What the member (with ``organisation``: anybody of its organisation) raised, with what was told, newest first.

    The organisation sees what the matter's own sharing lets it see; the member sees all its own.
    """
    told = Prefetch("feedback", Feedback.objects.select_related("step__from_forum", "step__to_forum").order_by("step"))
    rows = Raiser.objects.select_related("matter__holder", "matter__place", "membership__user", "membership__function")
    rows = rows.defer("matter__place__geometry", "matter__place__drawing").prefetch_related(told)
    if organisation:
        seen = Matter.objects.filter(visible_to(membership))
        rows = rows.filter(membership__function__organisation=membership.function.organisation_id, matter__in=seen)
    else:
        rows = rows.filter(membership=membership)
    return rows.order_by("-matter__raised_at", "-pk")


def forums_to_choose(collaboration: Collaboration) -> QuerySet[Forum]:
    """The forums that a matter may be raised in."""
    return Forum.objects.filter(collaboration=collaboration, takes_matters=True, retired_on=None).order_by("name")


def places_by_name(membership: Membership) -> dict[str, Place]:
    """The places in use that the member may see; of two with one name, the first."""
    rows = Place.objects.filter(visible_to(membership), retired_on=None).defer("geometry", "drawing")
    return {place.name: place for place in rows.order_by("-name", "-municipality")}


def matters_to_ask() -> list[Matter]:
    """The matters whose raisers may be asked today, somewhere; the action knows the local day."""
    return list(Matter.objects.filter(state=MatterState.DONE, ask_on__lte=clock.today("Etc/GMT-14")))


def raisers_of_reports(reports: Sequence[int]) -> list[tuple[int, Raiser]]:
    """(report, raiser) for every matter raised from these reports, with what the raiser was told. Three queries."""
    told = Prefetch("feedback", Feedback.objects.select_related("step__from_forum", "step__to_forum").order_by("step"))
    through = Raiser.reports.through.objects.filter(fieldreport__in=reports).values_list("fieldreport", "raiser")
    pairs = list(through.order_by("raiser"))
    rows = Raiser.objects.filter(pk__in={raiser for _report, raiser in pairs})
    found = rows.select_related("matter__collaboration").prefetch_related(told).in_bulk() if pairs else {}
    return [(report, found[raiser]) for report, raiser in pairs]
