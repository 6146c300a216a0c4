"""What was dismissed from the watch list, and how an index is made."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from lagesbild.accounts.models import Owned
from lagesbild.core.text import GuardedTextField
from lagesbild.places.models import Place
from lagesbild.scenes.models.register import Scene
from lagesbild.scenes.rule import N_INDICATORS


class WatchDismissal(Owned):
    """Somebody has looked at a place that a rule points out, and says why it needs no more for now.

    ``key`` is the rule and what it saw: when the rule sees something new, the place stands on the list again.
    """

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=120)
    reason = GuardedTextField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-at", "-pk")
        constraints = [
            models.UniqueConstraint(fields=["collaboration", "place", "key"], name="watch_dismissed_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="watch_dismissed_with_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.key}"


class IndexRecipe(Owned):
    """How the index of one indicator of a scene is made of figures: an agreed formula, published with every value.

    ``parts`` is a list of {"weight", "zero_at", "hundred_at"} with either {"series": "table:key"} or what is counted:
    {"kind", "query", "around_m", "area"}; see ``figures.py`` and ``counting.py``.
    A changed recipe is a new row; the newest of an indicator holds.
    """

    scene = models.ForeignKey(Scene, null=True, on_delete=models.CASCADE, related_name="recipes")
    indicator = models.PositiveSmallIntegerField()
    parts = models.JSONField()
    note = GuardedTextField(blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("indicator", "-recorded_at", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(indicator__gte=1, indicator__lte=N_INDICATORS), name="index_recipe_of_seven"
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.recorded_at:%Y-%m-%d}"
