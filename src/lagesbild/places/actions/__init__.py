"""Changes: one function, one change, one transaction, one audit row. The modules are topics."""

from lagesbild.places.actions.areas import import_areas, store_areas
from lagesbild.places.actions.base_layers import ensure_base_layer
from lagesbild.places.actions.facts import ensure_fact, record_fact, record_facts, remove_fact
from lagesbild.places.actions.places import (
    change_place,
    create_place,
    ensure_place,
    ensure_place_type,
    retire_place,
    return_place,
)

__all__ = [
    "change_place",
    "create_place",
    "ensure_base_layer",
    "ensure_fact",
    "ensure_place",
    "ensure_place_type",
    "import_areas",
    "record_fact",
    "record_facts",
    "remove_fact",
    "retire_place",
    "return_place",
    "store_areas",
]
