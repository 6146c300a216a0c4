"""Reads for the pages of responsibility, learning and introductions: lists and what there is to choose among."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, QuerySet, Sum

from lagesbild.accounts.access import visible_to
from lagesbild.accounts.models import Collaboration, Function, Membership, Organisation
from lagesbild.actors.access import GROUND
from lagesbild.actors.models import (
    Assessment,
    Factor,
    FactorScore,
    Interview,
    ObjectKind,
    ResponsibilityEntry,
    ResponsibilityQuestion,
    Training,
    Zone,
)
from lagesbild.places.models import Area, Place
from lagesbild.places.queries import current_versions


def organisations(collaboration: Collaboration) -> QuerySet[Organisation]:
    """The parties, by name."""
    return Organisation.objects.filter(collaboration=collaboration)


def functions(collaboration: Collaboration) -> QuerySet[Function]:
    """Every function with its organisation."""
    return Function.objects.filter(organisation__collaboration=collaboration).select_related("organisation")


def places(membership: Membership) -> QuerySet[Place]:
    """The places in use that a member may see, to choose among."""
    return Place.objects.filter(visible_to(membership), retired_on=None).only("name", "municipality", "x", "y")


def place_with(membership: Membership, pk: str) -> Place | None:
    """The place in use with this key, as an address names it."""
    return places(membership).filter(pk=int(pk)).first() if pk.isdecimal() else None


def zones(membership: Membership) -> QuerySet[Zone]:
    """The zones a member may see, to choose among."""
    return Zone.objects.filter(visible_to(membership)).only("name", "valid_from")


def areas(membership: Membership) -> QuerySet[Area]:
    """The current areas a member may see, to choose among."""
    versions = [version.pk for version in current_versions(membership.collaboration, membership)]
    return Area.objects.filter(version__in=versions).only("name", "code")


def kinds(collaboration: Collaboration) -> QuerySet[ObjectKind]:
    """The kinds of object."""
    return ObjectKind.objects.filter(collaboration=collaboration)


def register(membership: Membership, *, kind: str = "", organisation: str = "") -> QuerySet[ResponsibilityEntry]:
    """The lines of the register, by kind; without ground's geometry."""
    lines = ResponsibilityEntry.objects.filter(visible_to(membership))
    if kind:
        lines = lines.filter(kind__code=kind)
    if organisation:
        lines = lines.filter(organisation__slug=organisation)
    related = lines.select_related("kind", "organisation", "place", "area", "zone", "owner")
    return related.defer(*GROUND)


def questions(membership: Membership, *, answered: bool = False) -> QuerySet[ResponsibilityQuestion]:
    """The queue: what waits for an answer, oldest first; or what has been answered, newest first."""
    found = ResponsibilityQuestion.objects.filter(visible_to(membership), answered_at__isnull=not answered)
    related = found.select_related("kind", "place", "owner", "answer__organisation").defer(
        "place__geometry", "place__drawing"
    )
    return related.order_by("-answered_at" if answered else "asked_at")


@dataclass(frozen=True)
class FactorRow:
    """A factor and how it was judged, assessment by assessment (None: not judged)."""

    factor: Factor
    scores: list[FactorScore | None]


def factors(collaboration: Collaboration) -> list[Factor]:
    """The success factors in order."""
    return list(Factor.objects.filter(collaboration=collaboration))


def assessments(membership: Membership, *, forum: str = "") -> list[Assessment]:
    """The assessments a member may see, oldest first; of one forum if it is named."""
    found = Assessment.objects.filter(visible_to(membership)).select_related("owner")
    return list(found.filter(forum=forum) if forum else found)


def factor_table(membership: Membership, made: list[Assessment]) -> list[FactorRow]:
    """Factors × assessments. Two queries."""
    scores = {
        (score.factor_id, score.assessment_id): score
        for score in FactorScore.objects.filter(assessment__in=[each.pk for each in made])
    }
    return [
        FactorRow(factor, [scores.get((factor.pk, each.pk)) for each in made])
        for factor in factors(membership.collaboration)
    ]


def interviews(membership: Membership, *, forum: str = "") -> QuerySet[Interview]:
    """The interviews with partners, newest first."""
    found = Interview.objects.filter(visible_to(membership)).select_related("function__organisation", "owner")
    return found.filter(forum=forum) if forum else found


def trainings(membership: Membership) -> QuerySet[Training]:
    """The training log, newest first."""
    return Training.objects.filter(visible_to(membership)).select_related("function__organisation")


@dataclass(frozen=True)
class Reached:
    """How many of a function, unit or shift have been reached, and when last."""

    organisation: str
    function: str
    unit: str
    times: int
    people: int


def reached(membership: Membership) -> list[Reached]:
    """By function and unit how many have been reached; who has not been comes with zero. Two queries."""
    rows = (
        Training.objects.filter(visible_to(membership))
        .order_by()
        .values_list("function", "unit")
        .annotate(times=Count("pk"), people=Sum("n_people"))
    )
    found: dict[int, list[tuple[str, int, int]]] = {}
    for function, unit, times, people in rows:
        found.setdefault(function, []).append((unit, times, people))
    return [
        Reached(function.organisation.name, function.name, unit, times, people)
        for function in functions(membership.collaboration)
        for unit, times, people in sorted(found.get(function.pk, [("", 0, 0)]))
    ]
