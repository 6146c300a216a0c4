"""From a person and an address to a picture: fetch the ground, settle the question, recall or compute the answer.

The one door that page, map, CSV, command line and freezing go through, so that they cannot disagree.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.conf import settings
from shapely.geometry.base import BaseGeometry

from lagesbild.accounts.models import Collaboration, Membership, SharingLevel
from lagesbild.core import clock
from lagesbild.observations.filters import EventFilter
from lagesbild.observations.questions import Question as Events
from lagesbild.observations.store import IncidentStore
from lagesbild.picture import compute, disclosure, kept, queries
from lagesbild.picture.asking import Ask, question_of
from lagesbild.picture.content import PictureContent
from lagesbild.picture.coverage import Coverage, coverage
from lagesbild.picture.fixed_parts import fitted
from lagesbild.picture.ground import Ground, Populations

PopulationsOf = Callable[[int, date], Populations | None]


@dataclass(frozen=True)
class Answer:
    """A picture with what it was made from. ``content`` is what the asker may see; ``full`` hides nothing."""

    ask: Ask
    ground: Ground
    covered: Coverage
    events: Events
    full: PictureContent
    content: PictureContent


@dataclass(frozen=True)
class Prepared:
    """A question ready to be answered: for the filter bar, which needs no numbers.

    ``fixed``: the reader may ask by fixed parts only; ``fitted``: the period is another than was asked for.
    """

    ask: Ask
    ground: Ground
    covered: Coverage
    events: Events
    data_version: int | None
    fixed: bool = False
    fitted: bool = False


def prepare(
    collaboration: Collaboration,
    membership: Membership | None,
    ask: Ask,
    *,
    ground: Ground | None = None,
    data_version: int | None = None,
) -> Prepared:
    """Everything up to the computing. Three queries when the ground has to be fetched."""
    ground = ground or queries.ground(collaboration, membership)
    if data_version is None:
        data_version = IncidentStore(collaboration.slug).version()
    covered = covered_by(ground, ask.filters, data_version)
    ask = ask.settled(covered.period, clock.today(ground.time_zone))
    return Prepared(ask, ground, covered, question_of(ask, ground), data_version)


def prepare_open(membership: Membership, ask: Ask) -> Prepared:
    """As `prepare`, where the reader may ask anything: of others' data only by fixed parts. No further query.

    Raises `UserError` where several parts are put together.
    """
    prepared = prepare(membership.collaboration, membership, ask)
    if threshold_for(prepared.ground, prepared.events.sources, membership) is None:
        return prepared
    fixed = fitted(prepared.ask)
    said = ask.filters.from_on is not None or ask.filters.to_on is not None
    return replace(
        prepared,
        ask=fixed,
        events=question_of(fixed, prepared.ground),
        fixed=True,
        fitted=said and fixed != prepared.ask,
    )


def covered_by(ground: Ground, filters: EventFilter, data_version: int | None) -> Coverage:
    """What the data of the chosen sources covers, whatever the other filters."""
    slugs = tuple(source.slug for source in ground.chosen_sources(filters.sources))
    everything = Events(ground.slug, EventFilter(), slugs, ground.mapping)
    columns = [each.column for each in ground.area_sets]
    key = f"{compute.VERSION}|{ground.slug}|{data_version}|{slugs}|{columns}"
    return coverage(key, lambda: everything.events(data_version), columns)


def answer(prepared: Prepared, membership: Membership | None) -> Answer:
    """The picture, recalled if the same was asked before."""
    full = _recalled(prepared)
    threshold = threshold_for(prepared.ground, prepared.events.sources, membership)
    content = disclosure.hidden(full, threshold) if threshold else full
    return Answer(prepared.ask, prepared.ground, prepared.covered, prepared.events, full, content)


def _recalled(prepared: Prepared) -> PictureContent:
    key = key_of(prepared)
    data = kept.recall("pictures", key)
    if data is not None:
        return PictureContent.from_bytes(data)
    content = computed(prepared)
    kept.keep("pictures", key, content.to_bytes())
    return content


def key_of(prepared: Prepared) -> str:
    """The same for the same answer: question, data version, ground and methods."""
    parts = [prepared.ask.to_dict(), prepared.data_version, compute.method_versions(), prepared.ground.digest]
    return json.dumps([prepared.ground.slug, *parts], sort_keys=True)


def computed(prepared: Prepared, *, populations: PopulationsOf = queries.populations) -> PictureContent:
    """The picture made now, whatever is kept."""
    return compute.picture(
        prepared.ask,
        prepared.events,
        prepared.ground,
        prepared.covered,
        prepared.data_version,
        compute.Outside(shapes_of_areas=_shapes, populations=populations),
    )


def _shapes(area_ids: Sequence[int]) -> list[BaseGeometry]:
    return list(queries.shapes_of(area_ids).values())


def threshold_for(ground: Ground, sources: Sequence[str], membership: Membership | None) -> int | None:
    """Below which number counts are hidden from this reader; None when everything is shown.

    One's own organisation's data, public data and exercises are shown as they are. The server itself (the command
    line of whoever runs it) sees all.
    """
    if membership is None:
        return None
    own = membership.function.organisation_id
    foreign = [
        source
        for source in ground.sources
        if source.slug in sources
        and source.owner_id != own
        and source.sharing != SharingLevel.PUBLIC
        and not source.is_exercise
    ]
    return int(settings.LAGESBILD["suppression_threshold"]) if foreign else None
