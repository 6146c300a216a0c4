"""The figures of a recipe as they stand for a year: of a stored series, or counted on the ground of a scene.

What an index makes of them is in ``index_values.py``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lagesbild.accounts.access import visible_to
from lagesbild.accounts.models import Membership
from lagesbild.observations.models import Series, SeriesTable, SeriesValue
from lagesbild.observations.queries import in_language
from lagesbild.scenes.counting import Counts, Kind, Spec, Tally
from lagesbild.scenes.index import Part, count_interval
from lagesbild.scenes.models import IndexRecipe, Scene

COUNT_UNITS = frozenset({"antal", "count"})
KINDS: dict[str, str | Promise] = {
    Kind.INCIDENTS: gettext_lazy("Incidents"),
    Kind.REPORTS: gettext_lazy("Field reports"),
    Kind.MATTERS: gettext_lazy("Matters raised"),
}


@dataclass(frozen=True)
class Figure:
    """One figure of a recipe as it stands for the year: where it comes from, and its part of the index."""

    part: Part
    path: str = ""
    source: str = ""
    is_partial: bool = False
    is_hidden: bool = False
    is_exercise: bool = False
    sources: tuple[str, ...] = ()
    """The sources of incidents that reach into the year."""

    @property
    def score(self) -> float | None:
        """The figure on the scale 0–100."""
        return None if self.part.value is None else self.part.score(self.part.value)

    @property
    def is_beyond(self) -> bool:
        """Whether the value lies outside the scale, so that it would score the same if it were further out."""
        ends = sorted((self.part.zero_at, self.part.hundred_at))
        return self.part.value is not None and not ends[0] <= self.part.value <= ends[1]


class Figures:
    """The figures of recipes for one member; what they share is fetched once, whatever the number of recipes."""

    def __init__(self, membership: Membership, scenes: Iterable[Scene], recipes: Iterable[IndexRecipe]) -> None:
        self.membership = membership
        self.counts = Counts(membership, scenes)
        parts = [part for recipe in recipes for part in recipe.parts]
        self._tables = SeriesTable.objects.filter(visible_to(membership))
        self._keys = {part["series"].rpartition(":")[2] for part in parts if "series" in part}
        self._values: dict[int, dict[str, SeriesValue]] | None = None
        self._titles: dict[str, str] = {}

    def of(self, recipe: IndexRecipe | None, year: int) -> tuple[Figure, ...]:
        """The figures of a recipe for a year."""
        if recipe is None:
            return ()
        return tuple(self._figure(recipe, number, part, year) for number, part in enumerate(recipe.parts))

    def years(self, recipe: IndexRecipe) -> set[int]:
        """The years of which at least one figure of the recipe is known."""
        found: set[int] = set()
        for part in recipe.parts:
            spec = Spec.of_part(part)
            if spec is None:
                found |= {year for year, values in self.values.items() if part["series"] in values}
            elif recipe.scene is not None:
                found |= set(self.counts.of(recipe.scene.pk, spec).years)
        return found

    @property
    def values(self) -> dict[int, dict[str, SeriesValue]]:
        """By year and name the newest figure of each series, of the tables that the member may see. One query."""
        if self._values is None:
            rows = SeriesValue.objects.filter(series__table__in=self._tables, series__key__in=self._keys)
            self._values = {}
            for each in rows.select_related("series__table").order_by("period_from", "period_to"):
                name = series_name(each.series)
                self._values.setdefault(each.period_from.year, {})[name] = each
                self._titles[name] = each.series.title
        return self._values

    def _figure(self, recipe: IndexRecipe, number: int, part: Mapping[str, Any], year: int) -> Figure:
        spec = Spec.of_part(part)
        if spec is None:
            return self._of_series(part, self.values.get(year, {}).get(part["series"]))
        scene = recipe.scene.pk if recipe.scene is not None else 0
        tally = self.counts.of(scene, spec)
        path = ""
        if recipe.pk and scene:
            slug = self.membership.collaboration.slug
            path = f"{reverse('scenes:figure', args=[slug, scene, recipe.pk, number + 1])}?year={year}"
        return _of_count(part, title_of(spec, self.counts), tally, year, path)

    def _of_series(self, said: Mapping[str, Any], found: SeriesValue | None) -> Figure:
        low = high = None
        if found is not None and found.value is not None and found.series.unit.casefold() in COUNT_UNITS:
            low, high = count_interval(found.value)
        title = self._titles.get(said["series"], said["series"])
        part = _part(said, title, found.value if found else None, low, high)
        if found is None:
            return Figure(part)
        table = reverse("observations:series_table", args=[self.membership.collaboration.slug, found.series.table.slug])
        return Figure(part, f"{table}#{found.series.key}", found.series.area_text, found.is_partial)


def series_name(series: Series) -> str:
    """What a recipe calls a series: its table and its key."""
    return f"{series.table.slug}:{series.key}"


def title_of(spec: Spec, counts: Counts) -> str:
    """What a spec counts, in words: "Field reports: Drugs, on the ground of the scene and 100 m around it"."""
    nodes = counts.picture.mapping.by_code
    names = [
        in_language(nodes[code].name, nodes[code].name_en) for code in sorted(spec.filters.categories & set(nodes))
    ]
    what = str(KINDS[spec.kind]) + (f": {', '.join(names)}" if names else "")
    if _has_times(spec):
        what = _("{what} (certain hours, days or months)").format(what=what)
    if spec.area:
        return _("{what}, how many times as dense as in the rest of {area}").format(
            what=what, area=area_name(spec.area, counts)
        )
    if spec.around_m:
        return _("{what}, number a year within {n} m of the ground").format(what=what, n=spec.around_m)
    return _("{what}, number a year on the ground").format(what=what)


def area_name(name: str, counts: Counts) -> str:
    """The name of an area written as "set:code"."""
    slug, _colon, code = name.partition(":")
    areas = (area for each in counts.picture.area_sets if each.slug == slug for area in each.areas)
    return next((area.name for area in areas if area.code == code), name)


def _has_times(spec: Spec) -> bool:
    return bool(spec.filters.hours or spec.filters.weekdays or spec.filters.months)


def _of_count(said: Mapping[str, Any], title: str, tally: Tally, year: int, path: str) -> Figure:
    found = tally.years.get(year)
    if found is None:
        return Figure(_part(said, title, None, None, None), path)
    part = _part(said, title, found.value, found.low, found.high)
    sources = tuple(sorted(slug for slug, (first, last) in tally.spans.items() if first.year <= year <= last.year))
    return Figure(part, path, "", found.is_partial, found.is_hidden, tally.is_exercise, sources)


def _part(said: Mapping[str, Any], title: str, value: float | None, low: float | None, high: float | None) -> Part:
    return Part(title, said["weight"], said["zero_at"], said["hundred_at"], value, low, high)


def scene_years(figures: Figures, recipes: Iterable[IndexRecipe]) -> list[int]:
    """The years of which something is known, newest first."""
    return sorted({year for recipe in recipes for year in figures.years(recipe)}, reverse=True)
