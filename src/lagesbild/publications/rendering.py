"""Content → printed document: the same blocks as on the page, as tagged PDF or Word."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal, cast

import vl_convert
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lagesbild.core import documents
from lagesbild.core.addresses import absolute
from lagesbild.core.documents import Bullets, Document, Heading, Paragraph, Piece, Table, Text
from lagesbild.publications.content import spans_of
from lagesbild.publications.models import Layout

LAYOUT_TITLES = {each.value: each.label for each in Layout}
WIDTH_PX = 640
NUMBERS_IN = {"sv": {"decimal": ",", "thousands": "\u00a0", "grouping": [3], "currency": ["", "\u00a0kr"]}}
LINE_SIGNS = 110  # of 9 pt on a line
SHORT_SIGNS = 18
LOOK = {"font": "Libertinus Serif", "background": "white", "view": {"stroke": None}}


def make_document(content: dict[str, Any], *, made_at: datetime, digest: str = "") -> Document:
    """The document in the language of the content. ``digest`` marks a published edition."""
    language = cast("Literal['sv', 'en']", content["language"])
    with translation.override(language):
        state = _("published, checksum {sum}").format(sum=digest[:12]) if digest else _("draft")
        made_on = timezone.localtime(made_at).date().isoformat()
        return Document(
            title=content["title"],
            subtitle=f"{LAYOUT_TITLES[content['layout']]} {content['year']}",
            language=language,
            author=content["collaboration_name"],
            made_at=made_at,
            footer=" · ".join([content["collaboration_name"], content["title"], state]),
            facts=((_("Collaboration"), content["collaboration_name"]), (_("State"), f"{state}, {made_on}")),
            blocks=tuple(_blocks(content)),
            contents=True,
            banner=_("Exercise data: some figures are counted from invented events") if content.get("exercise") else "",
        )


def _blocks(content: dict[str, Any]) -> Iterator[documents.Block]:
    notes = [*content["notes"], _("each number leads to what it rests on")]
    yield Paragraph(text="; ".join(notes), quiet=True)
    for section in content["sections"]:
        if section["blocks"]:
            yield Heading(text=section["heading"])
            for block in section["blocks"]:
                yield from _block(block)


def _block(block: dict[str, Any]) -> Iterator[documents.Block]:
    kind = block["kind"]
    if kind == "heading":
        yield Heading(text=block["text"], level=2)
    elif kind == "paragraph":
        yield Paragraph(text=_linked(block["spans"]), quiet=block.get("quiet", False))
    elif kind == "bullets":
        yield Bullets(items=tuple(_linked(item) for item in block["items"]))
    elif kind == "table":
        yield Table(
            caption=block["caption"],
            header=tuple(block["header"]),
            rows=tuple(tuple(_linked([cell]) for cell in row) for row in block["rows"]),
            numeric=tuple(block["numeric"]),
            widths=_widths(block),
        )
        for note in block["notes"]:
            yield Paragraph(text=_linked(spans_of(note)), quiet=True)
    elif kind == "figure":
        yield documents.Figure(
            svg=svg_of(block["spec"], get_language() or "sv"), alt=block["alt"], caption=block["caption"]
        )


def _linked(spans: list[dict[str, str]]) -> Text:
    """The words, each number with the whole address of its trace."""
    return tuple(Piece(text=each["text"], url=absolute(each["trace"]) if each.get("trace") else "") for each in spans)


def _widths(block: dict[str, Any]) -> tuple[int, ...]:
    """Relative to the longest text of each column. Figures and short words never break; long texts share the rest."""
    rows = [block["header"], *([cell["text"] for cell in row] for row in block["rows"])]
    longest = [max(len(row[at]) for row in rows) + 3 for at in range(len(block["header"]))]
    fixed = [numeric or n <= SHORT_SIGNS for n, numeric in zip(longest, block["numeric"], strict=True)]
    room = LINE_SIGNS - sum(n for n, stays in zip(longest, fixed, strict=True) if stays)
    wanted = sum(n for n, stays in zip(longest, fixed, strict=True) if not stays)
    share = max(room, LINE_SIGNS // 4) / max(wanted, 1)
    return tuple(n if stays else max(SHORT_SIGNS, round(n * share)) for n, stays in zip(longest, fixed, strict=True))


def svg_of(spec: dict[str, Any], language: str) -> str:
    """The drawing of a chart, for print, with numbers as the language writes them."""
    whole = {**spec, "width": WIDTH_PX, "autosize": {"type": "fit", "contains": "padding"}}
    whole["config"] = {**spec.get("config", {}), **LOOK}
    return vl_convert.vegalite_to_svg(whole, format_locale=NUMBERS_IN.get(language))
