"""Everything known of one place on one time axis: the lanes put together, and in short what they come to.

Incidents and who is on duty come as parts of their own, since they are computed; see ``views/deep.py``.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import shapely
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lagesbild.accounts.access import visible_to
from lagesbild.accounts.models import Membership
from lagesbild.actors.models import ResponsibilityEntry
from lagesbild.actors.responsibility import entries_valid
from lagesbild.places.models import Place
from lagesbild.places.queries import from_wkb
from lagesbild.scenes import deep_lanes
from lagesbild.scenes.deep_items import MOST_PER_LANE, Asked, Item, lanes, told_by_others


@dataclass(frozen=True)
class Short:
    """One sentence of what the lanes come to, and where it leads."""

    text: str
    path: str = ""
    is_late: bool = False


@dataclass(frozen=True)
class Answers:
    """What one organisation answers for here, by one source of the register."""

    organisation: str
    source: str
    kinds: tuple[str, ...]
    is_private: bool


@dataclass(frozen=True)
class DeepDive:
    """The items, newest first; how many of each; in short; the scenes here; who answers for what."""

    items: tuple[Item, ...]
    counts: tuple[tuple[str, str, int], ...]  # lane, its title, items
    short: tuple[Short, ...]
    scenes: tuple[tuple[int, str], ...]
    responsible: tuple[Answers, ...]
    cut: tuple[str, ...]  # lanes with more than are shown

    @property
    def is_exercise(self) -> bool:
        """Whether something here is an exercise."""
        return any(item.is_exercise for item in self.items)


def dive(membership: Membership, place: Place) -> DeepDive:
    """What the member may see of the place. Fifteen queries, whatever there is."""
    asked = Asked(membership, place)
    actions, agreed = deep_lanes.actions(asked)
    assessments, scenes = deep_lanes.assessments(asked)
    items = [
        *deep_lanes.reports(asked),
        *deep_lanes.matters(asked),
        *actions,
        *deep_lanes.agreements(asked, agreed),
        *deep_lanes.promises(asked),
        *deep_lanes.events(asked),
        *deep_lanes.zones(asked),
        *assessments,
        *deep_lanes.figures(asked),
        *deep_lanes.facts(asked),
        *told_by_others(asked),
    ]
    counts = Counter(item.lane for item in items)
    ordered = tuple(sorted(items, key=lambda item: (item.from_on, item.lane, item.title), reverse=True))
    return DeepDive(
        items=ordered,
        counts=tuple((lane, str(title), counts[lane]) for lane, title in lanes().items()),
        short=tuple(in_short(ordered)),
        scenes=tuple(scenes.items()),
        responsible=tuple(_by_organisation(_responsible(asked))),
        cut=tuple(str(lanes()[lane]) for lane, n in counts.items() if n >= MOST_PER_LANE),
    )


def in_short(items: tuple[Item, ...]) -> list[Short]:
    """What one should know first: the newest assessment, what is open and late, the newest report and figure."""
    by_lane: dict[str, list[Item]] = {}
    for item in items:
        by_lane.setdefault(item.lane, []).append(item)
    made = []
    if assessed := by_lane.get("assessments"):
        newest = assessed[0]
        made.append(Short(f"{newest.title}. {newest.text}", newest.path))
    for lane, sentence in (("matters", _open_matters), ("actions", _open_actions)):
        if waiting := [each for each in by_lane.get(lane, []) if each.goes_on]:
            late = [each for each in waiting if each.is_late]
            oldest = min(waiting, key=lambda each: each.from_on)
            made.append(Short(sentence(len(waiting), len(late), oldest), oldest.path, bool(late)))
    made += [
        Short(_("Not kept: {promise}").format(promise=each.title), each.path, is_late=True)
        for each in by_lane.get("promises", [])
        if each.is_late
    ]
    if seen := by_lane.get("reports"):
        words = {"n": len(seen), "title": seen[0].title, "day": seen[0].from_on}
        text = ngettext("{n} field report: {title}, {day}.", "{n} field reports, the newest {day}: {title}.", len(seen))
        made.append(Short(text.format(**words), seen[0].path))
    if measured := by_lane.get("figures"):
        made.append(Short(_("Newest figure: {title}").format(title=measured[0].title), measured[0].path))
    return made


def _open_matters(n: int, _late: int, oldest: Item) -> str:
    text = ngettext("{n} open matter, raised {day}.", "{n} open matters, the oldest raised {day}.", n)
    return text.format(n=n, day=oldest.from_on)


def _open_actions(n: int, late: int, _oldest: Item) -> str:
    text = ngettext("{n} action under way or planned", "{n} actions under way or planned", n).format(n=n)
    if not late:
        return f"{text}."
    return _("{actions}, {late} past its day.").format(actions=text, late=late)


def _responsible(asked: Asked) -> list[ResponsibilityEntry]:
    """Of each kind of object the line of the register with the smallest ground that holds the middle of the place."""
    rows = entries_valid(asked.membership.collaboration).filter(visible_to(asked.membership))
    lines = list(rows.select_related("kind", "organisation", "place", "area", "zone"))
    grounds = [each.place or each.area or each.zone for each in lines]
    shapes = from_wkb([bytes(ground.geometry) for ground in grounds if ground is not None])
    at = iter(shapes)
    found: dict[int | None, tuple[float, ResponsibilityEntry]] = {}
    for entry, ground in zip(lines, grounds, strict=True):
        shape = next(at) if ground is not None else None
        if shape is None:
            size = float("inf")
        elif entry.place_id == asked.place.pk:
            size = 0.0
        elif shapely.intersects_xy(shape, asked.place.x, asked.place.y):
            size = float(shape.area)
        else:
            continue
        known = found.get(entry.kind_id)
        if known is None or size < known[0]:
            found[entry.kind_id] = (size, entry)
    return sorted((entry for _size, entry in found.values()), key=_order)


def _by_organisation(entries: list[ResponsibilityEntry]) -> list[Answers]:
    found: dict[tuple[str, str, bool], list[str]] = {}
    for each in entries:
        kind = each.kind.shown if each.kind else _("All objects")
        found.setdefault((each.organisation.name, each.source, each.is_private), []).append(kind)
    return [Answers(name, source, tuple(kinds), private) for (name, source, private), kinds in found.items()]


def _order(entry: ResponsibilityEntry) -> tuple[bool, int, str]:
    return entry.kind is None, entry.kind.order if entry.kind else 0, entry.organisation.name
