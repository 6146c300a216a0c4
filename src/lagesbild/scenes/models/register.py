"""The register of scenes: mapping rounds, scenes with an outline per round, and what became of one in the next.

Geometry is stored as in places: WKB in the collaboration's working coordinates (metres).
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from lagesbild.accounts.models import Owned
from lagesbild.core.text import GuardedTextField
from lagesbild.places.models import Place


class MappingRound(Owned):
    """One mapping of the open drug scenes of an area, at a time, by somebody."""

    title = models.CharField(max_length=200)
    mapped_on = models.DateField()
    source = models.CharField(max_length=300)
    note = GuardedTextField(blank=True)

    class Meta:
        ordering = ("-mapped_on", "-pk")
        constraints = [models.UniqueConstraint(fields=["collaboration", "title"], name="mapping_round_once")]

    def __str__(self) -> str:
        return self.title


class RoundCount(models.Model):
    """How many scenes a source says that the round found. Sources that disagree are kept side by side."""

    round = models.ForeignKey(MappingRound, on_delete=models.CASCADE, related_name="counts")
    n_scenes = models.PositiveIntegerField()
    source = models.CharField(max_length=300)

    class Meta:
        ordering = ("n_scenes",)
        constraints = [models.UniqueConstraint(fields=["round", "source"], name="round_count_once")]

    def __str__(self) -> str:
        return f"{self.round}: {self.n_scenes}"


class Scene(Owned):
    """An open drug scene, or a place held to be one: the fields of the Stockholm mapping.

    Whether it is one, and how serious, is what its assessments say; the register says only that it was mapped.
    """

    name = models.CharField(max_length=120)
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.PROTECT, related_name="scenes")
    size = GuardedTextField(blank=True)
    surroundings = GuardedTextField(blank=True)
    users_anchoring = GuardedTextField(blank=True)
    sellers_anchoring = GuardedTextField(blank=True)
    crime = GuardedTextField(blank=True)
    ongoing_work = GuardedTextField(blank=True)
    potential = GuardedTextField(blank=True)
    source = models.CharField(max_length=300, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    ended_why = GuardedTextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("name",)
        constraints = [models.UniqueConstraint(fields=["collaboration", "name"], name="scene_name_once")]

    def __str__(self) -> str:
        return self.name


class SceneOutline(models.Model):
    """The ground of a scene as one round drew it. The newest round's is the present one."""

    scene = models.ForeignKey(Scene, on_delete=models.CASCADE, related_name="outlines")
    round = models.ForeignKey(MappingRound, on_delete=models.PROTECT, related_name="outlines")
    geometry = models.BinaryField()
    drawing = models.TextField()  # the same ground as a GeoJSON geometry in WGS 84, ready for the map
    shape = models.CharField(max_length=10)
    x = models.FloatField()
    y = models.FloatField()
    radius_m = models.FloatField(null=True)
    area_m2 = models.FloatField()
    source = models.CharField(max_length=300)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("-round__mapped_on", "-pk")
        constraints = [
            models.UniqueConstraint(fields=["scene", "round"], name="scene_outline_once"),
            models.CheckConstraint(condition=Q(area_m2__gt=0), name="scene_outline_has_area"),
        ]

    def __str__(self) -> str:
        return f"{self.scene} {self.round}"


class SceneLink(models.Model):
    """What a scene of an earlier round became in this round. Several from one is a split, several to one a merger."""

    round = models.ForeignKey(MappingRound, on_delete=models.PROTECT, related_name="links")
    predecessor = models.ForeignKey(Scene, on_delete=models.CASCADE, related_name="successor_links")
    successor = models.ForeignKey(Scene, on_delete=models.CASCADE, related_name="predecessor_links")
    note = GuardedTextField(blank=True)

    class Meta:
        ordering = ("round__mapped_on", "pk")
        constraints = [
            models.UniqueConstraint(fields=["round", "predecessor", "successor"], name="scene_link_once"),
            models.CheckConstraint(condition=~Q(predecessor=F("successor")), name="scene_link_between_two"),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"
