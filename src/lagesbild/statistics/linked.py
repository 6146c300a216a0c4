"""Several tables of the same events for ``lagesbild stats suppress``, so that none gives another's numbers away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from lagesbild.statistics.answers import answer_of
from lagesbild.statistics.refusals import refusing

Key = tuple[str, str, str]
TOTAL = ("", "", "")


class LinkedTables:
    """Numbers of tables of one category by several columns; margins they share are one number."""

    def __init__(self, kinds: Sequence[str], columns: Mapping[str, Sequence[str]], weights: Any) -> None:
        rows = list(zip(kinds, *columns.values(), strict=True))
        texts = np.array(rows, dtype=np.str_).reshape(len(rows), 1 + len(columns))
        names, unit = np.unique(texts, axis=0, return_inverse=True)
        self.counts = np.bincount(unit.ravel(), weights=weights, minlength=len(names))
        self.kinds = sorted(set(kinds))
        self.values = {by: sorted(set(values)) for by, values in columns.items()}
        self._kind, self._of = names[:, :1], dict(zip(columns, names[:, 1:].T, strict=True))
        self.keys: list[Key] = [TOTAL, *(("", "", kind) for kind in self.kinds)]
        for by, values in self.values.items():
            self.keys += [(by, value, kind) for value in values for kind in ("", *self.kinds)]

    def covers(self) -> Any:
        """Which units each number adds up."""
        every = np.ones(len(self.counts), dtype=np.bool_)
        found = []
        for by, value, kind in self.keys:
            of_kind = self._kind[:, 0] == kind if kind else every
            found.append(of_kind & (self._of[by] == value) if by else of_kind)
        return np.array(found)

    def shown(self, values: Sequence[int | None]) -> list[dict[str, Any]]:
        """The tables, rows by category, with what may be shown."""
        of = dict(zip(self.keys, values, strict=True))
        return [
            {
                "by": by,
                "rows": self.kinds,
                "columns": columns,
                "table": [[of[by, value, kind] for value in columns] for kind in self.kinds],
                "row_totals": [of["", "", kind] for kind in self.kinds],
                "column_totals": [of[by, value, ""] for value in columns],
                "total": of[TOTAL],
            }
            for by, columns in self.values.items()
        ]


def suppress_linked(
    kinds: Sequence[str], columns: Mapping[str, Sequence[str]], weights: Any, *, threshold: int, zeros: Any
) -> dict[str, Any]:
    """Tables of the category by each column, safe together."""
    from lagesbild.stats import suppress_overlapping

    tables = LinkedTables(kinds, columns, weights)
    with refusing():
        found = suppress_overlapping(tables.counts, tables.covers(), threshold=threshold, zeros=zeros)
    answer = answer_of(found)
    return answer | {"tables": tables.shown(answer.pop("values"))}
