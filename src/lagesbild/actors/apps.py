"""Who does what, when and where: functions, mandate, duty hours, zones, agreements, promises."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActorsConfig(AppConfig):
    name = "lagesbild.actors"
    label = "actors"

    def ready(self) -> None:
        from lagesbild.actors import in_picture
        from lagesbild.notices import register_kind
        from lagesbild.picture import offers

        offers.register_zones(in_picture.zones)
        register_kind("actors.agreement_ends", title=_("An agreement or its money ends soon"))
