"""Live references in the text of a section: ``[[value vald-antal-klara 2018]]``, ``[[goals]]``, ``[[chart …]]``.

A reference to a value stands within a sentence; one to a table, chart or list stands on a line of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from lagesbild.core.errors import Text, UserError
from lagesbild.publications import content
from lagesbild.publications.content import Block, Span, bullets, heading, paragraph, span

REFERENCE = re.compile(r"\[\[\s*([a-z-]+)((?:\s+[^\s\[\]]+)*)\s*\]\]")
BULLET = re.compile(r"[-–•*]\s+")
HEADING = re.compile(r"#{1,2}\s+")


class LostReference(UserError):
    """A reference that leads nowhere."""


@dataclass(frozen=True)
class Reference:
    """What stands between the brackets."""

    name: str
    arguments: tuple[str, ...]
    written: str


Inline = Callable[[Reference], Span | list[Span]]
Blocks = Callable[[Reference], list[Block]]


@dataclass(frozen=True)
class Resolvers:
    """What each name stands for: pieces of a sentence, or blocks."""

    inline: dict[str, Inline]
    blocks: dict[str, Blocks]


def blocks_of(text: str, resolvers: Resolvers) -> list[Block]:
    """The text as blocks, with every reference put in.

    Raises:
        LostReference: a reference has an unknown name, or leads to nothing.
    """
    made: list[Block] = []
    for part in re.split(r"\n\s*\n", text.strip().replace("\r\n", "\n")):
        if part.strip():
            made += _part(part.strip(), resolvers)
    return made


def references_in(text: str) -> list[Reference]:
    """Every reference of the text, in order."""
    return [_reference(match) for match in REFERENCE.finditer(text)]


def bare_numbers(text: str) -> list[str]:
    """Numbers that somebody typed. Years are left out; so is what stands in a reference."""
    return content.bare_numbers(REFERENCE.sub(" ", text))


def _part(part: str, resolvers: Resolvers) -> list[Block]:
    whole = REFERENCE.fullmatch(part)
    if whole is not None and whole[1] in resolvers.blocks:
        return _resolved_blocks(_reference(whole), resolvers)
    if HEADING.match(part) and "\n" not in part:
        return [heading(HEADING.sub("", part, count=1), level=2)]
    lines = part.splitlines()
    if all(BULLET.match(line) for line in lines):
        return [bullets(*[_spans(BULLET.sub("", line, count=1), resolvers) for line in lines])]
    return [paragraph(*_spans(" ".join(line.strip() for line in lines), resolvers))]


def _resolved_blocks(reference: Reference, resolvers: Resolvers) -> list[Block]:
    return resolvers.blocks[reference.name](reference)


def _spans(text: str, resolvers: Resolvers) -> list[Span]:
    made: list[Span] = []
    at = 0
    for match in REFERENCE.finditer(text):
        if match.start() > at:
            made.append(span(text[at : match.start()]))
        reference = _reference(match)
        if reference.name in resolvers.blocks:
            raise LostReference(
                "reference.own_line", _("{written} must stand on a line of its own."), written=reference.written
            )
        if reference.name not in resolvers.inline:
            raise unknown(reference, _("there is no reference with this name"))
        found = resolvers.inline[reference.name](reference)
        made += found if isinstance(found, list) else [found]
        at = match.end()
    if at < len(text):
        made.append(span(text[at:]))
    return made


def unknown(reference: Reference, why: Text) -> LostReference:
    """The error for a reference that leads nowhere."""
    return LostReference("reference.unknown", _("{written} leads nowhere: {why}."), written=reference.written, why=why)


def _reference(match: re.Match[str]) -> Reference:
    return Reference(match[1], tuple(match[2].split()), match[0])
