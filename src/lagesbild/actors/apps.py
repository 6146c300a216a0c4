"""Who does what, when and where: functions, mandate, duty hours, zones, agreements, promises."""

from django.apps import AppConfig


class ActorsConfig(AppConfig):
    name = "lagesbild.actors"
    label = "actors"
