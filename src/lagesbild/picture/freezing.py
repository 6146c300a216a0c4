"""What a frozen picture keeps, and making it again from that. No request; the writing is in ``actions.py``."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Membership, SharingLevel
from lagesbild.core.errors import UserError
from lagesbild.picture import answer, codec, compute, disclosure, queries, whole, zones
from lagesbild.picture.answer import Prepared
from lagesbild.picture.asking import Ask, question_of
from lagesbild.picture.content import PictureContent
from lagesbild.picture.ground import Ground, Populations, SourceRow
from lagesbild.picture.models import FrozenPicture
from lagesbild.picture.offers import ZoneRow
from lagesbild.picture.overlaps import Published


@dataclass(frozen=True)
class Frost:
    """A picture ready to be frozen."""

    content: PictureContent
    parameters: dict[str, Any]


def freeze(prepared: Prepared, membership: Membership, sharing: str) -> Frost:
    """The picture as those will see it whom it is shared with, and all that is needed to make it again.

    Raises `UserError` if it would be shared wider than a source that belongs to someone else.
    """
    sources = [source for source in prepared.ground.sources if source.slug in prepared.events.sources]
    borrowed = [source for source in sources if source.owner_id != membership.function.organisation_id]
    for source in borrowed:
        _refuse_wider(source, sharing)
    full = answer.answer(prepared, None).content
    threshold = _threshold(sources, sharing, membership)
    zone_rows = whole.frozen_zones(full, membership, sharing)
    reports = whole.frozen_reports(prepared, full, membership, sharing)
    parameters = {
        "ask": prepared.ask.to_dict(),
        "ground": prepared.ground.to_dict(),
        "threshold": threshold,
        "borrowed": [source.slug for source in borrowed if source.sharing not in _FREE],
        "zones": codec.plain(zone_rows),
    }
    shown = disclosure.hidden(full, threshold) if threshold else full
    compared = zones.compared(prepared, full, zone_rows)
    return Frost(whole.together(shown, reports, compared, threshold), parameters)


_FREE = (SharingLevel.PUBLIC, SharingLevel.PARTNERS)


def _refuse_wider(source: SourceRow, sharing: str) -> None:
    """What is another's is passed on no further than its owner has done."""
    allowed = {SharingLevel.OWN, source.sharing}
    if source.sharing == SharingLevel.PUBLIC:
        return
    if source.sharing == SharingLevel.PARTNERS:
        allowed |= {SharingLevel.OPERATIONAL, SharingLevel.STRATEGIC, SharingLevel.STEERING}
    if sharing not in allowed:
        raise UserError(
            "picture.sharing_too_wide",
            _('The data of "{source}" belongs to {owner}, who has not shared it that widely. Share with fewer.'),
            field="sharing",
            source=source.name,
            owner=source.owner,
        )


def _threshold(sources: list[SourceRow], sharing: str, membership: Membership) -> int | None:
    """Outside the owner organisation small numbers are hidden; public data and exercises have no such outside."""
    own = membership.function.organisation_id
    restricted = [
        source
        for source in sources
        if source.sharing != SharingLevel.PUBLIC
        and not source.is_exercise
        and not (sharing == SharingLevel.OWN and source.owner_id == own)
    ]
    return int(settings.LAGESBILD["suppression_threshold"]) if restricted else None


def packed(content: PictureContent) -> bytes:
    """As it is stored."""
    return zlib.compress(content.to_bytes(), level=6)


def content_of(picture: FrozenPicture) -> PictureContent:
    """The content as it was frozen, not computed again."""
    return PictureContent.from_bytes(stored_bytes(picture))


def stored_bytes(picture: FrozenPicture) -> bytes:
    """The very bytes that were frozen: a later format of the content would write them otherwise."""
    return zlib.decompress(bytes(picture.content))


def published(picture: FrozenPicture, *, title: str) -> Published:
    """The picture as its readers have it, for the check of a new one beside it."""
    ground = _ground_of(picture)
    ask = Ask.from_dict(picture.parameters["ask"])
    return Published(title, content_of(picture), question_of(ask, ground), ground, picture.data_version)


def _ground_of(picture: FrozenPicture) -> Ground:
    saved = picture.parameters["ground"]
    return Ground.from_dict(saved, queries.areas_of_versions([each["version_id"] for each in saved["area_sets"]]))


@dataclass(frozen=True)
class Check:
    """The outcome of making a frozen picture again at its data version."""

    same: bool
    stored_intact: bool
    same_methods: bool
    sha256: str


def recompute(picture: FrozenPicture) -> Check:
    """Make the picture again from its parameters and data version, and compare every figure."""
    stored = content_of(picture)
    again = _again(picture, stored)
    return Check(
        same=again.sha256 == picture.content_sha256,
        stored_intact=hashlib.sha256(stored_bytes(picture)).hexdigest() == picture.content_sha256,
        same_methods=stored.basis.method_versions == compute.method_versions(),
        sha256=again.sha256,
    )


def _again(picture: FrozenPicture, stored: PictureContent) -> PictureContent:
    saved = picture.parameters
    prepared = answer.prepare(
        picture.collaboration,
        None,
        Ask.from_dict(saved["ask"]),
        ground=_ground_of(picture),
        data_version=picture.data_version,
    )

    def populations(_version: int, _on: date) -> Populations | None:
        return _populations(stored)

    full = answer.computed(prepared, populations=populations)
    shown = disclosure.hidden(full, saved["threshold"]) if saved["threshold"] else full
    rows = [codec.restore(ZoneRow, row) for row in saved.get("zones", [])]
    compared = zones.computed(prepared, full, rows) if rows and full.totals.n_points else None
    return whole.together(shown, stored.reports, compared, saved["threshold"])


def _populations(stored: PictureContent) -> Populations | None:
    """The populations that the picture was made with; facts may have been added since."""
    table = stored.areas
    if table is None or not table.population_kind:
        return None
    values = {str(row.id): row.population for row in table.rows if row.population is not None}
    return Populations(
        kind=table.population_kind, source=table.population_source, on=table.population_on, values=values
    )
