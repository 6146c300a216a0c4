"""Every address that the server answers to, read out of Django's resolver."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Address:
    """One pattern: its full name, whether it lies in a collaboration, and its view."""

    name: str
    route: str
    view: Any

    @property
    def in_collaboration(self) -> bool:
        return "<slug:collaboration>" in self.route


def all_addresses() -> list[Address]:
    """Every address, by name."""
    return sorted(_walk(get_resolver(), "", ()), key=lambda address: address.name)


def _walk(resolver: URLResolver, route: str, namespaces: tuple[str, ...]) -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from _walk(pattern, here, inner)
        elif isinstance(pattern, URLPattern):
            yield Address(":".join((*namespaces, pattern.name or f"(no name) {here}")), here, pattern.callback)
