"""Keeping the store in order: areas found anew, small files joined, files deleted that no picture rests on."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from django.utils.module_loading import autodiscover_modules

from lagesbild.accounts.models import Collaboration
from lagesbild.observations.areas import assigner
from lagesbild.observations.store import IncidentStore

logger = logging.getLogger(__name__)

Keeper = Callable[[Collaboration], Iterable[int]]
_keepers: dict[str, Keeper] = {}


def keeps_versions(name: str) -> Callable[[Keeper], Keeper]:
    """Register a function that tells which data versions a later subject rests on. It stands in its ``keeping.py``."""

    def register(keeper: Keeper) -> Keeper:
        _keepers[name] = keeper
        return keeper

    return register


def kept_versions(collaboration: Collaboration) -> set[int]:
    """Every data version that must stay readable."""
    autodiscover_modules("keeping")
    return {version for keeper in _keepers.values() for version in keeper(collaboration)}


def tidy(collaboration: Collaboration) -> None:
    """Join small files when there are many, and delete old ones when most are; none if nobody says what to keep."""
    store = IncidentStore(collaboration.slug)
    if store.needs_compaction():
        store.compact()
    if not store.needs_vacuum():
        return
    kept = kept_versions(collaboration)
    if _keepers:
        deleted = store.vacuum(kept)
        logger.info("Deleted %d old files of %s", deleted, collaboration.slug)


def assign_areas_anew(collaboration: Collaboration) -> int | None:
    """Find the areas of every stored incident; the new data version, or None if all were right."""
    return IncidentStore(collaboration.slug).reassign(assigner(collaboration))
