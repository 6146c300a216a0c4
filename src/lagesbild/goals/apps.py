"""Goals, indicators, measurements and judgements; proposals and what became of them."""

from django.apps import AppConfig


class GoalsConfig(AppConfig):
    name = "lagesbild.goals"
    label = "goals"
