"""Sources, categories, caveats, import batches and series. The incidents themselves are in ``store.py``."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Collaboration, Owned
from lagesbild.core.models import Job
from lagesbild.core.text import GuardedTextField
from lagesbild.places.models import Area


class Source(Owned):
    """Where incidents come from; remembers how its files are read."""

    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    mapping = models.JSONField(default=dict)
    is_exercise = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("name",)
        constraints = [models.UniqueConstraint(fields=["collaboration", "slug"], name="source_slug_once")]

    def __str__(self) -> str:
        return self.name


class Detection(models.TextChoices):
    """How a figure comes about; follows it everywhere."""

    VICTIM = "victim", _("Reported by victims or witnesses")
    DETECTED = "detected", _("Found through surveillance (follows police activity)")
    MIXED = "mixed", _("Both reported and found")
    NOT_CRIME = "not_crime", _("Not a crime")


class Category(models.Model):
    """A node in the collaboration's own tree of what is seen."""

    collaboration = models.ForeignKey(Collaboration, on_delete=models.CASCADE, related_name="categories")
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    detection = models.CharField(max_length=12, choices=Detection, default=Detection.MIXED)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("order", "name")
        constraints = [models.UniqueConstraint(fields=["collaboration", "code"], name="category_code_once")]

    def __str__(self) -> str:
        return self.name


class TypeMapping(models.Model):
    """What a source calls a thing → the category it counts in. Applied when counting, never baked into the store."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="type_mappings")
    source_type = models.CharField(max_length=200)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="type_mappings")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "source_type"], name="type_mapped_once")]

    def __str__(self) -> str:
        return f"{self.source_type} → {self.category}"


class Caveat(models.Model):
    """A reservation that is shown wherever figures of its category or source are."""

    collaboration = models.ForeignKey(Collaboration, on_delete=models.CASCADE, related_name="caveats")
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.CASCADE, related_name="caveats")
    source = models.ForeignKey(Source, null=True, blank=True, on_delete=models.CASCADE, related_name="caveats")
    text = GuardedTextField()
    text_en = GuardedTextField(blank=True)
    from_on = models.DateField(null=True, blank=True)
    to_on = models.DateField(null=True, blank=True)
    citation = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(category__isnull=False) | Q(source__isnull=False), name="caveat_about_something"
            )
        ]

    def __str__(self) -> str:
        return str(self.text)[:60]


class BatchState(models.TextChoices):
    """The life of an import: only ``applied`` has changed the store."""

    UPLOADED = "uploaded", _("Uploaded")
    CHECKED = "checked", _("Checked")
    COMMITTING = "committing", _("Being stored")
    APPLIED = "applied", _("Stored")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


class ImportBatch(Owned):
    """One file on its way into the incident store: all of it or nothing."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="batches")
    state = models.CharField(max_length=12, choices=BatchState, default=BatchState.UPLOADED)
    file_name = models.CharField(max_length=255)
    file_sha256 = models.CharField(max_length=64)
    file_bytes = models.PositiveBigIntegerField()
    sheet = models.CharField(max_length=120, blank=True)
    mapping = models.JSONField(default=dict)
    findings = models.JSONField(default=dict)  # notes on the whole file, as codes with their values
    n_rows = models.PositiveBigIntegerField(default=0)
    n_added = models.PositiveBigIntegerField(default=0)
    n_updated = models.PositiveBigIntegerField(default=0)
    n_unchanged = models.PositiveBigIntegerField(default=0)
    n_refused = models.PositiveBigIntegerField(default=0)
    n_withheld = models.PositiveBigIntegerField(default=0)
    n_warnings = models.PositiveBigIntegerField(default=0)
    data_version = models.PositiveBigIntegerField(null=True)
    error_code = models.CharField(max_length=60, blank=True)
    error_message = models.TextField(blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ("-created_at",)
        indexes = [
            # repair at start looks for batches caught between store and database
            models.Index(fields=["state"], name="batch_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} → {self.source} ({self.state})"


class SeriesTable(Owned):
    """A published or delivered table of figures: the cover of its series."""

    slug = models.SlugField(max_length=60)
    title = models.CharField(max_length=200)
    source = models.CharField(max_length=300)
    is_published = models.BooleanField(default=False)  # already public with source: exempt from suppression
    note = GuardedTextField(blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("title",)
        constraints = [models.UniqueConstraint(fields=["collaboration", "slug"], name="series_table_slug_once")]

    def __str__(self) -> str:
        return self.title


class Series(models.Model):
    """One line of a table: what, where, in which unit."""

    table = models.ForeignKey(SeriesTable, on_delete=models.CASCADE, related_name="series")
    key = models.SlugField(max_length=80)
    title = models.CharField(max_length=200)
    unit = models.CharField(max_length=60)
    area = models.ForeignKey(Area, null=True, blank=True, on_delete=models.SET_NULL, related_name="series")
    area_text = models.CharField(max_length=200, blank=True)
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.SET_NULL, related_name="series")
    note = GuardedTextField(blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("order", "key")
        constraints = [models.UniqueConstraint(fields=["table", "key"], name="series_key_once")]

    def __str__(self) -> str:
        return self.title


class SeriesValue(models.Model):
    """One figure of a series over a half-open period; ``value`` is empty where none was given, never zero."""

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="values")
    period_from = models.DateField()
    period_to = models.DateField()
    value = models.FloatField(null=True)
    printed = models.CharField(max_length=40, blank=True)  # as the source writes it: "2 704", "-"
    is_partial = models.BooleanField(default=False)
    is_provisional = models.BooleanField(default=False)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("period_from", "period_to")
        constraints = [
            models.UniqueConstraint(fields=["series", "period_from", "period_to"], name="series_period_once"),
            models.CheckConstraint(condition=Q(period_to__gt=F("period_from")), name="series_period_forward"),
        ]

    def __str__(self) -> str:
        return f"{self.period_from} {self.value}"
