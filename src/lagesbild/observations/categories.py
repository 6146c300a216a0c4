"""The category tree with its mapping from the types of the sources, as plain data that can be frozen with a picture.

Applied when counting; the incident store knows only what the source calls a thing.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl
from django.utils.translation import get_language


@dataclass(frozen=True)
class CategoryNode:
    """One category; ``parent`` is a code."""

    code: str
    name: str
    name_en: str
    parent: str | None
    detection: str

    @property
    def title(self) -> str:
        """The name in the active language."""
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name


@dataclass(frozen=True)
class CategoryMapping:
    """The tree in its order, and (source, source type, code) for every mapped type."""

    nodes: tuple[CategoryNode, ...]
    pairs: tuple[tuple[str, str, str], ...]

    @cached_property
    def by_code(self) -> dict[str, CategoryNode]:
        return {node.code: node for node in self.nodes}

    @cached_property
    def _children(self) -> dict[str | None, list[str]]:
        children: dict[str | None, list[str]] = defaultdict(list)
        for node in self.nodes:
            children[node.parent].append(node.code)
        return children

    def unknown(self, codes: Iterable[str]) -> list[str]:
        return sorted(set(codes) - set(self.by_code))

    def below(self, codes: Iterable[str]) -> set[str]:
        """The categories and everything under them."""
        found: set[str] = set()
        waiting = list(codes)
        while waiting:
            code = waiting.pop()
            if code not in found:
                found.add(code)
                waiting += self._children[code]
        return found

    def above(self, codes: Iterable[str]) -> set[str]:
        """Everything over the categories, not themselves."""
        found: set[str] = set()
        for code in codes:
            parent = self.by_code[code].parent
            while parent and parent not in found:
                found.add(parent)
                parent = self.by_code[parent].parent
        return found

    def in_order(self) -> list[tuple[CategoryNode, int]]:
        """The tree from the top, each with its depth: for lists and choices."""
        ordered: list[tuple[CategoryNode, int]] = []

        def walk(parent: str | None, depth: int) -> None:
            for code in self._children[parent]:
                ordered.append((self.by_code[code], depth))
                walk(code, depth + 1)

        walk(None, 0)
        return ordered

    def condition(self, codes: Iterable[str]) -> pl.Expr:
        """True for incidents that count in one of the categories or below."""
        wanted = self.below(codes)
        types: dict[str, list[str]] = defaultdict(list)
        for source, source_type, code in self.pairs:
            if code in wanted:
                types[source].append(source_type)
        parts = [(pl.col("source") == source) & pl.col("source_type").is_in(names) for source, names in types.items()]
        return pl.any_horizontal(parts) if parts else pl.lit(value=False)

    def with_category(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """The events with a column ``category``: the code their type is mapped to, empty where it is not."""
        pairs = pl.LazyFrame(
            self.pairs,
            schema={"source": pl.String, "source_type": pl.String, "category": pl.String},
            orient="row",
        )
        return events.join(pairs, on=["source", "source_type"], how="left", maintain_order="left")

    def rolled_up(self, counts: pl.DataFrame, *, value: str = "n") -> dict[str, int]:
        """Counts per ``category`` as counts per node, each with what lies below it."""
        own = dict(counts.drop_nulls("category").select("category", value).iter_rows())
        return {node.code: sum(own.get(code, 0) for code in self.below([node.code])) for node in self.nodes}

    def digest(self) -> str:
        """The same for the same tree and mapping, whatever the order of the pairs."""
        plain = {**self.to_dict(), "pairs": sorted(self.pairs)}
        return hashlib.sha256(json.dumps(plain, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    def to_dict(self) -> dict[str, Any]:
        return {
            "nodes": [[n.code, n.name, n.name_en, n.parent, n.detection] for n in self.nodes],
            "pairs": [list(pair) for pair in self.pairs],
        }

    @classmethod
    def from_dict(cls, saved: dict[str, Any]) -> CategoryMapping:
        return cls(
            tuple(CategoryNode(*node) for node in saved["nodes"]),
            tuple((source, source_type, code) for source, source_type, code in saved["pairs"]),
        )
