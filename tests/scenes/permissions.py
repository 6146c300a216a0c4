"""Who may ask for the addresses of scenes."""

from __future__ import annotations

from datetime import date
from typing import Any

from lagesbild.accounts.access import Capability
from lagesbild.places import actions as places
from lagesbild.places.actions.places import PlaceText
from lagesbild.places.ground import circle
from lagesbild.scenes import actions, origins_file
from lagesbild.scenes.models import Assessment, FeedbackLetter, MappingRound, OriginTable, Scene
from tests.architecture.permission_matrix import Row
from tests.cast import Cast


def a_round(cast: Cast, title: str = "Kartläggning 2024", *, on: date = date(2024, 5, 1)) -> MappingRound:
    """A mapping round of Ekby."""
    return actions.ensure_round(cast.municipality, title, mapped_on=on, source="Kommunen", actor=None)


def a_scene(cast: Cast, name: str = "Torget", *, drawn: bool = True) -> Scene:
    """A scene of Ekby, owned by the municipality: a circle of fifty metres."""
    scene = actions.ensure_scene(cast.municipality, name, actor=None, crime="Öppen försäljning")
    if drawn:
        ground = circle(674_000.0, 6_581_000.0, 50.0, crs=3006, working_crs=3006)
        actions.outline_scene(scene, a_round(cast), ground, source="Ritad", actor=None)
    return scene


def an_assessment(cast: Cast, scene: Scene, year: int, *answers: str) -> Assessment:
    """An assessment with these answers to the first indicators; the others are unknown."""
    said = {number: actions.AnswerText(answer, reason="Sett") for number, answer in enumerate(answers, 1)}
    return actions.assess(scene, year, said, organisation=cast.municipality, actor=None)


def _scene(cast: Cast) -> dict[str, Any]:
    return {"pk": a_scene(cast).pk}


def _answer(cast: Cast) -> dict[str, Any]:
    scene = a_scene(cast)
    return {"pk": scene.pk, "answer": an_assessment(cast, scene, 2024, "yes").answers.get(indicator=1).pk}


def _place(cast: Cast) -> dict[str, Any]:
    where = circle(674_000.0, 6_581_000.0, 50.0, crs=3006, working_crs=3006)
    return {"pk": places.create_place(cast.anna, PlaceText("Torget", "Ekby"), where).pk}


CSV = "ursprung;typ;år;grupp;antal\nFarsta;stadsdel;2024;;12\nNacka;kommun;2024;;20\nTyresö;kommun;2024;;2\n"


def an_origin_table(cast: Cast, csv: str = CSV, title: str = "Gripna 2024") -> OriginTable:
    """A table of origins, owned by the municipality."""
    rows, problems = origins_file.read(csv.encode())
    assert not problems
    text = actions.OriginText(title=title, source="Polisen")
    return actions.import_origins(cast.municipality, text, rows, csv.encode(), actor=None)


def a_letter(cast: Cast) -> FeedbackLetter:
    """A draft of the municipality to Nacka."""
    return actions.draft_letter(cast.anna, an_origin_table(cast), "Nacka", (2024, ""))


def _table(cast: Cast) -> dict[str, Any]:
    return {"pk": an_origin_table(cast).pk}


def _letter(cast: Cast) -> dict[str, Any]:
    return {"pk": a_letter(cast).pk}


def _figure(cast: Cast) -> dict[str, Any]:
    scene = a_scene(cast)
    part = {"kind": "matters", "weight": 1.0, "zero_at": 0.0, "hundred_at": 10.0}
    return {
        "pk": scene.pk,
        "recipe": actions.record_recipe(cast.municipality, scene, 1, [part], actor=None).pk,
        "number": 1,
    }


READ, EDIT, COOPERATE = Capability.READ, Capability.EDIT_PLACES, Capability.COOPERATE
ROWS: dict[str, Row] = {
    "scenes:scenes": Row(get=READ),
    "scenes:scenes_geojson": Row(get=READ),
    "scenes:scene_new": Row(get=EDIT, post=EDIT),
    "scenes:round_new": Row(get=EDIT, post=EDIT),
    "scenes:scene": Row(get=READ, kwargs=_scene),
    "scenes:scene_edit": Row(get=EDIT, post=EDIT, owners_only=True, kwargs=_scene),
    "scenes:scene_outline": Row(get=EDIT, post=EDIT, owners_only=True, kwargs=_scene),
    "scenes:scene_link": Row(post=EDIT, owners_only=True, kwargs=_scene),
    "scenes:scene_end": Row(post=EDIT, owners_only=True, kwargs=_scene),
    "scenes:assess": Row(get=COOPERATE, post=COOPERATE, kwargs=_scene),
    "scenes:focus": Row(post=COOPERATE, kwargs=_scene),
    "scenes:dissent": Row(post=Capability.COMMENT, kwargs=_answer),
    "scenes:agreement": Row(get=READ),
    "scenes:scene_index": Row(get=READ, kwargs=_scene),
    "scenes:figure": Row(get=READ, kwargs=_figure),
    "scenes:recipe_new": Row(get=COOPERATE, post=COOPERATE, kwargs=_scene),
    "scenes:guests": Row(get=READ),
    "scenes:origins_new": Row(get=Capability.IMPORT, post=Capability.IMPORT),
    "scenes:origins": Row(get=READ, kwargs=_table),
    "scenes:letter_new": Row(post=COOPERATE, kwargs=_table),
    "scenes:letter": Row(get=READ, kwargs=_letter),
    "scenes:letter_edit": Row(post=COOPERATE, owners_only=True, kwargs=_letter),
    "scenes:letter_sent": Row(post=COOPERATE, owners_only=True, kwargs=_letter),
    "scenes:letter_pdf": Row(get=READ, kwargs=_letter),
    "scenes:watch": Row(get=READ),
    "scenes:watch_computed": Row(get=READ),
    "scenes:watch_dismiss": Row(post=COOPERATE, kwargs=_place),
    "scenes:deep_dive": Row(get=READ, kwargs=_place),
    "scenes:deep_incidents": Row(get=READ, kwargs=_place),
    "scenes:deep_duty": Row(get=READ, kwargs=_place),
}
