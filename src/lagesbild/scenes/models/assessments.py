"""Assessments of a scene by the seven indicators. Only added: what was once said stays as it was said."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Organisation
from lagesbild.core.text import GuardedTextField
from lagesbild.observations.models import Series
from lagesbild.scenes.indicators import ANSWERS
from lagesbild.scenes.models.register import Scene
from lagesbild.scenes.rule import N_INDICATORS, Answer

ANSWER_CHOICES = [(each.value, ANSWERS[each]) for each in Answer]


class Assessment(models.Model):
    """What was said of a scene for a year. The newest of a year holds; earlier ones stay as history."""

    scene = models.ForeignKey(Scene, on_delete=models.PROTECT, related_name="assessments")
    year = models.PositiveSmallIntegerField()
    assessed_on = models.DateField(null=True, blank=True)  # empty where the source gives only the year
    summary = GuardedTextField(blank=True)
    source = models.CharField(max_length=300, blank=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    function = models.CharField(max_length=160, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-year", "-recorded_at", "-pk")
        indexes = [
            # the by-year table and the list of scenes
            models.Index(fields=["scene", "year"], name="assessment_by_year"),
        ]

    def __str__(self) -> str:
        return f"{self.scene} {self.year}"


class AssessmentAnswer(models.Model):
    """The answer to one indicator, why, and after what source."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="answers")
    indicator = models.PositiveSmallIntegerField()
    answer = models.CharField(max_length=8, choices=ANSWER_CHOICES)
    reason = GuardedTextField(blank=True)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("indicator",)
        constraints = [
            models.UniqueConstraint(fields=["assessment", "indicator"], name="assessment_answer_once"),
            models.CheckConstraint(
                condition=Q(indicator__gte=1, indicator__lte=N_INDICATORS), name="assessment_answer_of_seven"
            ),
            models.CheckConstraint(condition=Q(answer__in=[each.value for each in Answer]), name="assessment_answered"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.answer}"


class EvidenceKind(models.TextChoices):
    REPORT = "report", _("Field report")
    SERIES = "series", _("Series of figures")
    INCIDENTS = "incidents", _("Incidents")
    INTERVIEW = "interview", _("Interview")


class Evidence(models.Model):
    """What an answer rests on. An interview names a function, never a person."""

    answer = models.ForeignKey(AssessmentAnswer, on_delete=models.CASCADE, related_name="evidence")
    kind = models.CharField(max_length=10, choices=EvidenceKind)
    report_number = models.PositiveIntegerField(null=True, blank=True)
    series = models.ForeignKey(Series, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    filter = models.JSONField(default=dict)  # an EventFilter, see observations
    function = models.CharField(max_length=160, blank=True)
    text = GuardedTextField(blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="report", report_number__isnull=False)
                | Q(kind="series", series__isnull=False)
                | Q(kind="incidents")
                | (Q(kind="interview") & ~Q(function="")),
                name="evidence_points_somewhere",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.report_number or self.series_id or self.function}"


class Dissent(models.Model):
    """Somebody who sees an indicator otherwise than the assessment. Kept beside it, never in its place."""

    answer = models.ForeignKey(AssessmentAnswer, on_delete=models.CASCADE, related_name="dissents")
    says = models.CharField(max_length=8, choices=ANSWER_CHOICES)
    reason = GuardedTextField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    function = models.CharField(max_length=160, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("recorded_at", "pk")

    def __str__(self) -> str:
        return f"{self.organisation}: {self.says}"


class Focus(models.Model):
    """The one or two indicators that the work on a scene is aimed at in a year. The newest of a year holds."""

    scene = models.ForeignKey(Scene, on_delete=models.CASCADE, related_name="focuses")
    year = models.PositiveSmallIntegerField()
    indicators = models.JSONField()  # one or two numbers
    reason = GuardedTextField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-year", "-recorded_at", "-pk")

    def __str__(self) -> str:
        return f"{self.scene} {self.year}: {self.indicators}"
