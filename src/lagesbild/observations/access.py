"""The doors to what is observed: sources, imports and tables of figures."""

from __future__ import annotations

from lagesbild.accounts.access import access_owned
from lagesbild.accounts.models import Membership
from lagesbild.observations.models import ImportBatch, SeriesTable, Source


def access_source(membership: Membership, slug: str, *, write: bool = False) -> Source:
    """The source with this slug, with its owner."""
    return access_owned(membership, Source.objects.select_related("owner"), write=write, slug=slug)


def access_batch(membership: Membership, pk: int, *, write: bool = False) -> ImportBatch:
    """An import, with its source and job."""
    batches = ImportBatch.objects.select_related("source", "owner", "job", "created_by", "collaboration")
    return access_owned(membership, batches, write=write, pk=pk)


def access_series_table(membership: Membership, slug: str, *, write: bool = False) -> SeriesTable:
    """A table of figures, with its owner."""
    return access_owned(membership, SeriesTable.objects.select_related("owner"), write=write, slug=slug)
