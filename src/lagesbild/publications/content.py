"""What a report says, as plain data: stored in an edition, shown on the page, printed, compared with last year's.

A block is a dict with ``kind``: heading, paragraph, bullets, table, figure or verdict. Text that was counted is a span
or cell with ``trace``, the local address of what it rests on.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

Block = dict[str, Any]
Span = dict[str, str]
DIGIT = re.compile(r"\d")
BARE_NUMBER = re.compile(r"(?<![\w.,:/§-])(?<!§\s)\d[\d\u00a0 ]*(?:[.,]\d+)?(?:\s?%)?(?![\w/:-])")
YEAR = re.compile(r"(?:19|20)\d\d")


def span(text: str, trace: str = "") -> Span:
    """A piece of text; with ``trace`` it is a counted one."""
    return {"text": text, "trace": trace} if trace else {"text": text}


def traced(text: str, trace: str) -> list[Span]:
    """A text that people have written and stand for, its numbers led to where it stands signed and sourced."""
    spans: list[Span] = []
    at = 0
    for start, end in _bare(text):
        spans += [span(text[at:start])] if start > at else []
        spans.append(span(text[start:end], trace))
        at = end
    return [*spans, span(text[at:])] if at < len(text) else spans


def bare_numbers(text: str) -> list[str]:
    """The numbers of a text; years are none."""
    return [text[start:end] for start, end in _bare(text)]


def _bare(text: str) -> Iterator[tuple[int, int]]:
    for match in BARE_NUMBER.finditer(text):
        found = match[0].strip()
        if not YEAR.fullmatch(found):
            yield match.start(), match.start() + len(found)


def heading(text: str, level: int = 2) -> Block:
    return {"kind": "heading", "level": level, "text": text}


def paragraph(*spans: Span, quiet: bool = False) -> Block:
    return {"kind": "paragraph", "spans": list(spans), "quiet": quiet}


def bullets(*items: list[Span]) -> Block:
    return {"kind": "bullets", "items": list(items)}


def table(
    caption: str, header: list[str], rows: list[list[Span]], *, numeric: list[bool], notes: Sequence[list[Span]] = ()
) -> Block:
    """A table; its first column names the row. Notes stand below it."""
    return {
        "kind": "table",
        "caption": caption,
        "header": header,
        "rows": rows,
        "numeric": numeric,
        "notes": list(notes),
    }


def figure(spec: dict[str, Any], *, alt: str, caption: str, trace: str) -> Block:
    return {"kind": "figure", "spec": spec, "alt": alt, "caption": caption, "trace": trace}


@dataclass(frozen=True)
class Number:
    """A counted text of the report: where it stands, what it says, what it rests on."""

    section: str
    where: str
    text: str
    trace: str


def numbers(content: dict[str, Any]) -> list[Number]:
    """Every number of a report, in order. Those without a trace have an empty one."""
    return [each for section in content["sections"] for each in _numbers_of(section)]


def _numbers_of(section: dict[str, Any]) -> Iterator[Number]:
    code, where = section["code"], ""
    for block in section["blocks"]:
        if block["kind"] == "heading":
            where = block["text"]
        elif block["kind"] == "paragraph":
            yield from _counted(code, where, block["spans"])
        elif block["kind"] == "bullets":
            for item in block["items"]:
                yield from _counted(code, where, item)
        elif block["kind"] == "table":
            yield from _in_table(code, block)


def _in_table(code: str, block: Block) -> Iterator[Number]:
    for row in block["rows"]:
        for column, cell, numeric in zip(block["header"], row, block["numeric"], strict=True):
            where = f"{row[0]['text']} · {column}"
            if cell.get("trace") or (numeric and DIGIT.search(cell["text"])):
                yield Number(code, where, cell["text"], cell.get("trace", ""))
            else:
                yield from _counted(code, where, [cell])
    for note in block["notes"]:
        yield from _counted(code, block["caption"], spans_of(note))


def spans_of(note: str | list[Span]) -> list[Span]:
    """A note as spans; those of older editions are plain text."""
    return [span(note)] if isinstance(note, str) else note


def _counted(code: str, where: str, spans: list[Span]) -> Iterator[Number]:
    for each in spans:
        if each.get("trace"):
            yield Number(code, where, each["text"], each["trace"])
        else:
            yield from (Number(code, where, found, "") for found in bare_numbers(each["text"]))


def digest(content: dict[str, Any]) -> str:
    """SHA-256 of the content, independent of the order of keys."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def plain_text(block: Block) -> str:
    """The words of a block, for comparing two years."""
    kind = block["kind"]
    if kind == "heading":
        return str(block["text"])
    if kind == "paragraph":
        return "".join(each["text"] for each in block["spans"])
    if kind == "bullets":
        return "\n".join("– " + "".join(each["text"] for each in item) for item in block["items"])
    if kind == "table":
        rows = [" | ".join(cell["text"] for cell in row) for row in block["rows"]]
        notes = ["".join(each["text"] for each in spans_of(note)) for note in block["notes"]]
        return "\n".join([*rows, *notes])
    return str(block["caption"])
