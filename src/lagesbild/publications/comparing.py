"""Two reports side by side, and the list of numbers as a file."""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lagesbild.publications.content import Number, plain_text


@dataclass(frozen=True)
class Change:
    """One section in which the two differ; ``lines`` are (mark, text) with - only before, + only now."""

    heading: str
    lines: tuple[tuple[str, str], ...]


def changes(before: dict[str, Any], now: dict[str, Any]) -> list[Change]:
    """The sections that differ, in the order of the newer report, then those that are gone."""
    old = {each["code"]: each for each in before["sections"]}
    new = {each["code"]: each for each in now["sections"]}
    found = []
    for code in [*new, *(code for code in old if code not in new)]:
        lines = _lines(_text(old.get(code)), _text(new.get(code)))
        if lines:
            found.append(Change((new.get(code) or old[code])["heading"], lines))
    return found


def _text(section: dict[str, Any] | None) -> list[str]:
    if section is None:
        return []
    return [line for block in section["blocks"] for line in plain_text(block).splitlines()]


def _lines(before: list[str], now: list[str]) -> tuple[tuple[str, str], ...]:
    compared = difflib.unified_diff(before, now, n=0, lineterm="")
    return tuple((line[0], line[1:]) for line in compared if line[:1] in "+-" and not line.startswith(("+++", "---")))


def numbers_csv(rows: Sequence[Number]) -> bytes:
    """Section, place, number, trace; with a byte-order mark, so that spreadsheets read the letters right."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["section", "where", "number", "trace"])
    writer.writerows([each.section, each.where, each.text, each.trace] for each in rows)
    return out.getvalue().encode("utf-8-sig")
