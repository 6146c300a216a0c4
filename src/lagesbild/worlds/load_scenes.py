"""The open drug scenes of a world, out of its ``scenes.toml``; answers by year out of its ``goals.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

from lagesbild.accounts.models import Collaboration, Organisation
from lagesbild.places.ground import from_feature
from lagesbild.places.models import Place
from lagesbild.scenes import actions, queries
from lagesbild.scenes.models import MappingRound, Scene
from lagesbild.scenes.rule import NUMBERS, Answer
from lagesbild.worlds.description import World
from lagesbild.worlds.queries import places_by_name

TEMPLATE = (
    "size",
    "surroundings",
    "users_anchoring",
    "sellers_anchoring",
    "crime",
    "ongoing_work",
    "potential",
    "source",
)
ANSWERS = {"ja": Answer.YES, "delvis": Answer.PARTLY, "nej": Answer.NO}


def load(world: World, collaboration: Collaboration, owner: Organisation) -> None:
    """Everything in the file, if the world has one. Loading again changes nothing."""
    path = world.folder / "scenes.toml"
    if not path.exists():
        return
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    rounds = [_round(text, owner) for text in raw["rounds"]]
    places = places_by_name(collaboration)
    goals = tomllib.loads((world.folder / "goals.toml").read_text(encoding="utf-8"))
    for text in raw["scenes"]:
        if queries.scene_named(collaboration, text["name"]) is None:
            scene = _scene(text, owner, rounds[0], places)
            if text["assessed"]:
                _assess(scene, text, goals["scene"], owner)
            _recipes(scene, raw["recipes"], owner)
    _origins(raw["origins"], owner, places)


def _recipes(scene: Scene, texts: list[dict[str, Any]], owner: Organisation) -> None:
    for text in texts:
        if text["scene"] == scene.name:
            actions.record_recipe(owner, scene, text["indicator"], text["parts"], note=text["note"], actor=None)


def _origins(text: Mapping[str, Any], owner: Organisation, places: dict[str, Place]) -> None:
    """Published shares of where people come from; the report prints no counts."""
    about = actions.OriginText(
        title=text["title"],
        source=text["source"],
        place=places.get(text["place"]),
        note=text["note"],
        is_published=True,
    )
    shares = [(each["origin"], each["kind"], float(each["pct"])) for each in text["shares"]]
    actions.ensure_published_shares(owner, about, text["year"], text["group"], shares, actor=None)


def _round(text: Mapping[str, Any], owner: Organisation) -> MappingRound:
    return actions.ensure_round(
        owner,
        text["title"],
        mapped_on=text["mapped_on"],
        source=text["source"],
        note=text["note"],
        counts=[(each["n"], each["source"]) for each in text["counts"]],
        actor=None,
    )


def _scene(text: Mapping[str, Any], owner: Organisation, mapped_in: MappingRound, places: dict[str, Place]) -> Scene:
    template = {name: text[name] for name in TEMPLATE if name in text}
    scene = actions.ensure_scene(owner, text["name"], place=places.get(text["place"]), actor=None, **template)
    shape = {"type": "Polygon", "coordinates": [text["coordinates"]]}
    ground = from_feature(
        {"type": "Feature", "properties": {}, "geometry": shape}, working_crs=owner.collaboration.working_crs
    )
    actions.outline_scene(scene, mapped_in, ground, source="Ritad för hand för den här exempelvärlden", actor=None)
    return scene


def _assess(scene: Scene, text: Mapping[str, Any], table: Mapping[str, Any], owner: Organisation) -> None:
    """One assessment a year; a year without printed answer gets none. The table prints one answer for all seven."""
    for year, printed in zip(table["periods"], table["values"], strict=True):
        if printed:
            said = actions.AnswerText(ANSWERS[printed], source=text["assessment_source"])
            actions.assess(
                scene,
                year,
                dict.fromkeys(NUMBERS, said),
                organisation=owner,
                actor=None,
                summary=text["assessment_summary"],
                source=text["assessment_source"],
            )
