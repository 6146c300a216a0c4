"""What of a world is already stored, so that loading again does nothing."""

from __future__ import annotations

from lagesbild.accounts.models import Collaboration
from lagesbild.observations.models import BatchState, ImportBatch, Source, TypeMapping


def source_by_slug(collaboration: Collaboration, slug: str) -> Source:
    """The source with this slug."""
    return Source.objects.select_related("collaboration", "owner").get(collaboration=collaboration, slug=slug)


def is_imported(source: Source, sha256: str) -> bool:
    """Whether this very file has been stored for the source."""
    return ImportBatch.objects.filter(source=source, state=BatchState.APPLIED, file_sha256=sha256).exists()


def mapped_types(source: Source) -> set[str]:
    """The types of the source that lead to a category already."""
    return set(TypeMapping.objects.filter(source=source).values_list("source_type", flat=True))
