"""Changes to goals, indicators, measurements, judgements, proposals and handovers."""

from lagesbild.goals.actions.goals import (
    GoalText,
    change_document,
    change_goal,
    create_document,
    create_goal,
    ensure_document,
    ensure_goal,
)
from lagesbild.goals.actions.handovers import HandoverCount, record_handovers
from lagesbild.goals.actions.indicators import IndicatorText, change_indicator, create_indicator, ensure_indicator
from lagesbild.goals.actions.judgements import sign_judgement
from lagesbild.goals.actions.measurements import (
    import_measurements,
    measure_from_series,
    record_measurements,
    refresh_indicator,
    type_measurement,
)
from lagesbild.goals.actions.proposals import create_proposal, decide_proposal, ensure_proposal
from lagesbild.goals.measurement_text import MeasurementText

__all__ = [
    "GoalText",
    "HandoverCount",
    "IndicatorText",
    "MeasurementText",
    "change_document",
    "change_goal",
    "change_indicator",
    "create_document",
    "create_goal",
    "create_indicator",
    "create_proposal",
    "decide_proposal",
    "ensure_document",
    "ensure_goal",
    "ensure_indicator",
    "ensure_proposal",
    "import_measurements",
    "measure_from_series",
    "record_handovers",
    "record_measurements",
    "refresh_indicator",
    "sign_judgement",
    "type_measurement",
]
