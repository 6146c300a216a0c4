"""The guest arena: where those who come to a place live, as counts only, and what was told to those municipalities."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Owned
from lagesbild.core.text import GuardedTextField
from lagesbild.places.models import Place


class OriginKind(models.TextChoices):
    DISTRICT = "district", _("District of the own municipality")
    MUNICIPALITY = "municipality", _("Another municipality")
    REGION = "region", _("A larger area")
    UNKNOWN = "unknown", _("Unknown or not answered")


class OriginTable(Owned):
    """A delivered or published table of where people came from, and who was counted."""

    title = models.CharField(max_length=200)
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=300)
    note = GuardedTextField(blank=True)
    is_published = models.BooleanField(default=False)  # already public with source: shown as printed
    file_sha256 = models.CharField(max_length=64, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("title",)
        constraints = [models.UniqueConstraint(fields=["collaboration", "title"], name="origin_table_once")]

    def __str__(self) -> str:
        return self.title


class OriginCount(models.Model):
    """How many came from one origin in a year, of one group. A published share may stand where no count is printed."""

    table = models.ForeignKey(OriginTable, on_delete=models.CASCADE, related_name="counts")
    origin = models.CharField(max_length=120)
    kind = models.CharField(max_length=14, choices=OriginKind)
    year = models.PositiveSmallIntegerField()
    group = models.CharField(max_length=120, blank=True)
    count = models.PositiveIntegerField(null=True, blank=True)
    share_pct = models.FloatField(null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("year", "group", "order", "origin")
        constraints = [
            models.UniqueConstraint(fields=["table", "origin", "year", "group"], name="origin_count_once"),
            models.CheckConstraint(
                condition=Q(count__isnull=False, share_pct=None) | Q(count=None, share_pct__isnull=False),
                name="origin_count_or_share",
            ),
            models.CheckConstraint(
                condition=Q(share_pct=None) | Q(share_pct__gte=0, share_pct__lte=100), name="origin_share_within"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.origin} {self.year}"


class FeedbackLetter(Owned):
    """A letter to a municipality or district that many come from. What was sent is never changed."""

    table = models.ForeignKey(OriginTable, on_delete=models.PROTECT, related_name="letters")
    origin = models.CharField(max_length=120)
    year = models.PositiveSmallIntegerField()
    text = GuardedTextField(max_length=8000)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    sent_on = models.DateField(null=True, blank=True)
    sent_to = models.CharField(max_length=200, blank=True)  # a function or registry, never a person
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-written_at", "-pk")
        constraints = [
            models.CheckConstraint(condition=Q(sent_on=None) | ~Q(sent_to=""), name="feedback_letter_sent_somewhere")
        ]

    def __str__(self) -> str:
        return f"{self.origin} {self.year}"
