"""Frozen dataclasses to plain JSON values and back, by their type hints alone.

Here lives the translation. What a picture holds is in ``content.py``.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Dataclass = TypeVar("Dataclass")


def plain(value: object) -> Any:
    """The same value in types that JSON has; dates in ISO form. Dictionaries (shapes, filters) are plain already."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    return value


def restore(kind: type[Dataclass], data: Mapping[str, Any]) -> Dataclass:
    """The dataclass that `plain` was given. Fields that the data lacks take their defaults; unknown ones are left."""
    hints = _hints(kind)  # type: ignore[arg-type]  # a class is hashable; its type variable does not say so
    return kind(**{name: _value(hint, data[name]) for name, hint in hints.items() if name in data})


@cache  # one entry per dataclass
def _hints(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {each.name: hints[each.name] for each in fields(kind)}


def _value(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    origin = get_origin(hint)
    if origin in (types.UnionType, Union):
        (hint,) = [each for each in get_args(hint) if each is not type(None)][:1]
        return _value(hint, value)
    if origin is tuple:
        item = get_args(hint)[0]
        return tuple(_value(item, each) for each in value)
    if hint is date:
        return date.fromisoformat(value)
    if isinstance(hint, type) and is_dataclass(hint):
        return restore(hint, value)
    return value
