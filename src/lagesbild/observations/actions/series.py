"""Tables of figures: stored whole, changed only where the file says something else."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Collaboration, Organisation, SharingLevel, User
from lagesbild.core import audit
from lagesbild.core.errors import UserError
from lagesbild.observations.models import Category, Series, SeriesTable, SeriesValue
from lagesbild.observations.series_file import SeriesText, TableText, read_series
from lagesbild.places.models import Area


def import_series(
    owner: Organisation,
    path: Path,
    *,
    actor: User | None,
    slug: str = "",
    title: str = "",
    is_published: bool = False,
    sharing: str = SharingLevel.PARTNERS,
) -> list[SeriesTable]:
    """Store the tables of a file, all or none. The same file again changes nothing.

    ``is_published`` says that the figures are public already, with their source.
    """
    texts = read_series(path, slug=slug, title=title)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return store_tables(owner, texts, digest=digest, is_published=is_published, sharing=sharing, actor=actor)


@transaction.atomic
def store_tables(
    owner: Organisation,
    texts: Sequence[TableText],
    *,
    digest: str,
    is_published: bool,
    sharing: str,
    actor: User | None,
) -> list[SeriesTable]:
    """Store tables as read. A table that another organisation owns is refused."""
    collaboration = owner.collaboration
    links = _Links(collaboration, texts)
    stored = []
    for text in texts:
        table = SeriesTable.objects.filter(collaboration=collaboration, slug=text.slug).first()
        if table is not None and table.owner_id != owner.pk:
            raise UserError(
                "series.owned_by_another", _('The table "{title}" belongs to another organisation.'), title=table.title
            )
        if table is None or table.file_sha256 != digest:
            table = table or SeriesTable(collaboration=collaboration, owner=owner, slug=text.slug, sharing=sharing)
            table.title, table.is_published, table.file_sha256 = text.title, is_published, digest
            table.source = _source_of(text)
            table.save()
            _store_series(table, text, links)
            audit.record("series.stored", table, actor=actor, collaboration=collaboration.slug, series=len(text.series))
        stored.append(table)
    return stored


@transaction.atomic
def note_table(table: SeriesTable, text: str, *, actor: User | None) -> None:
    """Say what must be known of a whole table; it stands wherever the table does."""
    if table.note != text:
        table.note = text
        table.save(update_fields=["note"])
        audit.record("series.noted", table, actor=actor, collaboration=table.collaboration.slug)


class _Links:
    """The areas and categories that the file names, looked up once."""

    def __init__(self, collaboration: Collaboration, texts: Sequence[TableText]) -> None:
        lines = [line for text in texts for line in text.series.values()]
        self.categories = {each.code: each for each in Category.objects.filter(collaboration=collaboration)}
        codes = {line.area_code for line in lines if line.area_code}
        areas = Area.objects.filter(version__area_set__collaboration=collaboration, code__in=codes)
        self.areas = {
            (area.version.area_set.slug, area.code): area
            for area in areas.select_related("version__area_set").defer("geometry").order_by("version__number")
        }
        unknown = sorted({line.category for line in lines if line.category} - set(self.categories))
        if unknown:
            raise UserError("categories.unknown", _('There is no category "{category}".'), category=unknown[0])

    def area_of(self, line: SeriesText) -> Area | None:
        """The newest area with this code; None when the boundaries are not here (the text still says where)."""
        return self.areas.get((line.area_set, line.area_code))


def _store_series(table: SeriesTable, text: TableText, links: _Links) -> None:
    table.series.exclude(key__in=text.series).delete()
    for order, line in enumerate(text.series.values()):
        series, _made = Series.objects.update_or_create(
            table=table,
            key=line.key,
            defaults={
                "title": line.title[:200],
                "unit": line.unit[:60],
                "area": links.area_of(line),
                "area_text": line.area_text[:200],
                "category": links.categories.get(line.category),
                "note": line.citation,
                "order": order,
            },
        )
        series.values.all().delete()
        SeriesValue.objects.bulk_create([SeriesValue(series=series, **vars(figure)) for figure in line.figures])


def _source_of(text: TableText) -> str:
    """What the citations have in common, up to a whole part; the first one if nothing."""
    if not text.citations:
        return ""
    parts = [citation.split(", ") for citation in text.citations]
    common = []
    for together in zip(*parts, strict=False):
        if len(set(together)) > 1:
            break
        common.append(together[0])
    return ", ".join(common or parts[0])[:300]
