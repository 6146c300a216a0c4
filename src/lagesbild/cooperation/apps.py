"""Forums, meetings, matters and actions."""

from django.apps import AppConfig


class CooperationConfig(AppConfig):
    name = "lagesbild.cooperation"
    label = "cooperation"

    def ready(self) -> None:
        """Make known what others ask for by name."""
        from lagesbild.cooperation import evidence, report_news, telling
        from lagesbild.cooperation.actions import inviting

        telling.register()
        report_news.register()
        inviting.register()
        evidence.register()
