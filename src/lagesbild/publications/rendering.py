"""Content → printed document: the same blocks as on the page, as tagged PDF or Word."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal, cast

import vl_convert
from django.utils import translation
from django.utils.translation import gettext as _

from lagesbild.core import documents
from lagesbild.core.documents import Bullets, Document, Heading, Paragraph, Table
from lagesbild.publications.content import spans_of

WIDTH_PX = 640
LOOK = {"font": "Libertinus Serif", "background": "white", "view": {"stroke": None}}


def make_document(content: dict[str, Any], *, made_at: datetime, digest: str = "") -> Document:
    """The document in the language of the content. ``digest`` marks a published edition."""
    language = cast("Literal['sv', 'en']", content["language"])
    with translation.override(language):
        footer = [content["collaboration_name"], content["title"]]
        footer.append(_("published, checksum {sum}").format(sum=digest[:12]) if digest else _("draft"))
        return Document(
            title=content["title"],
            subtitle=f"{content['collaboration_name']} · {content['year']}",
            language=language,
            author=content["collaboration_name"],
            made_at=made_at,
            footer=" · ".join(footer),
            blocks=tuple(_blocks(content)),
        )


def _blocks(content: dict[str, Any]) -> Iterator[documents.Block]:
    yield Paragraph(text="; ".join(content["notes"]), quiet=True)
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
        yield Paragraph(text=_joined(block["spans"]), quiet=block.get("quiet", False))
    elif kind == "bullets":
        yield Bullets(items=tuple(_joined(item) for item in block["items"]))
    elif kind == "table":
        yield Table(
            caption=block["caption"],
            header=tuple(block["header"]),
            rows=tuple(tuple(cell["text"] for cell in row) for row in block["rows"]),
            numeric=tuple(block["numeric"]),
        )
        for note in block["notes"]:
            yield Paragraph(text=_joined(spans_of(note)), quiet=True)
    elif kind == "figure":
        yield documents.Figure(svg=svg_of(block["spec"]), alt=block["alt"], caption=block["caption"])


def _joined(spans: list[dict[str, str]]) -> str:
    return "".join(each["text"] for each in spans)


def svg_of(spec: dict[str, Any]) -> str:
    """The drawing of a chart, for print."""
    whole = {**spec, "width": WIDTH_PX, "autosize": {"type": "fit", "contains": "padding"}}
    whole["config"] = {**spec.get("config", {}), **LOOK}
    return vl_convert.vegalite_to_svg(whole)
