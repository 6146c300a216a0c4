"""Document → tagged PDF (PDF/UA-1) with Typst, in the font that comes with Typst: it looks the same everywhere."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from importlib import resources
from typing import Any

import typst

from lagesbild.core.documents.blocks import Block, Document, Figure

_typst: Callable[..., bytes] = typst.compile  # its types do not tell that it also takes files held in memory


def render_pdf(document: Document) -> bytes:
    """The document as PDF/UA-1. All text goes in as data, never as markup."""
    files: dict[str, bytes] = {"main.typ": _template()}
    blocks = [_block(block, number, files) for number, block in enumerate(document.blocks)]
    data = {
        "title": document.title,
        "subtitle": document.subtitle,
        "language": document.language,
        "author": document.author,
        "made_on": [document.made_at.year, document.made_at.month, document.made_at.day],
        "footer": document.footer,
        "banner": document.banner,
        "facts": [list(fact) for fact in document.facts],
        "blocks": blocks,
        "contents": ("Innehåll" if document.language == "sv" else "Contents") if document.contents else "",
        "page_of": "Sida {} av {}" if document.language == "sv" else "Page {} of {}",
    }
    files["document.json"] = json.dumps(data, ensure_ascii=False).encode()
    return _compile(files, made_at_s=int(document.made_at.timestamp()))


def _compile(files: dict[str, bytes], *, made_at_s: int) -> bytes:
    """PDF/UA-1; but a sign that the fonts lack (an emoji, Arabic) may not cost anybody the whole document.

    Then the machine's own fonts help, and the file is tagged all the same but does not claim the standard.
    """
    try:
        return _typst(files, pdf_standards=["ua-1"], ignore_system_fonts=True, timestamp=made_at_s)
    except typst.TypstError:
        return _typst(files, timestamp=made_at_s)


def _template() -> bytes:
    return resources.files(__package__).joinpath("document.typ").read_bytes()


def _block(block: Block, number: int, files: dict[str, bytes]) -> dict[str, Any]:
    data = {"kind": type(block).__name__.lower(), **dataclasses.asdict(block)}
    if isinstance(block, Figure):
        data["file"] = f"figure-{number}.svg"
        files[data["file"]] = data.pop("svg").encode()
    return data
