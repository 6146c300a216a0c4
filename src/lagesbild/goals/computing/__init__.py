"""Figures computed by a saved definition: from incidents, from actions, or by what another subject registers."""

from lagesbild.goals.computing import actions, incidents
from lagesbild.goals.computing.registry import Computed, Computer, Year, computed_texts, computers, register

__all__ = ["Computed", "Computer", "Year", "computed_texts", "computers", "register"]

incidents.register()
actions.register()
