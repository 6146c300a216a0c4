"""Who is responsible for which objects where, and what is asked because nobody knows."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language

from lagesbild.accounts.models import Collaboration, Organisation, Owned, User
from lagesbild.actors.models.zones import Zone
from lagesbild.core.text import GuardedTextField
from lagesbild.places.models import Area, Place


class ObjectKind(models.Model):
    """A kind of thing that somebody looks after: a lamp, a bush, a railing, the ground."""

    collaboration = models.ForeignKey(Collaboration, on_delete=models.CASCADE, related_name="object_kinds")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("order", "name")
        constraints = [models.UniqueConstraint(fields=["collaboration", "code"], name="object_kind_code_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def shown(self) -> str:
        """The name in the reader's language, as far as there is one."""
        return self.name_en if (get_language() or "").startswith("en") and self.name_en else self.name


class ResponsibilityEntry(Owned):
    """``organisation`` answers for objects of a kind (of every kind when empty) on some ground, for a time.

    The ground is one place, area or zone; without any it is everywhere.
    """

    kind = models.ForeignKey(ObjectKind, null=True, blank=True, on_delete=models.PROTECT, related_name="entries")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="responsibilities")
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    zone = models.ForeignKey(Zone, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    is_private = models.BooleanField(default=False)  # private land: measures are harder there
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=300, blank=True)
    note = GuardedTextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("kind__order", "organisation__name", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(place=None, area=None) | Q(place=None, zone=None) | Q(area=None, zone=None),
                name="responsibility_one_ground",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gt=F("valid_from")),
                name="responsibility_period_forward",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.organisation}"


class ResponsibilityQuestion(Owned):
    """Nobody is known to answer for this: asked until somebody says who."""

    kind = models.ForeignKey(ObjectKind, null=True, on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, null=True, on_delete=models.PROTECT, related_name="+")
    x = models.FloatField(null=True)
    y = models.FloatField(null=True)
    note = GuardedTextField(blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answer = models.ForeignKey(ResponsibilityEntry, null=True, on_delete=models.SET_NULL, related_name="questions")

    class Meta:
        ordering = ("answered_at", "asked_at")
        indexes = [
            # the queue: open questions of a collaboration, oldest first
            models.Index(fields=["collaboration", "answered_at", "asked_at"], name="responsibility_queue"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.place}"
