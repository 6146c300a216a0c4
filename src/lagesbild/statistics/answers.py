"""Answers on standard output: all of a result as JSON, or the gist of it as text."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import click

from lagesbild.stats._result import Result

SHOWN = 12


def answer_of(result: Result) -> dict[str, Any]:
    """The result as plain values, its notes with their sentences."""
    answer: dict[str, Any] = result.to_dict()
    answer["notes"] = [each.to_dict() | {"text": each.text} for each in result.notes]
    return answer


def say(answer: Mapping[str, Any], *, as_json: bool) -> None:
    """JSON on one line, or text."""
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False, allow_nan=False))
    else:
        click.echo("\n".join(_lines(answer)))


def _lines(answer: Mapping[str, Any]) -> Iterator[str]:
    for name, value in answer.items():
        if name == "notes":
            continue
        if isinstance(value, Mapping):
            yield f"{name}: " + ", ".join(f"{key}={_short(each)}" for key, each in value.items())
        elif isinstance(value, list) and value and isinstance(value[0], (list, Mapping)):
            yield f"{name}:"
            yield from (f"  {_row(each)}" for each in value[:SHOWN])
            if len(value) > SHOWN:
                yield f"  … and {len(value) - SHOWN} more; --json gives all"
        else:
            yield f"{name}: {_short(value)}"
    yield from (f"Note: {each['text']}" for each in answer.get("notes", []))


def _row(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key}={_short(each)}" for key, each in value.items() if not _is_empty(each))
    return "  ".join(_short(each) for each in value[:SHOWN]) + (" …" if len(value) > SHOWN else "")


def _is_empty(value: Any) -> bool:
    return isinstance(value, (list, Mapping)) and not value


def _short(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, list):
        shown = ", ".join(_short(each) for each in value[:SHOWN])
        return shown + (f", … ({len(value)} values)" if len(value) > SHOWN else "")
    if isinstance(value, Mapping):
        return json.dumps(value, ensure_ascii=False)
    return "-" if value is None else str(value)
