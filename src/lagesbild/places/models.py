"""Area sets with versions and hierarchy, places, place types, dated facts and base-map layers.

Geometry is stored as WKB in the collaboration's working coordinates (metres; SWEREF 99 TM in Sweden).
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Collaboration, Owned
from lagesbild.core.text import GuardedTextField


class AreaSet(Owned):
    """One way of dividing the ground, such as *basområden* or police areas; several stand side by side."""

    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    parent_set = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="child_sets")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["collaboration", "slug"], name="area_set_slug_once")]

    def __str__(self) -> str:
        return self.name


class AreaSetVersion(models.Model):
    """The boundaries as they were from a date; the newest is the current one."""

    area_set = models.ForeignKey(AreaSet, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    valid_from = models.DateField(null=True)
    source = models.CharField(max_length=300)
    imported_crs = models.CharField(max_length=60)
    imported_at = models.DateTimeField()
    file_sha256 = models.CharField(max_length=64, blank=True)
    reading = models.JSONField(default=dict)
    repairs = models.JSONField(default=list)

    class Meta:
        ordering = ("area_set", "-number")
        constraints = [models.UniqueConstraint(fields=["area_set", "number"], name="area_set_version_once")]

    def __str__(self) -> str:
        return f"{self.area_set} {self.number}"


class AreaSetDrawing(models.Model):
    """What the map draws of a version, simplified when it was stored. Apart, because it is large and seldom wanted."""

    version = models.OneToOneField(AreaSetVersion, on_delete=models.CASCADE, related_name="drawing")
    polygons = models.TextField()
    outline = models.TextField()

    def __str__(self) -> str:
        return str(self.version)


class Area(models.Model):
    """One area of one version. Its identity over versions is its code within the set."""

    version = models.ForeignKey(AreaSetVersion, on_delete=models.CASCADE, related_name="areas")
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    aliases = models.JSONField(default=list)
    parent = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="children")
    geometry = models.BinaryField()
    min_x = models.FloatField()
    min_y = models.FloatField()
    max_x = models.FloatField()
    max_y = models.FloatField()
    label_x = models.FloatField()
    label_y = models.FloatField()
    area_m2 = models.FloatField()

    class Meta:
        ordering = ("name", "code")
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="area_code_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def area_km2(self) -> float:
        return self.area_m2 / 1e6


class PlaceType(models.Model):
    """A kind of place (ledger row B3): several may be true of one place."""

    collaboration = models.ForeignKey(Collaboration, on_delete=models.CASCADE, related_name="place_types")
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ("name",)
        constraints = [models.UniqueConstraint(fields=["collaboration", "code"], name="place_type_code_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def shown(self) -> str:
        """The name in the reader's language, as far as there is one."""
        return self.name_en if (get_language() or "").startswith("en") and self.name_en else self.name


class PlaceShape(models.TextChoices):
    POLYGON = "polygon", _("Polygon")
    CIRCLE = "circle", _("Point with radius")


class Place(Owned):
    """A place that people name: a polygon, or a point with a radius. Its municipality is part of its identity."""

    name = models.CharField(max_length=120)
    municipality = models.CharField(max_length=120, blank=True)
    aliases = models.JSONField(default=list)
    types = models.ManyToManyField(PlaceType, related_name="places", blank=True)
    shape = models.CharField(max_length=10, choices=PlaceShape)
    geometry = models.BinaryField()
    drawing = models.TextField(default="")  # the same ground as a GeoJSON geometry in WGS 84, ready for the map
    x = models.FloatField()
    y = models.FloatField()
    radius_m = models.FloatField(null=True)
    description = GuardedTextField(blank=True)
    source = models.CharField(max_length=300, blank=True)
    retired_on = models.DateField(null=True)

    class Meta:
        ordering = ("name", "municipality")
        constraints = [
            models.UniqueConstraint(fields=["collaboration", "municipality", "name"], name="place_name_once"),
            models.CheckConstraint(
                condition=Q(shape="polygon", radius_m=None) | Q(shape="circle", radius_m__gt=0),
                name="place_circle_has_radius",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FactKind(models.TextChoices):
    RESIDENTS = "residents", _("Residents")
    AMBIENT = "ambient", _("People present (ambient population)")
    WORKERS = "workers", _("Workers")
    TRAVELLERS = "travellers", _("Travellers per day")
    PASSERS_BY = "passers_by", _("Passers-by per day")


class Fact(Owned):
    """A dated number about an area or a place, with its source. A denominator belongs to its own area only."""

    area = models.ForeignKey(Area, null=True, blank=True, on_delete=models.CASCADE, related_name="facts")
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.CASCADE, related_name="facts")
    kind = models.CharField(max_length=20, choices=FactKind)
    value = models.FloatField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=300)
    note = GuardedTextField(blank=True)

    class Meta:
        ordering = ("kind", "-valid_from")
        constraints = [
            models.CheckConstraint(
                condition=Q(area__isnull=False, place=None) | Q(area=None, place__isnull=False),
                name="fact_about_one_thing",
            ),
            models.CheckConstraint(condition=Q(value__gte=0), name="fact_not_negative"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="fact_period_forward"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.value:g}"


class BaseLayerKind(models.TextChoices):
    LAND = "land", _("Land")
    WATER = "water", _("Water")
    LINE = "line", _("Line")
    POINT = "point", _("Point")


class BaseLayer(Owned):
    """A vector layer of the base map, simplified when it is stored; WGS 84 GeoJSON, ready to send."""

    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=BaseLayerKind)
    geojson = models.TextField()
    digest = models.CharField(max_length=64, default="")
    source = models.CharField(max_length=300)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("order", "slug")
        constraints = [models.UniqueConstraint(fields=["collaboration", "slug"], name="base_layer_slug_once")]

    def __str__(self) -> str:
        return self.name
