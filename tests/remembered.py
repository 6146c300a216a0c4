"""What a builder stores, stored again without building it: the same rows, in as many statements as there are tables.

The cast is built by ordinary actions, in 60 ms, and nearly two thousand tests ask for it. Each process builds it once
and keeps its rows; later tests insert those (3 ms) and get their own copies of the objects.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Generic, TypeVar

from django.apps import apps
from django.db import connection, models, transaction
from django.db.models.sql import InsertQuery

Built = TypeVar("Built")
Statement = tuple[str, tuple[object, ...]]


def remembered(build: Callable[[], Built]) -> Callable[[], Built]:
    """``build`` for tests. Whoever asks when the tables are not empty gets it built."""
    memory: list[_Memory[Built]] = []

    @wraps(build)
    def stored() -> Built:
        if _is_anything_stored():
            return build()
        if memory:
            return memory[0].store()
        built = build()
        memory.append(_Memory(built))
        return built

    return stored


class _Memory(Generic[Built]):
    """The objects, and the rows of all tables."""

    def __init__(self, built: Built) -> None:
        self.built = pickle.dumps(built)
        self.statements = [statement for model in _models() for statement in _insert(model)]

    def store(self) -> Built:
        with transaction.atomic(), connection.cursor() as cursor:
            for sql, values in self.statements:
                cursor.execute(sql, values)
        built: Built = pickle.loads(self.built)
        return built


def _models() -> list[type[models.Model]]:
    """Every table that `migrate` leaves empty."""
    mine = apps.get_models(include_auto_created=True)
    return [model for model in mine if model._meta.app_label not in ("contenttypes", "auth") and model._meta.managed]


def _insert(model: type[models.Model]) -> Iterator[Statement]:
    rows = list(model._base_manager.all())
    if rows:
        query = InsertQuery(model)
        query.insert_values(model._meta.local_concrete_fields, rows, raw=True)
        yield from query.get_compiler(connection=connection).as_sql()


def _is_anything_stored() -> bool:
    quote = connection.ops.quote_name
    asked = " UNION ALL ".join(f"SELECT 1 WHERE EXISTS (SELECT 1 FROM {quote(m._meta.db_table)})" for m in _models())
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return cursor.fetchone() is not None
