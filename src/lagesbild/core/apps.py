"""Core has two tables of its own: the audit log and the jobs."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "lagesbild.core"
    label = "core"

    def ready(self) -> None:
        from lagesbild.core import tuning  # noqa: F401 - registers its job
