"""What of a world is already stored, so that loading again does nothing."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from lagesbild.accounts.models import Collaboration, Membership
from lagesbild.cooperation.models import Action, Matter
from lagesbild.observations.models import BatchState, ImportBatch, Series, SeriesTable, Source, TypeMapping
from lagesbild.places.models import Area, Fact, Place
from lagesbild.places.queries import current_versions


class FactKey(NamedTuple):
    """What makes a fact of a world the same fact."""

    is_area: bool
    subject_id: int
    kind: str
    valid_from: date
    source: str


def key_of(subject: Area | Place, kind: str, valid_from: date, source: str) -> FactKey:
    """The key of a fact about an area or a place."""
    return FactKey(isinstance(subject, Area), subject.pk, kind, valid_from, source)


def source_by_slug(collaboration: Collaboration, slug: str) -> Source:
    """The source with this slug."""
    return Source.objects.select_related("collaboration", "owner").get(collaboration=collaboration, slug=slug)


def is_imported(source: Source, sha256: str) -> bool:
    """Whether this very file has been stored for the source."""
    return ImportBatch.objects.filter(source=source, state=BatchState.APPLIED, file_sha256=sha256).exists()


def mapped_types(source: Source) -> set[str]:
    """The types of the source that lead to a category already."""
    return set(TypeMapping.objects.filter(source=source).values_list("source_type", flat=True))


def areas_by_code(collaboration: Collaboration) -> dict[tuple[str, str], Area]:
    """The current areas by the slug of their set and their code, without boundaries."""
    versions = current_versions(collaboration)
    areas = Area.objects.filter(version__in=versions).select_related("version__area_set").defer("geometry")
    return {(area.version.area_set.slug, area.code): area for area in areas}


def places_by_name(collaboration: Collaboration) -> dict[str, Place]:
    """The places of the collaboration by name; a world names each once."""
    return {place.name: place for place in Place.objects.filter(collaboration=collaboration).defer("geometry")}


def stored_facts(collaboration: Collaboration) -> set[FactKey]:
    """The facts already there. What somebody has corrected since is there too, and is left alone."""
    rows = Fact.objects.filter(collaboration=collaboration).values_list("area", "place", "kind", "valid_from", "source")
    return {FactKey(area is not None, area or place or 0, kind, on, source) for area, place, kind, on, source in rows}


def series_with(collaboration: Collaboration, table: str, key: str) -> Series:
    """The series with this key in this table."""
    found = Series.objects.select_related("table", "area")
    return found.get(table__collaboration=collaboration, table__slug=table, key=key)


def series_table(collaboration: Collaboration, slug: str) -> SeriesTable:
    """The table of figures with this slug."""
    return SeriesTable.objects.select_related("collaboration").get(collaboration=collaboration, slug=slug)


def matter_descriptions(collaboration: Collaboration) -> set[str]:
    """What the exercise matters already there were raised with. Titles may have been changed since."""
    raised = Matter.objects.filter(collaboration=collaboration, is_exercise=True)
    return set(raised.values_list("raisers__words", flat=True))


def members_by_email(collaboration: Collaboration) -> dict[str, Membership]:
    """Those who sign in, by their address."""
    rows = Membership.objects.filter(collaboration=collaboration)
    return {row.user.email: row for row in rows.select_related("user", "collaboration", "function__organisation")}


def action_titles(collaboration: Collaboration, source: str) -> set[str]:
    """The titles of the actions from this source that are there already."""
    return set(Action.objects.filter(collaboration=collaboration, source=source).values_list("title", flat=True))
