"""The goals of a world, with indicators, judgements and proposals, out of its ``goals.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

from lagesbild.accounts.models import Collaboration, Organisation
from lagesbild.goals import actions
from lagesbild.goals.models import Goal, SourceKind, Unit
from lagesbild.goals.rule import Direction, Target, TargetKind
from lagesbild.observations import actions as observations
from lagesbild.scenes.queries import scene_named
from lagesbild.worlds import queries
from lagesbild.worlds.description import World


def load(
    world: World, collaboration: Collaboration, owner: Organisation, organisations: Mapping[str, Organisation]
) -> None:
    """Everything in the file, if the world has one. Loading again changes nothing."""
    path = world.folder / "goals.toml"
    if not path.exists():
        return
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    documents = {text["title"]: actions.ensure_document(owner, actor=None, **text) for text in raw["documents"]}
    goals: dict[str, Goal] = {}
    for order, text in enumerate(raw["goals"]):
        goal = actions.ensure_goal(
            owner,
            text["number"],
            actions.GoalText(
                order=order,
                **{
                    name: text[name]
                    for name in ("title", "kind", "text", "valid_from", "valid_to", "source")
                    if name in text
                },
            ),
            actor=None,
            parent=goals.get(text.get("parent", "")),
            responsible=organisations.get(text.get("responsible", "")),
            documents=tuple(documents[title] for title in text.get("documents", ())),
        )
        goals[text["number"]] = goal
        if raw["scene"]["goal"] == text["number"]:
            _load_scene_indicators(raw["scene"], goal, collaboration)
        for number, indicator in enumerate(text.get("indicators", ()), 10):
            _load_indicator(indicator, goal, collaboration, order=number)
    _load_judgements(raw["goals"], goals, organisations)
    _load_proposals(raw["proposals"], owner)
    for text in raw.get("tables", ()):
        table = queries.series_table(collaboration, text["slug"])
        observations.note_table(table, text["note"].strip(), actor=None)


def _load_indicator(text: dict[str, Any], goal: Goal, collaboration: Collaboration, *, order: int) -> None:
    table, key = text["series"].split(":")
    series = queries.series_with(collaboration, table, key)
    target = text["target"]
    indicator = actions.ensure_indicator(
        goal,
        text["code"],
        actions.IndicatorText(
            question=text["question"],
            measure=text["measure"],
            unit=text["unit"],
            source_kind=text["source_kind"],
            target=Target(TargetKind(target["kind"]), Direction(target["direction"]), target.get("value")),
            target_printed=target.get("printed", ""),
            group=text["group"],
            scale=text.get("scale", ""),
            decimals=text.get("decimals", 0),
            area_text=series.area_text,
            footnotes=tuple(text.get("footnotes", ())),
            is_published=text.get("published", False),
            source=goal.source,
            order=order,
        ),
        actor=None,
        series=series,
    )
    actions.measure_from_series(indicator, actor=None, uncertain_years=text.get("uncertain", ()))


def _load_scene_indicators(text: dict[str, Any], goal: Goal, collaboration: Collaboration) -> None:
    """The seven indicators of an open drug scene, made from its assessments."""
    scene = scene_named(collaboration, text["scene"])
    assert scene is not None, text["scene"]
    for number, statement in enumerate(text["statements"], 1):
        indicator = actions.ensure_indicator(
            goal,
            f"drogscen-{number}",
            actions.IndicatorText(
                question=statement,
                measure=f"Indikator {number}",
                unit=Unit.YES_NO,
                source_kind=SourceKind.ASSESSMENT,
                target=Target(TargetKind.YES_NO, Direction.DOWN, 0.0),
                target_printed="Nej",
                group=text["group"],
                definition={
                    "kind": "assessment",
                    "every": "year",
                    "first_year": text["periods"][0],
                    "last_year": text["periods"][-1],
                    "scene": scene.pk,
                    "number": number,
                },
                is_published=True,
                source=text["source"],
                order=number,
            ),
            actor=None,
        )
        actions.refresh_indicator(indicator, actor=None)


def _load_judgements(
    texts: list[dict[str, Any]], goals: dict[str, Goal], organisations: Mapping[str, Organisation]
) -> None:
    for text in texts:
        goal = goals[text["number"]]
        if "judgement" in text and not goal.judgements.exists():
            actions.sign_judgement(
                goal, organisation=organisations[text["responsible"]], actor=None, **text["judgement"]
            )


def _load_proposals(texts: list[dict[str, Any]], owner: Organisation) -> None:
    numbered = [(text["heading"], each) for text in texts for each in text["texts"]]
    for number, (heading, each) in enumerate(numbered, 1):
        source = "Vision Klara – Rapport 1 (2019), Sammanfattning förslag till utveckling; återgivet i egna ord"
        actions.ensure_proposal(owner, 2019, number, heading=heading, text=each, source=source, actor=None)
