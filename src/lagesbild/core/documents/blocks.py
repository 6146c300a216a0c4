"""What a document is made of. Text is plain text: no renderer reads markup in it. Pieces of it may be links."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A piece of a text; with ``url`` it leads there, in PDF and in Word."""

    text: str
    url: str = ""


Text = str | tuple[Piece, ...]


@dataclass(frozen=True, kw_only=True)
class Heading:
    """Level 1 stands under the document's title."""

    text: str
    level: Literal[1, 2] = 1


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    text: Text
    quiet: bool = False  # smaller and greyer: sources, explanations


@dataclass(frozen=True, kw_only=True)
class Bullets:
    items: tuple[Text, ...]


@dataclass(frozen=True, kw_only=True)
class Callout:
    """Something that must not be missed, such as a caveat."""

    title: str
    items: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Table:
    """``numeric`` tells for each column whether it is set to the right. A row may have an emphasised first cell."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[Text, ...], ...]
    numeric: tuple[bool, ...]
    widths: tuple[int, ...] = ()  # relative; equal shares of what the text needs when empty

    def __post_init__(self) -> None:
        n = len(self.header)
        if len(self.numeric) != n or (self.widths and len(self.widths) != n):
            raise ValueError(f"`numeric` and `widths` must have one value for each of the {n} columns.")
        for number, row in enumerate(self.rows, 1):
            if len(row) != n:
                raise ValueError(f"Row {number} of {self.caption!r} must have {n} cells. Got {len(row)}.")


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A drawing. ``alt`` says in words what it shows, for those who do not see it."""

    svg: str
    alt: str
    caption: str
    width_pct: int = 100


Block = Heading | Paragraph | Bullets | Callout | Table | Figure


@dataclass(frozen=True, kw_only=True)
class Document:
    """One document. ``banner`` stands at the top of every page; it marks exercise data."""

    title: str
    subtitle: str
    language: Literal["sv", "en"]
    author: str
    made_at: datetime
    footer: str
    blocks: tuple[Block, ...]
    banner: str = ""
    facts: tuple[tuple[str, str], ...] = ()  # shown under the title: what, when, from where
    contents: bool = False  # a list of contents with page numbers, in PDF
