"""The shared picture: hot spots, profiles, change, and the dated pictures that forums talk about."""

from django.apps import AppConfig


class PictureConfig(AppConfig):
    name = "lagesbild.picture"
    label = "picture"
