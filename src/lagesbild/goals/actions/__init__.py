"""Changes to goals, indicators, measurements, judgements, proposals and handovers."""

from lagesbild.goals.actions.goals import GoalText, change_goal, create_goal, ensure_document, ensure_goal
from lagesbild.goals.actions.indicators import IndicatorText, ensure_indicator
from lagesbild.goals.actions.judgements import sign_judgement
from lagesbild.goals.actions.measurements import MeasurementText, measure_from_series, record_measurements
from lagesbild.goals.actions.proposals import decide_proposal, ensure_proposal

__all__ = [
    "GoalText",
    "IndicatorText",
    "MeasurementText",
    "change_goal",
    "create_goal",
    "decide_proposal",
    "ensure_document",
    "ensure_goal",
    "ensure_indicator",
    "ensure_proposal",
    "measure_from_series",
    "record_measurements",
    "sign_judgement",
]
