"""Content → printed document: which parts stand in which order, with which words. Layout is ``core.documents``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.utils import timezone
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import gettext, override, pgettext

from lagesbild.core import clock
from lagesbild.core.documents import Block, Bullets, Callout, Document, Figure, Heading, Paragraph, Table
from lagesbild.picture import texts
from lagesbild.picture.content import HotSpots, PictureContent
from lagesbild.picture.notes import sentence
from lagesbild.picture.printing import beside, drawings
from lagesbild.picture.printing.map_svg import Backdrop

Language = Literal["sv", "en"]
MOST_AREAS = 60


@dataclass(frozen=True, kw_only=True)
class Remark:
    """What one actor says of the picture."""

    organisation: str
    function: str
    stance: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Freeze:
    """What is told of a frozen picture beyond its content."""

    title: str
    note: str
    sharing: str
    frozen_at: datetime
    sha256: str
    remarks: tuple[Remark, ...] = ()
    changes: tuple[str, ...] = ()  # sentences: what changed since the last frozen picture


def make_document(
    content: PictureContent, *, language: Language, backdrop: Backdrop, freeze: Freeze | None = None
) -> Document:
    """The whole printed picture in one language."""
    with override(language):
        title = (
            freeze.title
            if freeze
            else gettext("Situational picture of {name}").format(name=content.question.collaboration_name)
        )
        return Document(
            title=title,
            subtitle=f"{content.question.collaboration_name} · {texts.period(content.question.period)}",
            language=language,
            author=content.question.collaboration_name,
            made_at=freeze.frozen_at if freeze else clock.now(),
            footer=_footer(content, freeze),
            banner=_banner() if content.is_exercise else "",
            facts=tuple(_facts(content, freeze)),
            blocks=tuple(_blocks(content, backdrop, freeze)),
        )


def _banner() -> str:
    return gettext("EXERCISE DATA – not real events")


def _footer(content: PictureContent, freeze: Freeze | None) -> str:
    parts = [content.question.collaboration_name]
    if content.basis.data_version is not None:
        parts.append(gettext("data version {version}").format(version=content.basis.data_version))
    if freeze:
        parts.append(gettext("checksum {sum}").format(sum=freeze.sha256[:12]))
    if content.is_exercise:
        parts.append(gettext("exercise data"))
    return " · ".join(parts)


def _facts(content: PictureContent, freeze: Freeze | None) -> Iterator[tuple[str, str]]:
    question = content.question
    yield gettext("Period"), texts.period(question.period)
    if question.comparison_period:
        yield (
            gettext("Compared with"),
            f"{texts.comparison_name(content)}, {texts.period(question.comparison_period)}",
        )
    if question.categories:
        yield gettext("Categories"), ", ".join(texts.named(each) for each in question.categories)
    where = [texts.named(each) for each in question.areas] + ([texts.named(question.place)] if question.place else [])
    if where:
        yield gettext("Where"), ", ".join(where)
    yield from _time_facts(content)
    yield gettext("Sources"), "; ".join(f"{source.name} ({source.owner})" for source in content.basis.sources)
    if freeze:
        yield gettext("Frozen"), timezone.localtime(freeze.frozen_at).strftime("%Y-%m-%d %H:%M")
        yield gettext("Shared with"), freeze.sharing


def _time_facts(content: PictureContent) -> Iterator[tuple[str, str]]:
    question = content.question
    if question.hours:
        yield gettext("Hours"), ", ".join(f"{hour:02d}–{(hour + 1) % 24:02d}" for hour in question.hours)
    if question.weekdays:
        yield gettext("Weekdays"), ", ".join(str(WEEKDAYS[each - 1]) for each in question.weekdays)
    if question.months:
        yield gettext("Months"), ", ".join(str(MONTHS[each]) for each in question.months)


def _blocks(content: PictureContent, backdrop: Backdrop, freeze: Freeze | None) -> Iterator[Block]:
    if content.is_exercise:
        yield Callout(
            title=_banner(),
            items=(gettext("The events are made up for practice. Nothing here tells of real events."),),
        )
    if freeze and freeze.note:
        yield Paragraph(text=freeze.note)
    yield Heading(text=gettext("In short"))
    yield Paragraph(text=texts.headline(content))
    if content.hot_spots is not None:
        yield Paragraph(text=texts.hot_spot_summary(content.hot_spots.spots))
    if content.caveats:
        yield Callout(title=gettext("Bear in mind"), items=tuple(_caveats(content)))
    yield from _since_last(freeze)
    yield from _where(content, backdrop)
    yield from _when(content)
    yield from _categories(content)
    yield from beside.reports(content)
    yield from _remarks(freeze)
    yield from _basis(content)


def _caveats(content: PictureContent) -> Iterator[str]:
    for caveat in content.caveats:
        about, text = texts.caveat(caveat)
        source = f" ({caveat.citation})" if caveat.citation else ""
        yield f"{about}: {text}{source}"


def _since_last(freeze: Freeze | None) -> Iterator[Block]:
    if freeze and freeze.changes:
        yield Heading(text=gettext("Since the last picture"))
        yield Bullets(items=freeze.changes)


def _where(content: PictureContent, backdrop: Backdrop) -> Iterator[Block]:
    yield Heading(text=gettext("Where"))
    drawing = drawings.map_figure(content, backdrop)
    if drawing:
        yield drawing
    if content.hot_spots is not None:
        yield from _hot_spots(content, content.hot_spots)
    yield from beside.zones(content)
    if content.areas is not None:
        yield from _areas(content)


def _hot_spots(content: PictureContent, hot: HotSpots) -> Iterator[Block]:
    threshold = content.disclosure.threshold
    if hot.spots:
        yield Table(
            caption=gettext("Hot spots and their support"),
            header=(
                gettext("No."),
                gettext("Place"),
                gettext("Status"),
                gettext("Events"),
                gettext("Before"),
                pgettext("difference", "Change"),
                gettext("95 % interval"),
                gettext("p, corrected"),
            ),
            rows=tuple(
                (
                    str(spot.rank),
                    texts.spot_name(spot.name),
                    texts.status(spot.status),
                    texts.count(spot.n, threshold=threshold),
                    texts.count(spot.n_before, threshold=threshold),
                    texts.percent(spot.change),
                    texts.interval(spot.change),
                    texts.p_value(spot.p_adjusted),
                )
                for spot in hot.spots
            ),
            numeric=(True, False, False, True, True, True, True, True),
            widths=(3, 18, 9, 7, 6, 8, 12, 8),
        )
    grid = hot.grid
    yield Paragraph(
        quiet=True,
        text=gettext(
            "Hot spots: Getis-Ord Gi* with neighbours within {radius} m, {cells} cells of {cell} m in {area}, "
            "two-sided, false discovery rate {alpha} (Benjamini–Hochberg). Density smoothed over {bandwidth} m. "
            "{points} events with a point."
        ).format(
            radius=texts.number(grid.radius_m),
            cells=texts.number(grid.n_cells),
            cell=texts.number(grid.cell_m),
            area=grid.study_area or gettext("the rectangle round the events"),
            alpha=texts.number(grid.alpha, decimals=2),
            bandwidth=texts.number(grid.bandwidth_m),
            points=texts.number(grid.n_points),
        ),
    )


def _areas(content: PictureContent) -> Iterator[Block]:
    table, threshold = content.areas, content.disclosure.threshold
    assert table is not None
    with_rates = any(row.rate is not None for row in table.rows)
    ranked = sorted(table.rows, key=lambda row: -(row.n or 0))
    header = [
        gettext("Area"),
        gettext("Events"),
        gettext("Before"),
        pgettext("difference", "Change"),
        gettext("95 % interval"),
    ]
    if with_rates:
        header.append(gettext("Per {per} and year").format(per=texts.number(table.per)))
    rows = []
    for row in ranked[:MOST_AREAS]:
        cells = [
            row.name,
            texts.count(row.n, threshold=threshold),
            texts.count(row.n_before, threshold=threshold),
            texts.percent(row.change),
            texts.interval(row.change),
        ]
        rows.append(tuple([*cells, texts.rate(row)] if with_rates else cells))
    yield Table(
        caption=gettext("Events by area: {name}").format(name=table.area_set_name),
        header=tuple(header),
        rows=tuple(rows),
        numeric=(False, *([True] * (len(header) - 1))),
        widths=(20, 8, 8, 9, 13, 10)[: len(header)],
    )
    if len(ranked) > MOST_AREAS:
        yield Paragraph(
            quiet=True,
            text=gettext("The {shown} areas with most events of {all}. The rest are in the table on the page.").format(
                shown=MOST_AREAS, all=texts.number(len(ranked))
            ),
        )
    if table.population_source:
        yield Paragraph(quiet=True, text=gettext("Population: {source}").format(source=table.population_source))


def _when(content: PictureContent) -> Iterator[Block]:
    figures: Sequence[Figure] = drawings.time_figures(content)
    if figures:
        yield Heading(text=gettext("When"))
        yield from figures


def _categories(content: PictureContent) -> Iterator[Block]:
    if not content.categories:
        return
    threshold = content.disclosure.threshold
    yield Heading(text=gettext("What"))
    yield Table(
        caption=gettext("Events by category"),
        header=(
            gettext("Category"),
            gettext("Events"),
            gettext("Before"),
            pgettext("difference", "Change"),
            gettext("95 % interval"),
            gettext("p, corrected"),
        ),
        rows=tuple(
            (
                "\u2003" * row.depth + (texts.named(row) if row.code else gettext("In no category")),
                texts.count(row.n, threshold=threshold),
                texts.count(row.n_before, threshold=threshold),
                texts.percent(row.change),
                texts.interval(row.change),
                texts.p_value(row.change.p_adjusted if row.change else None),
            )
            for row in content.categories
        ),
        numeric=(False, True, True, True, True, True),
        widths=(20, 8, 8, 9, 13, 9),
    )


def _remarks(freeze: Freeze | None) -> Iterator[Block]:
    if freeze is None or not freeze.remarks:
        return
    yield Heading(text=gettext("What the actors see"))
    yield Table(
        caption=gettext("Comments side by side"),
        header=(
            gettext("Organisation"),
            gettext("Function"),
            pgettext("opinion", "View"),
            gettext("In their own words"),
        ),
        rows=tuple((each.organisation, each.function, each.stance, each.text) for each in freeze.remarks),
        numeric=(False, False, False, False),
        widths=(6, 6, 6, 14),
    )


def _basis(content: PictureContent) -> Iterator[Block]:
    yield Heading(text=gettext("What the picture rests on"))
    if content.notes:
        yield Bullets(items=tuple(sentence(note) for note in content.notes))
    methods = ", ".join(f"{name} {version}" for name, version in sorted(content.basis.method_versions.items()))
    yield Paragraph(
        quiet=True,
        text=gettext("Data version {version}. Methods: {methods}. Mapping of types: {digest}.").format(
            version=content.basis.data_version, methods=methods, digest=content.basis.mapping_digest[:12]
        ),
    )
