"""Who may ask for the addresses of goals."""

from __future__ import annotations

from datetime import date
from typing import Any

from lagesbild.accounts.access import Capability
from lagesbild.goals import actions
from lagesbild.goals.models import Goal, SourceKind, Unit
from lagesbild.goals.rule import Direction, Target, TargetKind
from tests.architecture.permission_matrix import Row
from tests.cast import Cast

READ, COOPERATE = Capability.READ, Capability.COOPERATE


def a_goal(cast: Cast, number: str = "1") -> Goal:
    """A goal of Ekby, owned by the municipality."""
    return actions.ensure_goal(cast.municipality, number, actions.GoalText("Tryggare torg"), actor=None)


def an_indicator(cast: Cast, *values: float | None, target: Target | None = None) -> Any:
    """An indicator of that goal, measured each year from 2017."""
    text = actions.IndicatorText(
        question="Andel trygga",
        measure="Medborgarenkät",
        unit=Unit.SHARE,
        source_kind=SourceKind.SURVEY,
        target=target or Target(TargetKind.VALUE, Direction.UP, 80.0),
    )
    indicator = actions.ensure_indicator(a_goal(cast), "trygga", text, actor=None)
    measured = [
        actions.MeasurementText(
            period_from=date(2017 + number, 1, 1),
            period_to=date(2018 + number, 1, 1),
            label=str(2017 + number),
            value=value,
            missing="" if value is not None else "not_measured",
            source="Enkäten",
        )
        for number, value in enumerate(values)
    ]
    actions.record_measurements(indicator, measured, actor=None)
    return indicator


def _goal(cast: Cast) -> dict[str, Any]:
    return {"pk": a_goal(cast).pk}


def _indicator(cast: Cast) -> dict[str, Any]:
    return {"code": an_indicator(cast, 70.0, 75.0).code}


def _proposal(cast: Cast) -> dict[str, Any]:
    proposal = actions.ensure_proposal(cast.municipality, 2019, 1, heading="Bild", text="Mät oftare", actor=None)
    return {"pk": proposal.pk}


def _typed(cast: Cast) -> dict[str, Any]:
    indicator = an_indicator(cast, 70.0)
    return {"code": indicator.code, "pk": indicator.measurements.get().pk}


def _document(cast: Cast) -> dict[str, Any]:
    return {"pk": actions.ensure_document(cast.municipality, "Program", level="municipal", actor=None).pk}


ROWS = {
    "goals:goals": Row(get=READ),
    "goals:tree": Row(get=READ),
    "goals:goal_new": Row(get=COOPERATE, post=COOPERATE),
    "goals:goal": Row(get=READ, kwargs=_goal),
    "goals:goal_edit": Row(get=COOPERATE, post=COOPERATE, owners_only=True, kwargs=_goal),
    "goals:judge": Row(post=COOPERATE, kwargs=_goal),
    "goals:indicator": Row(get=READ, kwargs=_indicator),
    "goals:indicator_new": Row(get=COOPERATE, post=COOPERATE),
    "goals:indicator_edit": Row(get=COOPERATE, post=COOPERATE, owners_only=True, kwargs=_indicator),
    "goals:indicator_refresh": Row(post=COOPERATE, owners_only=True, kwargs=_indicator),
    "goals:measurement_new": Row(get=COOPERATE, post=COOPERATE, owners_only=True, kwargs=_indicator),
    "goals:measurement_correct": Row(get=COOPERATE, post=COOPERATE, owners_only=True, kwargs=_typed),
    "goals:measurements_import": Row(get=COOPERATE, post=COOPERATE),
    "goals:document_new": Row(get=COOPERATE, post=COOPERATE),
    "goals:document_edit": Row(get=COOPERATE, post=COOPERATE, owners_only=True, kwargs=_document),
    "goals:handovers": Row(get=READ),
    "goals:handovers_new": Row(get=COOPERATE, post=COOPERATE),
    "goals:proposals": Row(get=READ),
    "goals:proposal_new": Row(get=COOPERATE, post=COOPERATE),
    "goals:proposal": Row(get=COOPERATE, post=COOPERATE, owners_only=True, kwargs=_proposal),
}
