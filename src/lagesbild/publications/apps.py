"""The yearly report and the law's picture and plan: live figures, frozen when published."""

from django.apps import AppConfig


class PublicationsConfig(AppConfig):
    name = "lagesbild.publications"
    label = "publications"
