"""Back from a counted figure to what was counted: the numbers of every year, the ground, each record or its list."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from lagesbild.accounts.models import Membership
from lagesbild.cooperation.models import Matter
from lagesbild.fieldreports.models import FieldReport
from lagesbild.scenes.counting import Counts, Kind, Spec, Tally, YearCount
from lagesbild.scenes.figures import title_of
from lagesbild.scenes.models import IndexRecipe, Scene

MOST_RECORDS = 200


@dataclass(frozen=True)
class Record:
    """One thing that was counted."""

    title: str
    on: date
    path: str


@dataclass(frozen=True)
class Trace:
    """How one figure of a recipe was counted; ``records`` are those of the chosen year."""

    number: int
    title: str
    spec: Spec
    tally: Tally
    year: int | None
    rows: tuple[tuple[int, YearCount], ...]
    records: tuple[Record, ...]
    n_records: int
    incidents: str
    """The address of the list of incidents of this kind in the year; it knows no outlines."""

    @property
    def is_ratio(self) -> bool:
        """Whether the figure is held against the rest of an area."""
        return bool(self.spec.area)


def trace(membership: Membership, scene: Scene, recipe: IndexRecipe, number: int, year: int | None) -> Trace | None:
    """The trace of the figure with this number, from 1; None if it is not counted or not there."""
    spec = Spec.of_part(recipe.parts[number - 1]) if 0 < number <= len(recipe.parts) else None
    if spec is None:
        return None
    counts = Counts(membership, [scene])
    tally = counts.of(scene.pk, spec)
    rows = tuple(sorted(tally.years.items(), reverse=True))
    shown = year if year in tally.years else next((each for each, _count in rows), None)
    keys = tally.items.get(shown, []) if shown is not None else []
    return Trace(
        number=number,
        title=title_of(spec, counts),
        spec=spec,
        tally=tally,
        year=shown,
        rows=rows,
        records=_records(membership, counts, spec.kind, keys[:MOST_RECORDS]),
        n_records=len(keys),
        incidents=_incidents(membership, scene, spec, shown) if spec.kind == Kind.INCIDENTS and shown else "",
    )


def _records(membership: Membership, counts: Counts, kind: Kind, keys: list[int]) -> tuple[Record, ...]:
    slug = membership.collaboration.slug
    if kind == Kind.REPORTS:
        reports = FieldReport.objects.filter(pk__in=keys).select_related("category").order_by("occurred_from")
        return tuple(
            Record(
                _("Report {number}: {category}").format(number=each.number, category=each.what),
                each.occurred_from.astimezone(counts.zone).date(),
                reverse("fieldreports:report", args=[slug, each.pk]),
            )
            for each in reports
        )
    matters = Matter.objects.filter(pk__in=keys).order_by("raised_at")
    return tuple(
        Record(
            str(each),
            each.raised_at.astimezone(counts.zone).date(),
            reverse("cooperation:matter", args=[slug, each.number]),
        )
        for each in matters
    )


def _incidents(membership: Membership, scene: Scene, spec: Spec, year: int) -> str:
    filters = replace(
        spec.filters,
        from_on=date(year, 1, 1),
        to_on=date(year + 1, 1, 1),
        place=scene.place.pk if scene.place else None,
    )
    return f"{reverse('observations:incidents', args=[membership.collaboration.slug])}?{filters.to_query()}"
