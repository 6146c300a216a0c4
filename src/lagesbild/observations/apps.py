"""What is seen: incidents, their sources and categories, and series of figures."""

from django.apps import AppConfig


class ObservationsConfig(AppConfig):
    name = "lagesbild.observations"
    label = "observations"
