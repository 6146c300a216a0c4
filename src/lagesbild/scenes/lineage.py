"""What became of scenes from one mapping round to the next: new, remained, ended, merged, split. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy


class Became(StrEnum):
    """One scene in one round."""

    NEW = "new"
    REMAINED = "remained"
    MOVED = "moved"
    MERGED = "merged"
    SPLIT = "split"
    ENDED = "ended"


BECAME: dict[str, str | Promise] = {
    Became.NEW: pgettext_lazy("scene", "New"),
    Became.REMAINED: pgettext_lazy("scene", "Remained"),
    Became.MOVED: pgettext_lazy("scene", "Followed on another"),
    Became.MERGED: pgettext_lazy("scene", "Merged from several"),
    Became.SPLIT: pgettext_lazy("scene", "Split from a larger one"),
    Became.ENDED: pgettext_lazy("scene", "Ended"),
}


@dataclass(frozen=True)
class Step:
    """What happened to a scene in a round; ``before`` are the scenes it came from, by key."""

    scene: int
    became: Became
    before: tuple[int, ...] = ()


def steps(
    rounds: Iterable[int], outlined: Mapping[int, frozenset[int]], links: Iterable[tuple[int, int, int]]
) -> dict[int, tuple[Step, ...]]:
    """The steps of each round.

    ``rounds`` are keys in order of time, ``outlined`` the scenes that each round drew, ``links`` (round, predecessor,
    successor). A scene with several predecessors is merged; one whose predecessor became several is split. Of a scene
    that one round drew and the next did not, without successor, the next says that it ended.
    """
    by_round: dict[int, list[tuple[int, int]]] = {}
    for number, before, after in links:
        by_round.setdefault(number, []).append((before, after))
    found: dict[int, tuple[Step, ...]] = {}
    known: set[int] = set()
    alive: frozenset[int] = frozenset()
    for number in rounds:
        drawn, linked = outlined.get(number, frozenset()), by_round.get(number, [])
        parts = Counter(before for before, _after in linked)
        made = [_step(scene, known, linked, parts) for scene in sorted(drawn)]
        gone = alive - drawn - {before for before, _after in linked}
        found[number] = (*made, *(Step(scene, Became.ENDED) for scene in sorted(gone)))
        known |= drawn
        alive = drawn
    return found


def _step(scene: int, known: set[int], linked: list[tuple[int, int]], parts: Counter[int]) -> Step:
    before = tuple(sorted(first for first, then in linked if then == scene))
    if len(before) > 1 or (before and scene in known):
        return Step(scene, Became.MERGED, before)
    if before:
        return Step(scene, Became.SPLIT if parts[before[0]] > 1 else Became.MOVED, before)
    return Step(scene, Became.REMAINED if scene in known else Became.NEW)
