"""Zones: ground where somebody has powers that end at its border, such as a LOV 3 § area, for a time."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Function, Organisation, Owned, once_each
from lagesbild.core.text import GuardedTextField


class ZoneKind(models.TextChoices):
    LOV3 = "lov3", _("LOV 3 § area")
    GUARDED = "guarded", _("Guarded premises")
    AGREED = "agreed", _("Agreed working area")


class Zone(Owned):
    """Ground in working coordinates, and the half-open period in which it holds."""

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=ZoneKind)
    geometry = models.BinaryField()
    drawing = models.TextField()  # the same ground as GeoJSON in WGS 84, ready for the map
    min_x = models.FloatField()
    min_y = models.FloatField()
    max_x = models.FloatField()
    max_y = models.FloatField()
    area_m2 = models.FloatField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    is_approximate = models.BooleanField(default=False)
    source = models.CharField(max_length=300, blank=True)
    note = GuardedTextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("name", "-valid_from")
        constraints = [
            models.UniqueConstraint(fields=["collaboration", "name", "valid_from"], name="zone_name_once_per_period"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="zone_period_forward"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ZoneActor(models.Model):
    """Who may act in a zone: a function, or everyone of an organisation."""

    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="actors")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    function = models.ForeignKey(Function, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    powers = GuardedTextField(blank=True)

    class Meta:
        ordering = ("organisation__name", "function__name")
        constraints = once_each("zone", name="zone_actor_once")

    def __str__(self) -> str:
        return str(self.function or self.organisation)
