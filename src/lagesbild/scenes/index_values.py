"""The index of a scene's indicators out of stored figures, by the recipes that the collaboration has agreed on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from lagesbild.accounts.access import visible_to
from lagesbild.accounts.models import Membership
from lagesbild.observations.models import Series, SeriesTable, SeriesValue
from lagesbild.scenes.index import Agreement, IndexResult, Part, agreement, count_interval, index
from lagesbild.scenes.indicators import INDICATORS, SceneIndicator
from lagesbild.scenes.models import Assessment, AssessmentAnswer, IndexRecipe, Scene
from lagesbild.scenes.queries import latest_by_scene, scenes_of
from lagesbild.scenes.rule import Answer

COUNT_UNITS = frozenset({"antal", "count"})
JUDGED = {Answer.NO: 0.0, Answer.PARTLY: 0.5, Answer.YES: 1.0}


@dataclass(frozen=True)
class Figure:
    """One figure of a recipe as it stands for the year: where it comes from, and its part of the index."""

    series: Series | None
    part: Part
    path: str
    is_partial: bool

    @property
    def score(self) -> float | None:
        """The figure on the scale 0–100."""
        return None if self.part.value is None else self.part.score(self.part.value)


@dataclass(frozen=True)
class IndicatorIndex:
    """The index of one indicator beside what people said of it; no recipe, no index."""

    indicator: SceneIndicator
    recipe: IndexRecipe | None
    figures: tuple[Figure, ...]
    result: IndexResult | None
    answer: AssessmentAnswer | None


@dataclass(frozen=True)
class Agreed:
    """How index and judgement go together over scenes, for one indicator."""

    indicator: SceneIndicator
    agreement: Agreement


def series_name(series: Series) -> str:
    """What a recipe calls a series: its table and its key."""
    return f"{series.table.slug}:{series.key}"


def recipes_of(scenes: Iterable[Scene]) -> dict[tuple[int, int], IndexRecipe]:
    """By scene and indicator the recipe that holds. One query."""
    found: dict[tuple[int, int], IndexRecipe] = {}
    rows = IndexRecipe.objects.filter(scene__in=[scene.pk for scene in scenes]).select_related("scene")
    for recipe in rows:  # newest first
        if recipe.scene is not None:
            found.setdefault((recipe.scene.pk, recipe.indicator), recipe)
    return found


def of_scene(membership: Membership, scene: Scene, year: int) -> list[IndicatorIndex]:
    """The seven indicators of a scene for a year. Five queries."""
    recipes = recipes_of([scene])
    values = _values(membership, recipes.values(), {year})
    assessment = Assessment.objects.filter(scene=scene, year=year).prefetch_related("answers").first()
    answers = {each.indicator: each for each in assessment.answers.all()} if assessment else {}
    found = []
    for each in INDICATORS:
        recipe = recipes.get((scene.pk, each.number))
        figures = _figures(membership, recipe, values, year)
        result = index([figure.part for figure in figures]) if figures else None
        found.append(IndicatorIndex(each, recipe, figures, result, answers.get(each.number)))
    return found


def agreements(membership: Membership) -> list[Agreed]:
    """Of each indicator, index against judgement over the scenes, each in the year of its newest assessment."""
    scenes = list(scenes_of(membership))
    recipes, latest = recipes_of(scenes), latest_by_scene(scenes)
    values = _values(membership, recipes.values(), {each.year for each in latest.values()})
    made = []
    for each in INDICATORS:
        pairs = [
            pair
            for scene, assessment in latest.items()
            if (pair := _pair(membership, recipes.get((scene, each.number)), assessment, each.number, values))
        ]
        made.append(Agreed(each, agreement([pair[0] for pair in pairs], [pair[1] for pair in pairs])))
    return made


Values = dict[tuple[str, int], SeriesValue]


def _pair(
    membership: Membership, recipe: IndexRecipe | None, assessment: Assessment, number: int, values: Values
) -> tuple[float, float] | None:
    answer = next((each.answer for each in assessment.answers.all() if each.indicator == number), "")
    figures = _figures(membership, recipe, values, assessment.year)
    if answer not in JUDGED or not figures:
        return None
    value = index([figure.part for figure in figures]).value
    return None if value is None else (value, JUDGED[Answer(answer)])


def _values(membership: Membership, recipes: Iterable[IndexRecipe], years: set[int]) -> Values:
    """The newest figure of each series that begins in each year, of the tables that the member may see."""
    keys = {part["series"].rpartition(":")[2] for recipe in recipes for part in recipe.parts}
    tables = SeriesTable.objects.filter(visible_to(membership))
    rows = SeriesValue.objects.filter(series__table__in=tables, series__key__in=keys, period_from__year__in=years)
    return {
        (series_name(each.series), each.period_from.year): each
        for each in rows.select_related("series__table").order_by("period_from", "period_to")
    }


def _figures(membership: Membership, recipe: IndexRecipe | None, values: Values, year: int) -> tuple[Figure, ...]:
    parts: Sequence[dict[str, Any]] = recipe.parts if recipe is not None else ()
    return tuple(_figure(membership, part, values.get((part["series"], year))) for part in parts)


def _figure(membership: Membership, said: dict[str, Any], found: SeriesValue | None) -> Figure:
    low = high = None
    if found is not None and found.value is not None and found.series.unit.casefold() in COUNT_UNITS:
        low, high = count_interval(found.value)
    part = Part(
        title=found.series.title if found else said["series"],
        weight=said["weight"],
        zero_at=said["zero_at"],
        hundred_at=said["hundred_at"],
        value=found.value if found else None,
        low=low,
        high=high,
    )
    if found is None:
        return Figure(None, part, "", False)
    table = reverse("observations:series_table", args=[membership.collaboration.slug, found.series.table.slug])
    return Figure(found.series, part, f"{table}#{found.series.key}", found.is_partial)
