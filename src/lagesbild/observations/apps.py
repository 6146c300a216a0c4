"""What is seen: incidents, their sources and categories, and series of figures."""

from django.apps import AppConfig


class ObservationsConfig(AppConfig):
    name = "lagesbild.observations"
    label = "observations"

    def ready(self) -> None:
        from lagesbild.observations.actions import when_areas_change
        from lagesbild.places import after

        after.when_areas_change("observations", when_areas_change)
