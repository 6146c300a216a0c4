"""What templates need to walk through a report's blocks."""

from __future__ import annotations

from typing import Any

from django import template

from lagesbild.publications.content import spans_of

register = template.Library()


@register.filter
def columns(block: dict[str, Any]) -> list[tuple[str, bool]]:
    """The columns of a table: name, and whether it holds figures."""
    return list(zip(block["header"], block["numeric"], strict=True))


@register.filter
def cells(row: list[dict[str, str]], block: dict[str, Any]) -> list[tuple[dict[str, str], bool]]:
    """The cells of a row: the span, and whether it is a figure."""
    return list(zip(row, block["numeric"], strict=True))


@register.filter
def spans(note: str | list[dict[str, str]]) -> list[dict[str, str]]:
    """The pieces of a note."""
    return spans_of(note)


@register.filter
def chart_id(code: str, number: int) -> str:
    """An id for a chart on the page."""
    return f"chart-{code}-{number}"
