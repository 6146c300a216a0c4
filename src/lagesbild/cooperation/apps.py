"""Forums, meetings, matters and actions."""

from django.apps import AppConfig


class CooperationConfig(AppConfig):
    name = "lagesbild.cooperation"
    label = "cooperation"
