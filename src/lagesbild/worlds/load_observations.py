"""The categories, sources, incidents and series of a world, stored through the actions of ``observations``."""

from __future__ import annotations

import csv
import hashlib
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from lagesbild.accounts.models import Collaboration, Organisation
from lagesbild.observations import actions, imports
from lagesbild.observations.importing import KNOWN_MAPPINGS
from lagesbild.observations.importing import Mapping as ColumnMapping
from lagesbild.worlds import queries
from lagesbild.worlds.description import SourceText, World
from lagesbild.worlds.exercise import csv_bytes, draw_incidents
from lagesbild.worlds.exercise_plan import read_plan
from lagesbild.worlds.ground import read_ground

Progress = Callable[[int, int, str], None]


def load_figures(
    world: World, collaboration: Collaboration, owner: Organisation, organisations: Mapping[str, Organisation]
) -> None:
    """The category tree with its caveats, the sources with theirs, and the tables of published figures."""
    for order, category in enumerate(world.categories):
        actions.ensure_category(
            collaboration,
            category.code,
            name=category.name,
            name_en=category.name_en,
            parent=category.parent,
            detection=category.detection,
            order=order,
            actor=None,
        )
        for caveat in category.caveats:
            actions.ensure_caveat(collaboration, category=category.code, actor=None, **vars(caveat))
    for text in world.sources:
        _load_source(text, collaboration, organisations[text.owner])
    if world.series:
        actions.import_series(owner, world.series, is_published=True, actor=None)


def _load_source(text: SourceText, collaboration: Collaboration, owner: Organisation) -> None:
    source = actions.ensure_source(
        owner,
        text.slug,
        name=text.name,
        is_exercise=text.exercise is not None,
        mapping=column_mapping(text),
        actor=None,
    )
    for caveat in text.caveats:
        actions.ensure_caveat(collaboration, source=source, actor=None, **vars(caveat))
    known = queries.mapped_types(source)
    wanted = {kind: code for kind, code in types_of(text).items() if kind not in known}
    actions.map_types(source, wanted, actor=None)


def column_mapping(text: SourceText) -> ColumnMapping:
    """How the file of the source is read."""
    return KNOWN_MAPPINGS[text.mapping_name] if text.mapping_name else ColumnMapping.from_dict(dict(text.mapping))


def types_of(text: SourceText) -> dict[str, str]:
    """Source type → category. Types are compared without space around them, as the importer reads them."""
    if text.exercise is not None:
        return {kind.source_type: kind.category for kind in read_plan(text.exercise).kinds}
    if text.types is None:
        return {}
    with text.types.open(encoding="utf-8", newline="") as opened:
        return {row["source_type"].strip(): row["category"] for row in csv.DictReader(opened)}


def load_incidents(world: World, collaboration: Collaboration, *, progress: Progress) -> None:
    """Import the file of each source, unless the same file has been imported."""
    for text in world.sources:
        source = queries.source_by_slug(collaboration, text.slug)
        with incident_file(world, text) as path:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            if not queries.is_imported(source, digest):
                imports.import_file(source, path, mapping=column_mapping(text), progress=progress, actor=None)


@contextmanager
def incident_file(world: World, text: SourceText) -> Iterator[Path]:
    """The file of a source; that of an exercise is made for the occasion and thrown away."""
    if text.file is not None:
        yield text.file
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{text.slug}.csv"
        path.write_bytes(exercise_bytes(world, text))
        yield path


def exercise_bytes(world: World, text: SourceText) -> bytes:
    """The exercise incidents of a source: the same bytes every time."""
    if text.exercise is None:
        raise ValueError(f"The source {text.slug!r} has neither a file nor an exercise.")
    plan = read_plan(text.exercise)
    return csv_bytes(draw_incidents(plan, read_ground(world, plan), time_zone=world.collaboration.time_zone))
