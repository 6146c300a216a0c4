"""Figures computed by a saved definition: from incidents, actions, assessments or surveys, or as another registers."""

from lagesbild.goals.computing import actions, assessments, incidents, surveys
from lagesbild.goals.computing.periods import EVERY, Every, Period, periods_of
from lagesbild.goals.computing.registry import Computed, Computer, computed_texts, computers, made_from, register

__all__ = [
    "EVERY",
    "Computed",
    "Computer",
    "Every",
    "Period",
    "computed_texts",
    "computers",
    "made_from",
    "periods_of",
    "register",
]

incidents.register()
actions.register()
assessments.register()
surveys.register()
