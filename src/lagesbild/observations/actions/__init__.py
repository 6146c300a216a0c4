"""Changes to what is observed: sources and categories, imports of incidents, tables of figures."""

from lagesbild.observations.actions.imports import (
    begin,
    begin_assigning,
    cancel_batch,
    choose_mapping,
    choose_sheet,
    receive_file,
    when_areas_change,
)
from lagesbild.observations.actions.series import import_series, note_table
from lagesbild.observations.actions.sources import (
    create_source,
    ensure_category,
    ensure_caveat,
    ensure_source,
    map_type,
    map_types,
    save_mapping,
)

__all__ = [
    "begin",
    "begin_assigning",
    "cancel_batch",
    "choose_mapping",
    "choose_sheet",
    "create_source",
    "ensure_category",
    "ensure_caveat",
    "ensure_source",
    "import_series",
    "map_type",
    "map_types",
    "note_table",
    "receive_file",
    "save_mapping",
    "when_areas_change",
]
