"""Reads for the pages: sources with their counts, imports, types, incidents a page at a time, tables of figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.db.models import Count, Max, Min, Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.access import visible_to
from lagesbild.accounts.models import Collaboration, Membership
from lagesbild.core.errors import UserError
from lagesbild.observations.models import BatchState, Category, Caveat, ImportBatch, Series, SeriesTable, Source
from lagesbild.observations.queries import in_language, visible_sources
from lagesbild.observations.questions import Question
from lagesbild.observations.store import IncidentStore

RECENT = 12
PAGE_ROWS = 50
MAX_PAGES = 200  # further down nobody reads; narrowing the question is quicker
MAX_EXPORT_ROWS = 200_000
MAX_TYPES = 1_000
SHOWN = ["local_date", "local_hour", "time_precision", "source", "source_type", "precision", "place_text", "area_name"]
PRECISIONS = {
    "exact": _("the very spot"),
    "street": _("street or block"),
    "area": _("area"),
    "municipality": _("municipality or county"),
    "none": _("no place"),
}
EXPORTED = [
    "source",
    "source_id",
    "source_type",
    "occurred_from",
    "occurred_to",
    "time_precision",
    "reported_at",
    "x",
    "y",
    "precision",
    "area_name",
    "place_text",
    "note",
    "source_url",
]


@dataclass(frozen=True)
class SourceSummary:
    """A source and what the store holds of it."""

    source: Source
    n_incidents: int
    first_on: date | None
    last_on: date | None


def source_summaries(membership: Membership) -> list[SourceSummary]:
    """The sources the member may see, with counts. One query and one scan of two columns."""
    collaboration = membership.collaboration
    counted = (
        IncidentStore(collaboration.slug)
        .scan()
        .group_by("source")
        .agg(n=pl.len(), first=pl.col("local_date").min(), last=pl.col("local_date").max())
        .collect()
    )
    counts = {row["source"]: row for row in counted.iter_rows(named=True)}
    nothing = {"n": 0, "first": None, "last": None}
    return [
        SourceSummary(source, found["n"], found["first"], found["last"])
        for source in visible_sources(collaboration, membership).select_related("owner")
        for found in [counts.get(source.slug, nothing)]
    ]


def recent_batches(membership: Membership, *, source: Source | None = None) -> QuerySet[ImportBatch]:
    """The latest imports the member may see, newest first."""
    batches = ImportBatch.objects.filter(visible_to(membership)).exclude(state=BatchState.CANCELLED)
    if source is not None:
        batches = batches.filter(source=source)
    return batches.select_related("source", "created_by").order_by("-created_at")[:RECENT]


def own_sources(membership: Membership) -> QuerySet[Source]:
    """The sources that the member's organisation owns and may import to."""
    return visible_sources(membership.collaboration, membership).filter(owner=membership.function.organisation_id)


@dataclass(frozen=True)
class TypeRow:
    """What a source calls a thing, how many there are, and the category it counts in."""

    source_type: str
    n: int
    category: str | None


def types_of(source: Source) -> list[TypeRow]:
    """Every type of a source, most incidents first, unmapped before mapped; mapped ones without incidents last."""
    mapped = dict(source.type_mappings.values_list("source_type", "category__code"))
    counted = (
        IncidentStore(source.collaboration.slug)
        .scan(columns=["source", "source_type"])
        .filter(pl.col("source") == source.slug)
        .group_by("source_type")
        .agg(n=pl.len())
        .collect()
    )
    counts = dict(counted.iter_rows())
    rows = [TypeRow(kind, counts.get(kind, 0), mapped.get(kind)) for kind in {*counts, *mapped}]
    return sorted(rows, key=lambda row: (row.category is not None, -row.n, row.source_type))[:MAX_TYPES]


@dataclass(frozen=True)
class CategoryRow:
    """A category in the tree with what counts in it and what must be said of it."""

    category: Category
    depth: int
    n: int
    types: list[tuple[str, str]]
    """(source, type), for the sources the member may see."""

    @property
    def title(self) -> str:
        """The name in the reader's language."""
        return in_language(self.category.name, self.category.name_en)

    @property
    def indent(self) -> str:
        return "\u2003" * self.depth + ("› " if self.depth else "")

    @property
    def caveats(self) -> list[str]:
        return [in_language(caveat.text, caveat.text_en) for caveat in self.category.caveats.all()]


def category_rows(membership: Membership) -> tuple[list[CategoryRow], int]:
    """The tree from the top, with counts of its own types and below, and how many incidents have no category."""
    collaboration = membership.collaboration
    categories = list(
        Category.objects.filter(collaboration=collaboration).prefetch_related("caveats", "type_mappings__source")
    )
    sources = {source.slug for source in visible_sources(collaboration, membership)}
    counts = _counts_by_type(collaboration, sources)
    children: dict[int | None, list[Category]] = defaultdict(list)
    for category in categories:
        children[category.parent_id].append(category)
    rows: list[CategoryRow] = []

    def walk(category: Category, depth: int) -> int:
        types = [(m.source.slug, m.source_type) for m in category.type_mappings.all() if m.source.slug in sources]
        at = len(rows)
        own = sum(counts.pop(kind, 0) for kind in types)
        total = own + sum(walk(child, depth + 1) for child in children[category.pk])
        rows.insert(at, CategoryRow(category, depth, total, sorted(types)))
        return total

    for top in children[None]:
        walk(top, 0)
    return rows, sum(counts.values())


def _counts_by_type(collaboration: Collaboration, sources: set[str]) -> dict[tuple[str, str], int]:
    counted = (
        IncidentStore(collaboration.slug)
        .scan(columns=["source", "source_type"])
        .filter(pl.col("source").is_in(list(sources)))
        .group_by("source", "source_type")
        .agg(n=pl.len())
        .collect()
    )
    return {(source, kind): n for source, kind, n in counted.iter_rows()}


@dataclass(frozen=True)
class IncidentPage:
    """Some incidents of a list, newest first."""

    rows: list[dict[str, Any]]
    number: int
    n_pages: int
    n_incidents: int

    @property
    def previous(self) -> str:
        """For an address: never with a thousands separator."""
        return str(self.number - 1)

    @property
    def next(self) -> str:
        return str(self.number + 1)


def incident_page(question: Question, number: int) -> IncidentPage:
    """One page of the incidents asked for. Only the rows of the pages up to this one are kept while reading."""
    events = question.events()
    n_incidents = int(events.select(pl.len()).collect().item())
    n_pages = max(1, min(MAX_PAGES, -(-n_incidents // PAGE_ROWS)))
    number = max(1, min(number, n_pages))
    newest = events.select("occurred_from", "source_id", *SHOWN).top_k(
        number * PAGE_ROWS, by=["occurred_from", "source", "source_id"]
    )
    ordered = newest.sort(["occurred_from", "source", "source_id"], descending=True)
    shown = question.mapping.with_category(ordered.slice((number - 1) * PAGE_ROWS, PAGE_ROWS)).collect()
    names = {node.code: node.title for node in question.mapping.nodes}
    rows = [
        {**row, "category": names.get(row["category"] or ""), "precision_label": PRECISIONS[row["precision"]]}
        for row in shown.iter_rows(named=True)
    ]
    return IncidentPage(rows, number, n_pages, n_incidents)


def incidents_csv(question: Question) -> bytes:
    """The incidents asked for as a file for spreadsheets, oldest first; nothing in it is run when opened."""
    events = question.events()
    n_incidents = int(events.select(pl.len()).collect().item())
    if n_incidents > MAX_EXPORT_ROWS:
        raise UserError(
            "incidents.too_many",
            _("That is {n} incidents; at most {limit} fit in one file. Choose a shorter period."),
            n=n_incidents,
            limit=MAX_EXPORT_ROWS,
        )
    exercise = pl.lit("yes" if question.is_exercise else "no").alias("file_holds_exercise_data")
    rows = events.select(*EXPORTED, exercise).sort("occurred_from", "source", "source_id")
    texts = rows.with_columns(pl.col(pl.String).str.replace(r"^([=+\-@\t\r])", "'$1"))
    return b"\xef\xbb\xbf" + texts.collect().write_csv(separator=";").encode()


def series_tables(membership: Membership) -> QuerySet[SeriesTable]:
    """The tables of figures the member may see, with how many series each has and the years they span."""
    return (
        SeriesTable.objects.filter(visible_to(membership))
        .select_related("owner")
        .annotate(
            n_series=Count("series", distinct=True),
            first_on=Min("series__values__period_from"),
            last_on=Max("series__values__period_to"),
        )
        .order_by("title")
    )


SERIES_COLUMNS = (
    "table",
    "table_title",
    "key",
    "title",
    "unit",
    "area_code",
    "area_text",
    "category",
    "period_from",
    "period_to",
    "value",
    "printed",
    "partial",
    "provisional",
    "note",
    "citation",
)


def series_rows(table: SeriesTable) -> Iterator[tuple[Any, ...]]:
    """The table as `series_file` reads it, one row for each series and period."""
    for series in series_of(table):
        for value in series.values.all():
            yield (
                table.slug,
                table.title,
                series.key,
                series.title,
                series.unit,
                series.area.code if series.area else "",
                series.area_text,
                series.category.code if series.category else "",
                value.period_from,
                value.period_to,
                "" if value.value is None else f"{value.value:g}" if abs(value.value) < 1e5 else repr(value.value),
                value.printed,
                "yes" if value.is_partial else "no",
                "yes" if value.is_provisional else "no",
                value.note,
                series.note,
            )


def caveats_of_series(series: Sequence[Series]) -> list[Caveat]:
    """The reservations of the categories that the series are about, each once."""
    found = {caveat.pk: caveat for each in series if each.category for caveat in each.category.caveats.all()}
    return list(found.values())


def source_names(membership: Membership) -> list[tuple[str, str]]:
    """(short name, name) of the sources the member may see."""
    return list(visible_sources(membership.collaboration, membership).values_list("slug", "name"))


def series_of(table: SeriesTable) -> list[Series]:
    """The series of a table with their values, areas and categories' caveats."""
    series = Series.objects.filter(table=table).select_related("area__version", "category").defer("area__geometry")
    return list(series.prefetch_related("values", Prefetch("category__caveats")))


def unmapped_sources(membership: Membership) -> list[tuple[Source, int, int]]:
    """(source, types, incidents) that count in no category yet."""
    sources = {source.slug: source for source in visible_sources(membership.collaboration, membership)}
    counts = _counts_by_type(membership.collaboration, set(sources))
    mapped = set(
        Source.objects.filter(Q(slug__in=sources), collaboration=membership.collaboration).values_list(
            "slug", "type_mappings__source_type"
        )
    )
    found: dict[str, tuple[int, int]] = {}
    for (slug, kind), n in counts.items():
        if (slug, kind) not in mapped:
            types, incidents = found.get(slug, (0, 0))
            found[slug] = (types + 1, incidents + n)
    return [(sources[slug], *both) for slug, both in sorted(found.items())]
