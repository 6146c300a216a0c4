"""Reports that are written over live figures, their sections, and the editions that were published and never change."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Organisation, Owned, User
from lagesbild.core.text import GuardedTextField


class Layout(models.TextChoices):
    """The order of sections: see ``layouts.py``."""

    YEARLY = "yearly", _("Yearly report")
    LAW = "law", _("Situational picture and action plan by the law (2023:196)")


class Report(Owned):
    """A report on one year. What stands in it is written in sections; what it counts is live until it is published."""

    layout = models.CharField(max_length=10, choices=Layout, default=Layout.YEARLY)
    year = models.PositiveSmallIntegerField()
    title = GuardedTextField(max_length=200)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-year", "layout")
        constraints = [models.UniqueConstraint(fields=["collaboration", "layout", "year"], name="report_once_a_year")]

    def __str__(self) -> str:
        return str(self.title)


class Section(models.Model):
    """One section of a report: a text with references in double square brackets to figures, tables and lists."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="sections")
    code = models.SlugField(max_length=40)
    order = models.PositiveSmallIntegerField()
    text = GuardedTextField(blank=True, max_length=40_000)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("order",)
        constraints = [models.UniqueConstraint(fields=["report", "code"], name="section_once")]

    def __str__(self) -> str:
        return f"{self.report} · {self.code}"


class Edition(models.Model):
    """A report as it was published. Its content never changes; the digest proves it."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=5)
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    data_version = models.PositiveIntegerField(null=True)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("report", "-number")
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="edition_number_once")]

    def __str__(self) -> str:
        return f"{self.report} {self.number}"
