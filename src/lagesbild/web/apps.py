"""Base templates, the stylesheet, the map module and the menu."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "lagesbild.web"
    label = "web"
