"""The action plan (*åtgärdsplan*): who does what by when, of which kind, and the evidence that it was done.

An action (*åtgärd*) grows out of a matter, a decision of a meeting, a commitment, or stands by itself.
"""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lagesbild.accounts.models import Function, Organisation, Owned, User
from lagesbild.actors.models import Agreement
from lagesbild.cooperation.models.forums import Forum
from lagesbild.cooperation.models.matters import Matter
from lagesbild.core.text import GuardedTextField
from lagesbild.places.models import Place


class ActionState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("action", "Planned")
    ONGOING = "ongoing", pgettext_lazy("action", "Ongoing")
    DONE = "done", pgettext_lazy("action", "Done")
    WRITTEN_OFF = "written_off", pgettext_lazy("action", "Written off")


class ActionType(models.TextChoices):
    """The facets by which actions are sorted (V, Metod och organisation; Ö 3.2–3.4), before the colon."""

    SOCIAL = "approach:social", _("Social")
    SITUATIONAL = "approach:situational", _("Situational")
    UNIVERSAL = "level:universal", _("Universal")
    SELECTIVE = "level:selective", _("Selective")
    INDICATED = "level:indicated", _("Indicated")
    SUPPLY = "aim:supply", _("Reduce supply")
    PLACE = "aim:place", _("Reduce the meaning of the place")
    DEMAND = "aim:demand", _("Reduce demand")
    TERRITORIALITY = "cpted:territoriality", _("Territoriality")
    SURVEILLANCE = "cpted:surveillance", _("Surveillance")
    ACCESS_CONTROL = "cpted:access", _("Access control")
    MAINTENANCE = "cpted:maintenance", _("Image and maintenance")
    ACTIVITY_SUPPORT = "cpted:activity", _("Activity support")
    TARGET_HARDENING = "cpted:hardening", _("Target hardening")
    SHORT_TERM = "term:short", _("Short term")
    LONG_TERM = "term:long", _("Long term")
    PHYSICAL = "form:physical", _("Physical")
    ORGANISATIONAL = "form:organisational", _("Organisational")


class Action(Owned):
    """One thing that one organisation has undertaken. ``number`` counts within the collaboration."""

    number = models.PositiveIntegerField()
    title = GuardedTextField(max_length=160)
    description = GuardedTextField(blank=True)
    matter = models.ForeignKey(Matter, null=True, blank=True, on_delete=models.PROTECT, related_name="actions")
    forum = models.ForeignKey(Forum, on_delete=models.PROTECT, related_name="actions")  # follows it until it ends
    meeting = models.ForeignKey(
        "cooperation.Meeting", null=True, blank=True, on_delete=models.PROTECT, related_name="actions"
    )
    agreement = models.ForeignKey(Agreement, null=True, blank=True, on_delete=models.PROTECT, related_name="actions")
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    location = models.CharField(max_length=160, blank=True)
    x = models.FloatField(null=True, blank=True)
    y = models.FloatField(null=True, blank=True)
    responsible = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="actions")
    function = models.ForeignKey(Function, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=ActionState, default=ActionState.PLANNED)
    types = models.JSONField(default=list, blank=True)  # of ActionType, sorted
    cost_sek = models.DecimalField(
        max_digits=12, decimal_places=0, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    depends_on = models.ManyToManyField("self", symmetrical=False, related_name="needed_by", blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    ended_on = models.DateField(null=True, blank=True)
    ending_reason = GuardedTextField(blank=True)
    source = models.CharField(max_length=300, blank=True)
    soon_told_for = models.DateField(null=True)  # the due date of which the responsible have been told beforehand
    late_told_for = models.DateField(null=True)  # and the one of which they have been told that it has passed
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("due_on", "number")
        constraints = [
            models.UniqueConstraint(fields=["collaboration", "number"], name="action_number_once"),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "ongoing"], ended_on=None)
                | Q(state__in=["done", "written_off"], ended_on__isnull=False),
                name="action_ended_has_date",
            ),
            models.CheckConstraint(
                condition=~Q(state="written_off") | ~Q(ending_reason=""), name="action_written_off_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(x=None, y=None) | Q(x__isnull=False, y__isnull=False), name="action_both_coordinates"
            ),
        ]
        indexes = [
            # the plan of a forum, and what is overdue in it; the last two say who may see it without reading the row
            models.Index(fields=["forum", "state", "due_on", "number", "owner", "sharing"], name="action_by_forum"),
            # "mine" and overdue per organisation
            models.Index(fields=["collaboration", "responsible", "state", "due_on"], name="action_by_responsible"),
            # the whole plan by state and day, and the daily look for what is due; with all that counting and sorting
            # ask for, so that of thousands only the rows of one page are read
            models.Index(
                fields=[
                    "collaboration",
                    "state",
                    "due_on",
                    "number",
                    "owner",
                    "sharing",
                    "responsible",
                    "ended_on",
                    "cost_sek",
                ],
                name="action_by_due",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.number} {self.title}"


class ActionChange(models.Model):
    """One change of an action: which fields, from what to what. Added, never changed."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="changes")
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    note = GuardedTextField(blank=True)
    fields = models.JSONField(default=dict)  # name → [before, after]

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.action} {self.at}"


class Evidence(models.Model):
    """A photo (metadata removed) or document that shows that an action was done. ``file``: see evidence.py."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="evidence")
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    file = models.CharField(max_length=80)
    name = models.CharField(max_length=120)
    note = GuardedTextField(blank=True)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return self.name
