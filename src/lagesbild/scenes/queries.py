"""Reads about scenes: the register, the by-year table, assessments with what they rest on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.urls import reverse
from django.utils.functional import Promise
from shapely.geometry.base import BaseGeometry

from lagesbild.accounts.access import visible_to
from lagesbild.accounts.models import Collaboration, Membership
from lagesbild.observations.models import Series, SeriesTable
from lagesbild.places.drawing import join_features
from lagesbild.places.models import Area
from lagesbild.places.queries import current_versions, from_wkb
from lagesbild.scenes import lineage
from lagesbild.scenes.indicators import ANSWERS, INDICATORS, SceneIndicator, count_text, result_text
from lagesbild.scenes.models import (
    Assessment,
    AssessmentAnswer,
    Dissent,
    Evidence,
    Focus,
    MappingRound,
    Scene,
    SceneLink,
    SceneOutline,
)
from lagesbild.scenes.rule import Result, judge


@dataclass(frozen=True)
class SceneRow:
    """A scene in the register, with its present ground and its newest assessment."""

    scene: Scene
    area_m2: float | None
    assessment: Assessment | None
    result: Result | None

    @property
    def grade(self) -> str:
        """The result of the newest assessment in words."""
        return result_text(self.result) if self.result else ""

    @property
    def count(self) -> str:
        """How many indicators hold."""
        return count_text(self.result) if self.result else ""


@dataclass(frozen=True)
class YearCell:
    """The answer of one year. ``answer`` is empty where nobody assessed that year: that is not a no."""

    year: int
    answer: str = ""
    key: int = 0  # of the stored answer
    assessment: int = 0
    n_dissents: int = 0
    focused: bool = False

    @property
    def text(self) -> str | Promise:
        """The answer in words."""
        return ANSWERS.get(self.answer, "")


@dataclass(frozen=True)
class ByYear:
    """The by-year table: one row an indicator, one column a year, and the result of each year."""

    years: tuple[int, ...]
    rows: tuple[tuple[SceneIndicator, tuple[YearCell, ...]], ...]
    results: tuple[tuple[int, Result | None], ...]

    @property
    def sums(self) -> list[tuple[int, str, str]]:
        """(year, count, grade) below the columns; empty where there was no assessment."""
        return [
            (year, count_text(result), result_text(result)) if result else (year, "", "")
            for year, result in self.results
        ]


def scenes_of(membership: Membership) -> QuerySet[Scene]:
    """The scenes that may be seen."""
    return Scene.objects.filter(visible_to(membership)).select_related("place", "owner")


def scene_rows(membership: Membership, *, ended: bool = False) -> list[SceneRow]:
    """The register. Three queries, whatever the number of scenes."""
    newest = SceneOutline.objects.filter(scene=OuterRef("pk")).order_by("-round__mapped_on", "-pk")
    scenes = list(
        scenes_of(membership)
        .filter(ended_on__isnull=not ended)
        .annotate(area_m2=Subquery(newest.values("area_m2")[:1]))
    )
    latest = latest_by_scene(scenes)
    return [
        SceneRow(
            scene,
            scene.area_m2,
            latest.get(scene.pk),
            result_of(latest[scene.pk]) if scene.pk in latest else None,
        )
        for scene in scenes
    ]


def latest_by_scene(scenes: Iterable[Scene]) -> dict[int, Assessment]:
    """The newest assessment of each scene, with its answers."""
    found: dict[int, Assessment] = {}
    rows = Assessment.objects.filter(scene__in=[scene.pk for scene in scenes]).prefetch_related("answers")
    for assessment in rows:
        found.setdefault(assessment.scene_id, assessment)
    return found


def result_of(assessment: Assessment) -> Result:
    """What the rule says of a stored assessment."""
    return judge({each.indicator: each.answer for each in assessment.answers.all()})


def scene_named(collaboration: Collaboration, name: str) -> Scene | None:
    """The scene of this name."""
    return Scene.objects.filter(collaboration=collaboration, name=name).select_related("collaboration").first()


def assessed_years(scene: Scene) -> set[int]:
    """The years for which a scene has been assessed."""
    return set(Assessment.objects.filter(scene=scene).values_list("year", flat=True))


def assessments_of(scene: Scene) -> list[Assessment]:
    """Every assessment, newest first, with answers, evidence and dissents. Four queries."""
    evidence = Evidence.objects.select_related("series__table")
    dissents = Dissent.objects.select_related("organisation")
    answers = AssessmentAnswer.objects.prefetch_related(Prefetch("evidence", evidence), Prefetch("dissents", dissents))
    rows = Assessment.objects.filter(scene=scene).select_related("organisation", "recorded_by")
    return list(rows.prefetch_related(Prefetch("answers", answers)))


def focus_by_year(scene: Scene) -> dict[int, Focus]:
    """The focus that holds for each year."""
    found: dict[int, Focus] = {}
    for focus in Focus.objects.filter(scene=scene):
        found.setdefault(focus.year, focus)
    return found


@dataclass(frozen=True)
class Judged:
    """What was judged of one indicator of one scene for one year, and the assessment it comes from."""

    scene: int
    indicator: int
    year: int
    answer: str
    assessment: int
    answer_key: int
    path: str
    source: str
    n_dissents: int


def judged_by_year(membership: Membership, scenes: Iterable[Scene] | None = None) -> list[Judged]:
    """Scene × indicator × year: the answer of the newest assessment of each year, by scene, year and number.

    Of all scenes that may be seen unless some are named. A year without assessment is not there. At most four queries.
    """
    seen = scenes_of(membership) if scenes is None else scenes
    rows = Assessment.objects.filter(scene__in=[scene.pk for scene in seen]).select_related("scene", "organisation")
    latest = _newest(rows.prefetch_related("answers__dissents"))
    slug = membership.collaboration.slug
    return [
        Judged(
            scene,
            answer.indicator,
            year,
            answer.answer,
            assessment.pk,
            answer.pk,
            f"{reverse('scenes:scene', args=[slug, scene])}#answer-{answer.pk}",
            source=answer.source or assessment.source or f"{assessment.scene.name}: {assessment.organisation}",
            n_dissents=len(answer.dissents.all()),
        )
        for (scene, year), assessment in sorted(latest.items())
        for answer in assessment.answers.all()
    ]


def _newest(assessments: Iterable[Assessment]) -> dict[tuple[int, int], Assessment]:
    """By scene and year the assessment that holds; they come newest first."""
    found: dict[tuple[int, int], Assessment] = {}
    for each in assessments:
        found.setdefault((each.scene_id, each.year), each)
    return found


def by_year(assessments: Sequence[Assessment], focus: dict[int, Focus]) -> ByYear:
    """The table of the years from the first assessed to the last assessed or focused, gaps included."""
    latest = {year: assessment for (_scene, year), assessment in _newest(assessments).items()}
    known = [*latest, *focus]
    years = tuple(range(min(known), max(known) + 1)) if known else ()
    given = {
        (answer.indicator, year): answer for year, assessment in latest.items() for answer in assessment.answers.all()
    }
    rows = tuple(
        (each, tuple(_cell(given.get((each.number, year)), year, each.number, focus) for year in years))
        for each in INDICATORS
    )
    return ByYear(years, rows, tuple((year, result_of(latest[year]) if year in latest else None) for year in years))


def _cell(answer: AssessmentAnswer | None, year: int, number: int, focus: dict[int, Focus]) -> YearCell:
    focused = year in focus and number in focus[year].indicators
    if answer is None:
        return YearCell(year, focused=focused)
    return YearCell(year, answer.answer, answer.pk, answer.assessment_id, len(answer.dissents.all()), focused)


def rounds_of(membership: Membership) -> list[MappingRound]:
    """The mapping rounds, newest first, with what is said of how many scenes there were."""
    return list(MappingRound.objects.filter(visible_to(membership)).prefetch_related("counts"))


@dataclass(frozen=True)
class RoundStep:
    """What became of a scene in a round; ``before`` are the scenes that it came from."""

    scene: int
    name: str
    became: lineage.Became
    before: tuple[tuple[int, str], ...]
    area_m2: float | None

    @property
    def text(self) -> str | Promise:
        """What became of it, in words."""
        return lineage.BECAME[self.became]


def round_steps(membership: Membership, rounds: Sequence[MappingRound]) -> dict[int, list[RoundStep]]:
    """Of each round every scene, what became of it and its area. Three queries."""
    names = dict(Scene.objects.filter(visible_to(membership)).values_list("pk", "name"))
    drawn: dict[int, dict[int, float]] = {}
    outlines = SceneOutline.objects.filter(round__in=rounds, scene__in=names)
    for number, scene, area_m2 in outlines.values_list("round", "scene", "area_m2"):
        drawn.setdefault(number, {})[scene] = area_m2
    links = SceneLink.objects.filter(round__in=rounds, predecessor__in=names, successor__in=names)
    made = lineage.steps(
        [each.pk for each in reversed(rounds)],
        {number: frozenset(scenes) for number, scenes in drawn.items()},
        list(links.values_list("round", "predecessor", "successor")),
    )
    return {
        number: [
            RoundStep(
                step.scene,
                names[step.scene],
                step.became,
                tuple((each, names[each]) for each in step.before),
                drawn.get(number, {}).get(step.scene),
            )
            for step in found
        ]
        for number, found in made.items()
    }


def links_of(scene: Scene) -> tuple[list[SceneLink], list[SceneLink]]:
    """What the scene came from, and what it became."""
    before = SceneLink.objects.filter(successor=scene).select_related("predecessor", "round")
    after = SceneLink.objects.filter(predecessor=scene).select_related("successor", "round")
    return list(before), list(after)


def outlines_of(scene: Scene) -> list[SceneOutline]:
    """The ground of the scene in each round, newest first, without the stored shape."""
    return list(SceneOutline.objects.filter(scene=scene).select_related("round").defer("geometry"))


def scenes_geojson(membership: Membership) -> str:
    """The present ground of each scene with its key as id, its name, and its result as text."""
    rows = scene_rows(membership)
    results = {row.scene.pk: row for row in rows}
    drawings: dict[int, str] = {}
    outlines = SceneOutline.objects.filter(scene__in=results).values_list("scene", "drawing")
    for scene, drawing in outlines:  # newest round first
        drawings.setdefault(scene, drawing)
    shown = [results[pk] for pk in drawings]
    properties = [
        {"id": row.scene.pk, "name": row.scene.name, "title": row.scene.name, "text": row.grade} for row in shown
    ]
    return join_features(list(drawings.values()), properties)


def series_for(membership: Membership) -> list[Series]:
    """The series that may be seen, as evidence to choose from."""
    tables = SeriesTable.objects.filter(visible_to(membership))
    return list(Series.objects.filter(table__in=tables).select_related("table").order_by("table__title", "order"))


def latest_two(scenes: Iterable[Scene]) -> dict[int, tuple[Assessment, Assessment]]:
    """Of each scene the newest assessment and the newest of an earlier year, where there are both. Two queries."""
    found: dict[int, list[Assessment]] = {}
    rows = Assessment.objects.filter(scene__in=[scene.pk for scene in scenes]).select_related("organisation")
    for each in rows.prefetch_related("answers"):
        known = found.setdefault(each.scene_id, [])
        if not known or (len(known) == 1 and each.year < known[0].year):
            known.append(each)
    return {scene: (known[0], known[1]) for scene, known in found.items() if len(known) == 2}


def newest_grounds(scenes: Iterable[int]) -> dict[int, BaseGeometry]:
    """By scene its ground in the newest mapping round; a scene without ground is not there. One query."""
    newest: dict[int, bytes] = {}
    for scene, geometry in SceneOutline.objects.filter(scene__in=scenes).values_list("scene", "geometry"):
        newest.setdefault(scene, bytes(geometry))  # newest round first
    return dict(zip(newest, from_wkb(list(newest.values())), strict=True))


def areas_around(membership: Membership, scene: Scene) -> list[tuple[str, str]]:
    """("set:code", name) of the areas in use that the whole scene lies in, the smallest first. Three queries."""
    ground = newest_grounds([scene.pk]).get(scene.pk)
    if ground is None:
        return []
    versions = current_versions(membership.collaboration, membership)
    west, south, east, north = ground.bounds
    box = {"min_x__lte": west, "min_y__lte": south, "max_x__gte": east, "max_y__gte": north}
    rows = Area.objects.filter(version__in=versions, **box).select_related("version__area_set").order_by("area_m2")
    found = [area for area in rows if from_wkb([bytes(area.geometry)])[0].covers(ground)]
    return [(f"{area.version.area_set.slug}:{area.code}", area.name) for area in found]
