"""How the collaboration fares and who knows of it: success factors, interviews, and trainings as counts."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Collaboration, Function, Owned, User
from lagesbild.core.text import GuardedTextField


class Factor(models.Model):
    """A success factor, from a named list."""

    collaboration = models.ForeignKey(Collaboration, on_delete=models.CASCADE, related_name="factors")
    code = models.SlugField(max_length=60)
    collection = models.CharField(max_length=120)
    name = GuardedTextField()
    name_en = GuardedTextField(blank=True)
    citation = models.CharField(max_length=300, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("order", "pk")
        constraints = [models.UniqueConstraint(fields=["collaboration", "code"], name="factor_code_once")]

    def __str__(self) -> str:
        return str(self.name)

    @property
    def shown(self) -> str:
        """The factor in the reader's language, as far as there is one."""
        english = (get_language() or "").startswith("en") and self.name_en
        return str(self.name_en if english else self.name)


class Assessment(Owned):
    """One look at the collaboration against the factors, on a date; of one forum, or of the whole."""

    on = models.DateField()
    forum = models.CharField(max_length=120, blank=True)
    note = GuardedTextField(blank=True)
    made_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("on", "pk")

    def __str__(self) -> str:
        return f"{self.on}"


class FactorScore(models.Model):
    """How well a factor holds: 1 not at all to 4 wholly; empty is not known."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="scores")
    factor = models.ForeignKey(Factor, on_delete=models.PROTECT, related_name="scores")
    score = models.PositiveSmallIntegerField(null=True)
    reason = GuardedTextField(blank=True)

    class Meta:
        ordering = ("factor__order",)
        constraints = [
            models.UniqueConstraint(fields=["assessment", "factor"], name="factor_score_once"),
            models.CheckConstraint(condition=Q(score=None) | Q(score__gte=1, score__lte=4), name="factor_score_range"),
        ]

    def __str__(self) -> str:
        return f"{self.factor_id} {self.score}"


class Interview(Owned):
    """A short interview with a function about one forum: its form, how often it meets, its set-up."""

    on = models.DateField()
    forum = models.CharField(max_length=120)
    function = models.ForeignKey(Function, on_delete=models.PROTECT, related_name="+")
    form = GuardedTextField(blank=True)
    frequency = GuardedTextField(blank=True)
    set_up = GuardedTextField(blank=True)
    changed = GuardedTextField(blank=True)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-on", "forum", "pk")

    def __str__(self) -> str:
        return f"{self.forum} {self.on}"


class TrainingKind(models.TextChoices):
    INTRODUCTION = "introduction", _("Introduction")
    TRAINING = "training", _("Training")
    VISIT = "visit", _("Study visit")
    BRIEFING = "briefing", _("Information at a meeting")


class Training(Owned):
    """People of a function who have learnt of the work: how many, never who."""

    on = models.DateField()
    function = models.ForeignKey(Function, on_delete=models.PROTECT, related_name="+")
    unit = models.CharField(max_length=120, blank=True)  # the unit or shift that was reached
    kind = models.CharField(max_length=12, choices=TrainingKind)
    topic = models.CharField(max_length=200, blank=True)
    n_people = models.PositiveIntegerField()
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-on", "-pk")

    def __str__(self) -> str:
        return f"{self.on} {self.n_people}"
