"""Pages of observations. One view is one page and its fragments."""

from lagesbild.observations.views.figures import series_csv, series_new, series_table, series_tables
from lagesbild.observations.views.importing import (
    import_apply,
    import_batch,
    import_cancel,
    import_mapping,
    import_new,
    import_problems,
    import_sheet,
)
from lagesbild.observations.views.lists import categories, incidents, incidents_csv, reports, source, source_types

__all__ = [
    "categories",
    "import_apply",
    "import_batch",
    "import_cancel",
    "import_mapping",
    "import_new",
    "import_problems",
    "import_sheet",
    "incidents",
    "incidents_csv",
    "reports",
    "series_csv",
    "series_new",
    "series_table",
    "series_tables",
    "source",
    "source_types",
]
