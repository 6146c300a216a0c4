"""The index of a scene's indicators, by the recipes that the collaboration has agreed on, beside what people judged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lagesbild.accounts.models import Membership
from lagesbild.scenes.figures import Figure, Figures, scene_years
from lagesbild.scenes.index import Agreement, IndexResult, agreement, index
from lagesbild.scenes.indicators import INDICATORS, SceneIndicator
from lagesbild.scenes.models import Assessment, AssessmentAnswer, IndexRecipe, Scene
from lagesbild.scenes.queries import latest_by_scene, scenes_of
from lagesbild.scenes.rule import Answer

JUDGED = {Answer.NO: 0.0, Answer.PARTLY: 0.5, Answer.YES: 1.0}
LEAST_RISE = 10.0  # points, where no interval is known


@dataclass(frozen=True)
class IndicatorIndex:
    """The index of one indicator beside what people said of it; no recipe, no index."""

    indicator: SceneIndicator
    recipe: IndexRecipe | None
    figures: tuple[Figure, ...]
    result: IndexResult | None
    answer: AssessmentAnswer | None

    @property
    def is_exercise(self) -> bool:
        """Whether a figure rests on exercise data."""
        return any(each.is_exercise for each in self.figures)


@dataclass(frozen=True)
class SceneIndex:
    """The indices of a scene for a year, and the years that there are to choose from."""

    year: int
    years: tuple[int, ...]
    rows: tuple[IndicatorIndex, ...]

    @property
    def is_exercise(self) -> bool:
        """Whether a figure rests on exercise data."""
        return any(row.is_exercise for row in self.rows)

    @property
    def has_rows_without_recipe(self) -> bool:
        """Whether an indicator has no recipe yet."""
        return any(not row.figures for row in self.rows)


@dataclass(frozen=True)
class Point:
    """The index of one indicator at one scene beside the judgement of the same year."""

    scene: Scene
    year: int
    value: float
    answer: str


@dataclass(frozen=True)
class Agreed:
    """How index and judgement go together over scenes, for one indicator."""

    indicator: SceneIndicator
    agreement: Agreement
    points: tuple[Point, ...]


@dataclass(frozen=True)
class YearIndex:
    """What a recipe comes to in one year."""

    year: int
    figures: tuple[Figure, ...]
    result: IndexResult

    @property
    def is_partial(self) -> bool:
        """Whether a figure covers only a part of the year."""
        return any(each.is_partial for each in self.figures)

    @property
    def is_exercise(self) -> bool:
        """Whether a figure rests on exercise data."""
        return any(each.is_exercise for each in self.figures)


@dataclass(frozen=True)
class Rise:
    """An index that is higher than the year before, and more than chance or too little is known would make it."""

    scene: Scene
    indicator: int
    before: YearIndex
    now: YearIndex


def recipes_of(scenes: Iterable[Scene]) -> dict[tuple[int, int], IndexRecipe]:
    """By scene and indicator the recipe that holds. One query."""
    found: dict[tuple[int, int], IndexRecipe] = {}
    rows = IndexRecipe.objects.filter(scene__in=[scene.pk for scene in scenes]).select_related("scene")
    for recipe in rows:  # newest first
        if recipe.scene is not None:
            found.setdefault((recipe.scene.pk, recipe.indicator), recipe)
    return found


def of_scene(membership: Membership, scene: Scene, year: int | None = None) -> SceneIndex:
    """The seven indicators of a scene for a year, the newest assessed one unless another is asked for."""
    recipes = recipes_of([scene])
    figures = Figures(membership, [scene], recipes.values())
    assessments = list(Assessment.objects.filter(scene=scene).prefetch_related("answers"))  # newest first
    assessed = {each.year: each for each in reversed(assessments)}
    years = tuple(sorted({*assessed, *scene_years(figures, recipes.values())}, reverse=True))
    shown = year or next(iter(sorted(assessed, reverse=True)), None) or next(iter(years), figures.counts.today.year)
    answers = {each.indicator: each for each in assessed[shown].answers.all()} if shown in assessed else {}
    rows = []
    for each in INDICATORS:
        recipe = recipes.get((scene.pk, each.number))
        made = figures.of(recipe, shown)
        result = index([figure.part for figure in made]) if made else None
        rows.append(IndicatorIndex(each, recipe, made, result, answers.get(each.number)))
    return SceneIndex(shown, years, tuple(rows))


def by_year(figures: Figures, recipe: IndexRecipe) -> list[YearIndex]:
    """What a recipe comes to in every year of which something is known, newest first."""
    made = [(year, figures.of(recipe, year)) for year in scene_years(figures, [recipe])]
    return [YearIndex(year, each, index([figure.part for figure in each])) for year, each in made]


def preview(membership: Membership, recipe: IndexRecipe) -> list[YearIndex]:
    """What a recipe that is not stored would come to."""
    scenes = [recipe.scene] if recipe.scene is not None else []
    return by_year(Figures(membership, scenes, [recipe]), recipe)


def agreements(membership: Membership) -> list[Agreed]:
    """Of each indicator, index against judgement over the scenes, each in the year of its newest assessment."""
    scenes = {scene.pk: scene for scene in scenes_of(membership)}
    recipes, latest = recipes_of(scenes.values()), latest_by_scene(scenes.values())
    figures = Figures(membership, scenes.values(), recipes.values())
    made = []
    for each in INDICATORS:
        points = tuple(
            point
            for scene, assessment in latest.items()
            if (point := _point(figures, recipes.get((scene, each.number)), scenes[scene], assessment, each.number))
        )
        found = agreement([point.value for point in points], [JUDGED[Answer(point.answer)] for point in points])
        made.append(Agreed(each, found, points))
    return made


def rises(membership: Membership, scenes: Iterable[Scene]) -> list[Rise]:
    """Indices that are higher in the newest whole year than in the whole year before it.

    Higher means that the intervals do not meet and, where a figure is taken as exact, by ten points or more too. Years
    that are known only in part are not held against whole ones, nor years with other figures missing or other sources.
    """
    known = list(scenes)
    recipes = recipes_of(known)
    figures = Figures(membership, known, recipes.values())
    found = []
    for (_scene, number), recipe in recipes.items():
        years = {each.year: each for each in by_year(figures, recipe) if not each.is_partial}
        now = next((each for _year, each in sorted(years.items(), reverse=True) if each.result.value is not None), None)
        before = years.get(now.year - 1) if now else None
        if now and before and recipe.scene is not None and _is_rise(before, now):
            found.append(Rise(recipe.scene, number, before, now))
    return found


def _is_rise(before: YearIndex, now: YearIndex) -> bool:
    old, new = before.result, now.result
    if old.value is None or new.value is None or old.missing != new.missing:
        return False
    if [each.sources for each in before.figures] != [each.sources for each in now.figures]:
        return False
    if (old.taken_as_exact or new.taken_as_exact) and new.value - old.value < LEAST_RISE:
        return False
    return old.interval is None or new.interval is None or new.interval[0] > old.interval[1]


def _point(
    figures: Figures, recipe: IndexRecipe | None, scene: Scene, assessment: Assessment, number: int
) -> Point | None:
    answer = next((each.answer for each in assessment.answers.all() if each.indicator == number), "")
    made = figures.of(recipe, assessment.year)
    if answer not in JUDGED or not made:
        return None
    value = index([figure.part for figure in made]).value
    return None if value is None else Point(scene, assessment.year, value, answer)
