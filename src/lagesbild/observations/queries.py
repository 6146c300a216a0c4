"""Reads: what a filter means for the one who asks, and the incidents, sources, caveats and series to show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import polars as pl
from django.db.models import F, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.access import visible_to
from lagesbild.accounts.models import Collaboration, Membership, Organisation
from lagesbild.core.errors import UserError
from lagesbild.observations.categories import CategoryMapping, CategoryNode
from lagesbild.observations.filters import EventFilter
from lagesbild.observations.models import Category, Caveat, Source, TypeMapping
from lagesbild.observations.questions import PlaceShape, Question, point_events
from lagesbild.observations.store import IncidentStore
from lagesbild.places.models import Area, Place

__all__ = ["EventFilter", "Question", "events", "point_events"]


def visible_sources(collaboration: Collaboration, membership: Membership | None = None) -> QuerySet[Source]:
    """The sources whose incidents count for the member; all of them for the server itself (None)."""
    sources = Source.objects.filter(collaboration=collaboration)
    return sources.filter(visible_to(membership)) if membership else sources


def source_named(collaboration: Collaboration, name: str) -> Source | None:
    """The source with this short name or name."""
    sources = Source.objects.filter(collaboration=collaboration)
    return sources.filter(slug=name).first() or sources.filter(name=name).first()


def first_organisation(collaboration: Collaboration, slug: str | None = None) -> Organisation | None:
    """The organisation with this short name; without one, the collaboration's first."""
    organisations = Organisation.objects.filter(collaboration=collaboration)
    return (organisations.filter(slug=slug) if slug else organisations).order_by("pk").first()


def category_mapping(collaboration: Collaboration) -> CategoryMapping:
    """The tree and what is mapped to it. Two queries."""
    categories = Category.objects.filter(collaboration=collaboration).values_list(
        "code", "name", "name_en", "parent__code", "detection"
    )
    pairs = TypeMapping.objects.filter(source__collaboration=collaboration).values_list(
        "source__slug", "source_type", "category__code"
    )
    return CategoryMapping(
        tuple(CategoryNode(*row) for row in categories),
        tuple(pairs.order_by("source__slug", "source_type")),
    )


def resolve(
    collaboration: Collaboration,
    filters: EventFilter,
    *,
    membership: Membership | None = None,
    mapping: CategoryMapping | None = None,
) -> Question:
    """What the filter means now, for this member. Three queries, one more for areas and one for a place.

    Raises `UserError` for a category, area or place that the collaboration does not have.
    """
    mapping = mapping or category_mapping(collaboration)
    if unknown := mapping.unknown(filters.categories):
        raise UserError(
            "filter.category_unknown", _('There is no category "{category}".'), field="category", category=unknown[0]
        )
    sources = [
        source
        for source in visible_sources(collaboration, membership)
        if not filters.sources or source.slug in filters.sources
    ]
    return Question(
        collaboration=collaboration.slug,
        filters=filters,
        sources=tuple(sorted(source.slug for source in sources)),
        mapping=mapping,
        areas=_area_numbers(collaboration, filters.areas),
        place=_place_shape(collaboration, filters.place, membership),
        is_exercise=any(source.is_exercise for source in sources),
    )


def events(
    collaboration: Collaboration,
    filters: EventFilter,
    *,
    data_version: int | None = None,
    membership: Membership | None = None,
) -> pl.LazyFrame:
    """The incidents that match, lazily; the newest data version unless another is named."""
    return resolve(collaboration, filters, membership=membership).events(data_version)


def data_version(collaboration: Collaboration) -> int | None:
    """The version that a picture made now would rest on."""
    return IncidentStore(collaboration.slug).version()


def _area_numbers(collaboration: Collaboration, areas: frozenset[int]) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """An area is its code within its set: older incidents may carry its number in an older version of the set."""
    if not areas:
        return ()
    same = Area.objects.filter(
        version__area_set__collaboration=collaboration,
        version__area_set__versions__areas__in=areas,
        version__area_set__versions__areas__code=F("code"),
    ).distinct()
    numbers: dict[str, list[int]] = {}
    found = set()
    for pk, area_set in same.values_list("pk", "version__area_set").order_by("pk"):
        numbers.setdefault(f"area_{area_set}", []).append(pk)
        found.add(pk)
    if missing := areas - found:
        raise UserError("filter.area_unknown", _("The area {number} is not here."), field="area", number=min(missing))
    return tuple((column, tuple(pks)) for column, pks in sorted(numbers.items()))


def _place_shape(collaboration: Collaboration, pk: int | None, membership: Membership | None) -> PlaceShape | None:
    if pk is None:
        return None
    places = Place.objects.filter(collaboration=collaboration, pk=pk)
    place = (places.filter(visible_to(membership)) if membership else places).first()
    if place is None:
        raise UserError("filter.place_unknown", _("The place {number} is not here."), field="place", number=pk)
    wkb = "" if place.radius_m else bytes(place.geometry).hex()
    return PlaceShape(place.name, place.x, place.y, place.radius_m, wkb)


@dataclass(frozen=True)
class CaveatText:
    """A reservation in the reader's language, and what it is about."""

    text: str
    citation: str
    category: str | None
    source: str | None
    from_on: date | None
    to_on: date | None


def caveats_for(question: Question, collaboration: Collaboration) -> list[CaveatText]:
    """The reservations that follow the figures of this question, of its sources and its categories up to the top.

    One query.
    """
    chosen = question.filters.categories or {node.code for node in question.mapping.nodes}
    codes = question.mapping.below(chosen) | question.mapping.above(chosen)
    rows = Caveat.objects.filter(collaboration=collaboration).select_related("category", "source").order_by("pk")
    return [
        CaveatText(
            text=in_language(row.text, row.text_en),
            citation=row.citation,
            category=row.category.code if row.category else None,
            source=row.source.slug if row.source else None,
            from_on=row.from_on,
            to_on=row.to_on,
        )
        for row in rows
        if _concerns(row, codes, question.sources) and _in_period(row, question.filters)
    ]


def in_language(text: str, text_en: str) -> str:
    """The English text for those who read English, if there is one."""
    return text_en if text_en and (get_language() or "").startswith("en") else text


def _concerns(caveat: Caveat, codes: Iterable[str], sources: Iterable[str]) -> bool:
    """Both must hold for one that is about a category in a source."""
    return (caveat.category is None or caveat.category.code in codes) and (
        caveat.source is None or caveat.source.slug in sources
    )


def _in_period(caveat: Caveat, filters: EventFilter) -> bool:
    begins_late = caveat.from_on and filters.to_on and caveat.from_on >= filters.to_on
    ended_early = caveat.to_on and filters.from_on and caveat.to_on <= filters.from_on
    return not begins_late and not ended_early
