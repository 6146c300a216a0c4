"""Which fields of a file are the codes and the names of its areas: a first choice for the import page. Pure."""

from __future__ import annotations

import re

from lagesbild.places.reading import Layer
from lagesbild.places.reading.areas import as_text

CODE = re.compile(r"(kod|code|nyko|nyckel|geo_?id|(^|_)id$|nr$|nummer)", re.IGNORECASE)
NAME = re.compile(r"(namn|name|benamning|beteckning|titel)", re.IGNORECASE)


def guess_fields(source: Layer) -> dict[str, str]:
    """The code: called so and different in every row, else just different. The name: called so, else the code."""
    distinct = [name for name, values in source.fields.items() if _all_different([as_text(v) for v in values])]
    called = [name for name in distinct if CODE.search(name)]
    code = next(iter([*called, *distinct, *source.fields]), "")
    name = next((name for name in source.fields if NAME.search(name)), code)
    return {"code_field": code, "name_field": name}


def _all_different(values: list[str]) -> bool:
    return all(values) and len(set(values)) == len(values)
