"""The plan of exercise incidents: totals, types, hours and places, read from an ``exercise.toml``.

Drawing the incidents is in ``exercise``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Year:
    """How many incidents of each group a year has; ``rest`` is what the total leaves."""

    year: int
    total: int
    groups: Mapping[str, int]


@dataclass(frozen=True)
class KindOfIncident:
    """One type as the exercise source names it: its share of its group, when and where it happens."""

    source_type: str
    group: str
    share: float
    category: str
    profile: str
    pattern: str
    interval_hours: float


@dataclass(frozen=True)
class Profile:
    """Relative weights of the 24 hours, the seven weekdays (Monday first) and the twelve months."""

    hours: tuple[float, ...]
    weekdays: tuple[float, ...]
    months: tuple[float, ...]


@dataclass(frozen=True)
class Shift:
    """A share of what would be at one place is, from a day on, at another."""

    from_place: str
    to_place: str
    share: float
    from_on: date


@dataclass(frozen=True)
class Pattern:
    """Shares of named places; what they leave is spread over the district. ``indoors`` applies October to March."""

    places: Mapping[str, float]
    indoor_places: Mapping[str, float]
    winter_indoors: float
    shifts: tuple[Shift, ...]


@dataclass(frozen=True)
class ExercisePlan:
    """Everything that decides the incidents, together with the geography."""

    seed: int
    area_set: str
    area_code: str
    id_prefix: str
    years: tuple[Year, ...]
    kinds: tuple[KindOfIncident, ...]
    profiles: Mapping[str, Profile]
    patterns: Mapping[str, Pattern]
    precision: Mapping[str, float]

    def place_names(self) -> set[str]:
        """Every place the patterns name."""
        shifted = {shift.to_place for pattern in self.patterns.values() for shift in pattern.shifts}
        return shifted.union(*(set(p.places) | set(p.indoor_places) for p in self.patterns.values()))

    def counts(self, year: Year) -> dict[str, int]:
        """How many incidents of each type the year has; they add up to its total and to each group."""
        counts: dict[str, int] = {}
        for group, total in year.groups.items():
            kinds = [kind for kind in self.kinds if kind.group == group]
            counts |= dict(zip((k.source_type for k in kinds), allot(total, [k.share for k in kinds]), strict=True))
        return counts


def allot(total: int, shares: list[float]) -> list[int]:
    """``total`` divided by ``shares`` into whole numbers that add up to it (largest remainder)."""
    exact = [total * share / sum(shares) for share in shares]
    whole = [int(value) for value in exact]
    by_remainder = sorted(range(len(shares)), key=lambda i: (whole[i] - exact[i], i))
    for index in by_remainder[: total - sum(whole)]:
        whole[index] += 1
    return whole


def read_plan(path: Path) -> ExercisePlan:
    """The plan in a file; a mistake in it stops with ``ValueError`` or ``KeyError``: it is ours to mend."""
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    plan = ExercisePlan(
        seed=raw["seed"],
        area_set=raw["area_set"],
        area_code=raw["area_code"],
        id_prefix=raw["id_prefix"],
        years=tuple(_year(each) for each in raw["years"]),
        kinds=tuple(KindOfIncident(**{"interval_hours": 0.0, **each}) for each in raw["types"]),
        profiles={name: Profile(**{k: tuple(v) for k, v in each.items()}) for name, each in raw["profiles"].items()},
        patterns={name: _pattern(each) for name, each in raw["patterns"].items()},
        precision=raw["precision"],
    )
    _validate(plan)
    return plan


def _year(raw: Mapping[str, int]) -> Year:
    groups = {name: count for name, count in raw.items() if name not in ("year", "total")}
    return Year(raw["year"], raw["total"], {**groups, "rest": raw["total"] - sum(groups.values())})


def _pattern(raw: Mapping[str, Any]) -> Pattern:
    return Pattern(
        places=raw["places"],
        indoor_places=raw["indoor_places"],
        winter_indoors=raw["winter_indoors"],
        shifts=tuple(Shift(each["from"], each["to"], each["share"], each["from_on"]) for each in raw.get("shifts", ())),
    )


def _validate(plan: ExercisePlan) -> None:
    for kind in plan.kinds:
        if kind.profile not in plan.profiles or kind.pattern not in plan.patterns:
            raise ValueError(f"{kind.source_type!r} names a profile or pattern that is not there.")
    for name, profile in plan.profiles.items():
        if (len(profile.hours), len(profile.weekdays), len(profile.months)) != (24, 7, 12):
            raise ValueError(f"Profile {name!r} must have 24 hours, 7 weekdays and 12 months.")
    for name, pattern in plan.patterns.items():
        if sum(pattern.places.values()) > 1:
            raise ValueError(f"The shares of pattern {name!r} are more than the whole.")
    for year in plan.years:
        if min(year.groups.values()) < 0:
            raise ValueError(f"The groups of {year.year} are more than its total.")
