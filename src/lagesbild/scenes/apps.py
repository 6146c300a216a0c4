"""Open drug scenes and places to watch: assessments, indices, deep dives, where people come from."""

from django.apps import AppConfig


class ScenesConfig(AppConfig):
    name = "lagesbild.scenes"
    label = "scenes"
