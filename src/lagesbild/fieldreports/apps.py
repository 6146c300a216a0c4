"""What people in the field see: short reports, and what became of them."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FieldreportsConfig(AppConfig):
    name = "lagesbild.fieldreports"
    label = "fieldreports"

    def ready(self) -> None:
        from lagesbild.fieldreports import in_picture, photos, queries
        from lagesbild.notices import register_kind
        from lagesbild.picture import offers

        photos.named_by(self.label, queries.photo_names)
        offers.register_reports(in_picture.Offer())
        register_kind("fieldreports.reviewed", title=_("Word about a report of yours"))
