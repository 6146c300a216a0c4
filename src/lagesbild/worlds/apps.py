"""The example worlds as an app, so that their texts are translated. No models."""

from django.apps import AppConfig


class WorldsConfig(AppConfig):
    name = "lagesbild.worlds"
    label = "worlds"
