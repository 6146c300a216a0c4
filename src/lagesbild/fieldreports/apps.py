"""What people in the field see: short reports, and what became of them."""

from django.apps import AppConfig


class FieldreportsConfig(AppConfig):
    name = "lagesbild.fieldreports"
    label = "fieldreports"
