"""Who answers for an object somewhere: the most exact line of the register that holds today.

The smallest ground wins, then a line for this kind over one for every kind, then the newest. Nothing is guessed: when
no line holds, nobody is known.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import shapely
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from lagesbild.accounts.models import Collaboration, Organisation
from lagesbild.actors.models import ObjectKind, ResponsibilityEntry
from lagesbild.core import clock
from lagesbild.observations.queries import in_language
from lagesbild.places.models import Place


@dataclass(frozen=True)
class Because:
    """What the register said, as facts: the words are made when shown, in the reader's language.

    ``kind`` is the name of the kind of object in Swedish and English, empty for every kind; ``also`` another
    organisation that stands there just as well. Without ``found`` the register had no line.
    """

    found: bool
    kind: tuple[str, str] = ("", "")
    ground: str = ""
    source: str = ""
    also: str = ""

    def to_dict(self) -> dict[str, Any]:
        """As it may stand in JSON."""
        return {**asdict(self), "kind": list(self.kind)}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Because | None:
        """From what `to_dict` gave; None from nothing."""
        return cls(**{**stored, "kind": tuple(stored["kind"])}) if stored else None

    @property
    def text(self) -> str:
        """In the language of whoever reads it now."""
        if not self.found:
            return _("The register has no line for this kind of object here.")
        words = {
            "kind": in_language(*self.kind) or _("all objects"),
            "ground": self.ground or _("the whole area"),
        }
        text = _("Register: {kind}, {ground}.").format(**words)
        if self.source:
            text += " " + _("Source: {source}.").format(source=self.source)
        if self.also:
            text += " " + _("{organisation} stands there too: ask.").format(organisation=self.also)
        return text


@dataclass(frozen=True)
class Responsible:
    """Who answers for an object, why, and by which line of the register; nobody when ``organisation`` is None."""

    organisation: Organisation | None
    because: Because | None
    entry_id: int | None
    is_private: bool = False

    @property
    def why(self) -> str:
        """In words; empty when the register was not asked."""
        return self.because.text if self.because else ""


def responsible_for(
    collaboration: Collaboration, kind: str, *, place: Place | None, x: float | None, y: float | None
) -> Responsible:
    """Who answers for an object of this kind (its code) at a place or a point (working coordinates). One query.

    With a point, the ground that holds it counts; with a place alone, that place and what its middle lies in.
    """
    lines = [entry for entry in _entries(collaboration, kind) if _holds(entry, place, x, y)]
    if not lines:
        return Responsible(None, Because(found=False), None)
    lines.sort(key=lambda entry: _exactness(entry, place, has_point=x is not None))
    best = lines[0]
    return Responsible(best.organisation, _because(best, lines[1:]), best.pk, best.is_private)


def entries_valid(collaboration: Collaboration) -> QuerySet[ResponsibilityEntry]:
    """The lines of the register that hold today."""
    today = clock.today(collaboration.time_zone)
    holds = (Q(valid_from=None) | Q(valid_from__lte=today)) & (Q(valid_to=None) | Q(valid_to__gt=today))
    return ResponsibilityEntry.objects.filter(holds, collaboration=collaboration)


def object_kinds(collaboration: Collaboration) -> list[ObjectKind]:
    """The kinds of object that the collaboration speaks of, in order."""
    return list(ObjectKind.objects.filter(collaboration=collaboration))


def _entries(collaboration: Collaboration, kind: str) -> QuerySet[ResponsibilityEntry]:
    lines = entries_valid(collaboration).filter(Q(kind=None) | Q(kind__code=kind))
    return lines.select_related("kind", "organisation", "place", "area", "zone")


def _holds(entry: ResponsibilityEntry, place: Place | None, x: float | None, y: float | None) -> bool:
    ground = entry.place or entry.area or entry.zone
    if ground is None:
        return True
    if x is None or y is None:
        if place is None:
            return False
        if entry.place_id == place.pk:
            return True
        x, y = place.x, place.y
    return bool(shapely.intersects_xy(shapely.from_wkb(bytes(ground.geometry)), x, y))


def _exactness(
    entry: ResponsibilityEntry, place: Place | None, *, has_point: bool
) -> tuple[bool, float, bool, int, int]:
    """Smaller is more exact. A place that was named itself comes before a smaller one that its middle hits."""
    named = place is not None and not has_point and entry.place_id == place.pk
    newest = entry.valid_from.toordinal() if entry.valid_from else 0
    return not named, _size_m2(entry), entry.kind_id is None, -newest, -entry.pk


def _size_m2(entry: ResponsibilityEntry) -> float:
    if entry.place is not None:
        return float(shapely.from_wkb(bytes(entry.place.geometry)).area)
    ground = entry.area or entry.zone
    return ground.area_m2 if ground is not None else math.inf


def _because(best: ResponsibilityEntry, others: Sequence[ResponsibilityEntry]) -> Because:
    ground = best.place or best.area or best.zone
    equal = [each for each in others if _same_exactness(each, best) and each.organisation_id != best.organisation_id]
    return Because(
        found=True,
        kind=(best.kind.name, best.kind.name_en) if best.kind else ("", ""),
        ground=ground.name if ground is not None else "",
        source=best.source,
        also=equal[0].organisation.name if equal else "",
    )


def _same_exactness(one: ResponsibilityEntry, other: ResponsibilityEntry) -> bool:
    same_kind = (one.kind_id is None) == (other.kind_id is None)
    return same_kind and (one.place_id, one.area_id, one.zone_id) == (other.place_id, other.area_id, other.zone_id)
