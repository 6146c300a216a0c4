"""Field reports and what happened to each. Where the incidents of others stand is ``observations/store``."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lagesbild.accounts.models import Function, Owned
from lagesbild.core.text import GuardedTextField
from lagesbild.observations.models import Category
from lagesbild.observations.queries import in_language
from lagesbild.places.models import Place


class Act(models.TextChoices):
    """What goes on with drugs or other goods: handling, storage and sale are different acts in different places."""

    HANDLING = "handling", pgettext_lazy("act", "Handling")
    STORAGE = "storage", pgettext_lazy("act", "Storage")
    SALE = "sale", pgettext_lazy("act", "Sale")
    USE = "use", pgettext_lazy("act", "Use")
    OTHER = "other", pgettext_lazy("act", "Something else")


class Visibility(models.TextChoices):
    """How open it is."""

    OPEN = "open", pgettext_lazy("visibility", "Open")
    HIDDEN = "hidden", pgettext_lazy("visibility", "Hidden")
    INDOOR = "indoor", pgettext_lazy("visibility", "Indoors")
    DIGITAL = "digital", pgettext_lazy("visibility", "Digital")


class Certainty(models.TextChoices):
    """How the reporter knows."""

    SEEN = "seen", pgettext_lazy("certainty", "Seen")
    SUSPECTED = "suspected", pgettext_lazy("certainty", "Suspected")
    HEARD = "heard", pgettext_lazy("certainty", "Heard")


class Status(models.TextChoices):
    """How far the report has come. A joined one lives on in its lead."""

    NEW = "new", pgettext_lazy("report", "New")
    REVIEWED = "reviewed", pgettext_lazy("report", "Reviewed")
    JOINED = "joined", pgettext_lazy("report", "Joined")
    ANSWERED = "answered", pgettext_lazy("report", "Answered")


class Precision(models.TextChoices):
    """How exactly the place is known, in the words of the incident frame."""

    EXACT = "exact", _("the very spot")
    STREET = "street", _("street or block")
    AREA = "area", _("area")
    NONE = "none", _("no place")


class FieldReport(Owned):
    """What somebody saw, suspected or heard in a place. Never about a person.

    ``client_id`` is made where the report is written, so that sending it again makes no second one; ``sent_digest``
    tells a second sending from another report. ``x``, ``y`` are metres in the collaboration's coordinates.
    """

    number = models.PositiveIntegerField()
    client_id = models.UUIDField()
    sent_digest = models.CharField(max_length=64)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+")
    act = models.CharField(max_length=12, choices=Act, blank=True)
    visibility = models.CharField(max_length=12, choices=Visibility, blank=True)
    certainty = models.CharField(max_length=12, choices=Certainty, default=Certainty.SEEN)
    occurred_from = models.DateTimeField()
    occurred_to = models.DateTimeField(null=True, blank=True)
    x = models.FloatField(null=True, blank=True)
    y = models.FloatField(null=True, blank=True)
    precision = models.CharField(max_length=12, choices=Precision, default=Precision.NONE)
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    place_text = GuardedTextField(blank=True, max_length=200)
    note = GuardedTextField(blank=True, max_length=1000)
    photo = models.CharField(max_length=80, blank=True)  # the name of a file, see photos.py
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    function = models.ForeignKey(Function, on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField()
    status = models.CharField(max_length=12, choices=Status, default=Status.NEW)
    lead = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="followers")
    became = GuardedTextField(blank=True, max_length=1000)
    became_at = models.DateTimeField(null=True, blank=True)
    is_exercise = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-occurred_from", "-pk")
        constraints = [
            models.UniqueConstraint(fields=["collaboration", "number"], name="field_report_number_once"),
            models.UniqueConstraint(fields=["collaboration", "client_id"], name="field_report_sent_once"),
            models.CheckConstraint(
                condition=Q(occurred_to=None) | Q(occurred_to__gte=F("occurred_from")), name="field_report_time_forward"
            ),
            models.CheckConstraint(
                condition=Q(x=None, y=None) | Q(x__isnull=False, y__isnull=False), name="field_report_point_whole"
            ),
            models.CheckConstraint(
                condition=Q(status="joined", lead__isnull=False) | (~Q(status="joined") & Q(lead=None)),
                name="field_report_joined_has_lead",
            ),
            models.CheckConstraint(condition=~Q(sharing="public"), name="field_report_not_public"),
        ]
        indexes = [
            # the list, newest first, and the frame of a period
            models.Index(fields=["collaboration", "-occurred_from"], name="field_report_by_time"),
            # reports of the same kind about, for joining
            models.Index(fields=["collaboration", "category", "occurred_from"], name="field_report_by_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.category}"

    @property
    def what(self) -> str:
        """The category in the reader's language."""
        return in_language(self.category.name, self.category.name_en)

    @property
    def what_kind(self) -> str:
        """The category above, which a short name such as *Sale* cannot do without; empty at the top."""
        parent = self.category.parent
        return in_language(parent.name, parent.name_en) if parent else ""

    @property
    def where(self) -> str:
        """The place in words."""
        return str(self.place_text) or (self.place.name if self.place else "")


class EventKind(models.TextChoices):
    """What may happen to a report."""

    SENT = "sent", pgettext_lazy("report", "Written")
    REVIEWED = "reviewed", pgettext_lazy("report", "Reviewed")
    RECATEGORISED = "recategorised", _("Category corrected")
    JOINED = "joined", _("Joined to another report")
    PARTED = "parted", _("Parted from another report")
    LEADS = "leads", _("Another report was joined to this one")
    ANSWERED = "answered", pgettext_lazy("report", "Answered")
    ADDED = "added", _("Added")


class ReportEvent(models.Model):
    """One step in the life of a report; never altered. ``before`` and ``after`` are names as they stood then."""

    report = models.ForeignKey(FieldReport, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=16, choices=EventKind)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    function = models.ForeignKey(Function, on_delete=models.PROTECT, related_name="+")
    before = models.CharField(max_length=120, blank=True)
    after = models.CharField(max_length=120, blank=True)
    text = GuardedTextField(blank=True, max_length=1000)
    other = models.ForeignKey(FieldReport, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.report_id} {self.kind}"
