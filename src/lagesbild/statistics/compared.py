"""Areas with and without a measure: out of a table, or out of the events and a list of areas.

Here lives who is who. What is compared between them is in `effects`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from lagesbild.statistics.events import Asked, Events
from lagesbild.statistics.refusals import refuse
from lagesbild.statistics.table import Table, read_table

YES, NO = ("1", "1.0", "true", "yes"), ("0", "0.0", "false", "no")


@dataclass(frozen=True, eq=False)
class Areas:
    """The areas in their order, and the number of each event's area (-1: none of them)."""

    names: list[str]
    treated: npt.NDArray[np.bool_]
    block: list[str] | None
    position: npt.NDArray[np.int64]

    @classmethod
    def of(cls, events: Events, given: Mapping[str, Any]) -> Areas:
        by = given["by"]
        if by is None:
            refuse(f"--method {given['design']} needs --by: the column with the area of each event.", field="by")
        texts = events.texts(by)
        if given["areas"]:
            table = read_table(given["areas"])
            names = _names(table, by if table.has(by) else "id")
            treated, block = treated_of(table, names, given["treated"]), block_of(table)
        else:
            names = sorted(texts.drop_nulls().unique().to_list())
            treated, block = _named(names, given["treated"]), None
        number = {name: at for at, name in enumerate(names)}
        return cls(names, treated, block, np.array([number.get(each or "", -1) for each in texts], dtype=np.int64))

    @property
    def elsewhere(self) -> int:
        return int(np.count_nonzero(self.position < 0))

    def counts(
        self, t: npt.NDArray[np.float64], weight: npt.NDArray[np.int64], edges: npt.NDArray[np.float64]
    ) -> npt.NDArray[np.int64]:
        """Events of each area in each step, shape (areas, steps)."""
        inside = (t >= edges[0]) & (t < edges[-1]) & (self.position >= 0)
        step = np.searchsorted(edges, t[inside], side="right") - 1
        table = np.zeros((len(self.names), len(edges) - 1), dtype=np.int64)
        np.add.at(table, (self.position[inside], step), weight[inside])
        return table

    def table(self) -> list[dict[str, Any]]:
        blocks: list[dict[str, Any]] = (
            [{}] * len(self.names) if self.block is None else [{"block": b} for b in self.block]
        )
        return [
            {"name": name, "treated": bool(each)} | block
            for name, each, block in zip(self.names, self.treated, blocks, strict=True)
        ]


def sums_of_areas(asked: Asked, given: Mapping[str, Any]) -> tuple[Any, Any, Areas, dict[str, Any]]:
    """Events before and after of each row of a table of areas."""
    table = asked.table
    for name in ("areas", "step", "count"):
        if given[name]:
            refuse(f"--{name} needs --before and --after: periods of events.", field=name)
    if not (table.has("before") and table.has("after")):
        refuse("Give --before and --after, or a table with the columns before and after.", field="before")
    names = _names(table, given["by"]) if given["by"] else [str(at + 1) for at in range(len(table))]
    areas = Areas(names, treated_of(table, names, given["treated"]), block_of(table), np.empty(0, dtype=np.int64))
    return table.counts("before"), table.counts("after"), areas, asked.facts()


def treated_of(table: Table, names: list[str], listed: tuple[str, ...]) -> npt.NDArray[np.bool_]:
    """From the column treated, or from the names given."""
    if not table.has("treated"):
        return _named(names, listed)
    if listed:
        refuse(f"{table.name} has a column treated. Leave out --treated.", field="treated")
    texts = [(each or "").lower() for each in table.texts("treated")]
    for at, text in enumerate(texts):
        if text not in (*YES, *NO):
            refuse(f'Row {at + table.first_row}, column "treated": "{text}" must be 1 or 0.', field="treated")
    return np.array([text in YES for text in texts], dtype=np.bool_)


def block_of(table: Table) -> list[str] | None:
    return [each or "" for each in table.texts("block")] if table.has("block") else None


def _names(table: Table, column: str) -> list[str]:
    names = [each or "" for each in table.texts(column)]
    if len(set(names)) < len(names):
        refuse(f'Column "{column}" of {table.name} must name each area once.', field="areas")
    return names


def _named(names: list[str], listed: tuple[str, ...]) -> npt.NDArray[np.bool_]:
    if not listed:
        refuse("Say which areas had the measure: --treated NAME, or a column treated with 1 and 0.", field="treated")
    for each in listed:
        if each not in names:
            refuse(f'There is no area "{each}".', field="treated")
    return np.array([name in listed for name in names], dtype=np.bool_)
