"""Goals and what they rest on: governing documents, indicators, measurements, judgements; proposals; handovers.

A measurement without a value says why. What was computed carries its origin, so that it can be computed again.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lagesbild.accounts.models import Function, Organisation, Owned, User
from lagesbild.cooperation.models import Action
from lagesbild.core.text import GuardedTextField
from lagesbild.goals.rule import Direction, TargetKind
from lagesbild.goals.rule import Verdict as RuleVerdict
from lagesbild.observations.models import Series
from lagesbild.places.models import Area


class GovernmentLevel(models.TextChoices):
    NATIONAL = "national", _("National")
    REGIONAL = "regional", _("Regional")
    MUNICIPAL = "municipal", _("Municipal")
    LOCAL = "local", _("District or local police area")
    COLLABORATION = "collaboration", _("The collaboration")


class GoverningDocument(Owned):
    """What a goal comes from: programme, budget, plan, agreement."""

    title = models.CharField(max_length=200)
    level = models.CharField(max_length=14, choices=GovernmentLevel)
    issued_by = models.CharField(max_length=120, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    note = GuardedTextField(blank=True)
    source = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("level", "title")
        constraints = [models.UniqueConstraint(fields=["collaboration", "title"], name="governing_document_once")]

    def __str__(self) -> str:
        return self.title

    @property
    def last_day(self) -> date | None:
        """The last day on which it holds."""
        return self.valid_to and self.valid_to - timedelta(days=1)


class GoalKind(models.TextChoices):
    VISION = "vision", _("Vision")
    GOAL = "goal", _("Goal")
    SUB_GOAL = "sub_goal", _("Local sub-goal")


class Goal(Owned):
    """One node of the tree: vision, goal, local sub-goal. ``number`` is what people call it ("1", "2 a")."""

    kind = models.CharField(max_length=10, choices=GoalKind, default=GoalKind.GOAL)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts")
    number = models.CharField(max_length=10, blank=True)
    title = GuardedTextField(max_length=300)
    text = GuardedTextField(blank=True)
    responsible = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    documents = models.ManyToManyField(GoverningDocument, related_name="goals", blank=True)
    actions = models.ManyToManyField(Action, related_name="goals", blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=300, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("order", "number")
        constraints = [
            models.UniqueConstraint(
                fields=["collaboration", "number"], condition=~Q(number=""), name="goal_number_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()

    @property
    def last_day(self) -> date | None:
        """The last day on which it holds."""
        return self.valid_to and self.valid_to - timedelta(days=1)


class SourceKind(models.TextChoices):
    """Where figures come from, since each has its own weakness (ledger C7)."""

    REGISTER_VICTIM = "register_victim", _("Register, reported by victims")
    REGISTER_DETECTION = "register_detection", _("Register, detection crime")
    REGISTER = "register", _("Register, other")
    SURVEY = "survey", _("Survey")
    OBSERVATION = "observation", _("Observation")
    CONTACTS = "contacts", _("Count of contacts")
    ASSESSMENT = "assessment", _("Assessment")


class Unit(models.TextChoices):
    COUNT = "count", _("Count")
    PER_100000 = "per_100000", _("Per 100,000 residents")
    SHARE = "share", _("Share, %")
    INDEX = "index", _("Index")
    YES_NO = "yes_no", _("Yes or no")


class Indicator(Owned):
    """What shows whether a goal is met, how it is measured, and what is aimed at."""

    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="indicators")
    code = models.SlugField(max_length=80)
    group = models.CharField(max_length=200, blank=True)  # the heading of the table it stands in
    measure = models.CharField(max_length=200)  # *mätning*: the survey or register
    question = GuardedTextField(max_length=500)
    unit = models.CharField(max_length=12, choices=Unit)
    scale = models.CharField(max_length=60, blank=True)  # such as "1–4"
    decimals = models.PositiveSmallIntegerField(default=0)
    source_kind = models.CharField(max_length=20, choices=SourceKind)
    area = models.ForeignKey(Area, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    area_text = models.CharField(max_length=200, blank=True)
    target_kind = models.CharField(max_length=12, choices=[(each.value, each.value) for each in TargetKind])
    target_direction = models.CharField(max_length=4, choices=[(each.value, each.value) for each in Direction])
    target_value = models.FloatField(null=True, blank=True)
    target_base = models.DateField(null=True, blank=True)
    target_printed = models.CharField(max_length=60, blank=True)
    target_year = models.PositiveSmallIntegerField(null=True, blank=True)
    compared_with = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="+")  # their plain mean
    footnotes = models.JSONField(default=list, blank=True)
    series = models.ForeignKey(Series, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    definition = models.JSONField(default=dict, blank=True)  # how it is computed (computing/); empty if typed
    definition_note = GuardedTextField(blank=True)
    responsible = models.ForeignKey(Function, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    is_published = models.BooleanField(default=False)  # already public, with source: small counts are shown
    source = models.CharField(max_length=300, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    retired_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("goal__order", "order")
        constraints = [models.UniqueConstraint(fields=["collaboration", "code"], name="indicator_code_once")]

    def __str__(self) -> str:
        return str(self.question)


class Missing(models.TextChoices):
    """Why there is no value. Never drawn as zero."""

    NOT_MEASURED = "not_measured", _("Not measured")
    NOT_YET = "not_yet", _("Not yet")
    WITHHELD = "withheld", _("Withheld")
    SUPPRESSED = "suppressed", _("Too few to be shown")


class Measurement(models.Model):
    """One figure of an indicator over a half-open period; breakdown by gender and age where people are counted."""

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="measurements")
    period_from = models.DateField()
    period_to = models.DateField()
    label = models.CharField(max_length=40)  # the heading of its column: "2018", "Aug 2019"
    gender = models.CharField(max_length=20, blank=True)  # "" all · women · men · other · unknown
    age_group = models.CharField(max_length=20, blank=True)  # "" all · such as 15-17 · unknown
    value = models.FloatField(null=True, blank=True)
    missing = models.CharField(max_length=14, choices=Missing, blank=True)
    printed = models.CharField(max_length=40, blank=True)  # exactly as the source prints it
    n = models.PositiveIntegerField(null=True, blank=True)
    low = models.FloatField(null=True, blank=True)
    high = models.FloatField(null=True, blank=True)
    is_partial = models.BooleanField(default=False)
    is_provisional = models.BooleanField(default=False)
    is_uncertain = models.BooleanField(default=False)
    after_break = models.BooleanField(default=False)
    footnote = models.CharField(max_length=300, blank=True)
    method = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=300)
    origin = models.JSONField(default=dict)  # {"kind": "series" | "incidents" | "actions" | "assessment" | "typed", …}
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("period_from", "period_to", "gender", "age_group")
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "period_from", "period_to", "gender", "age_group"], name="measurement_once"
            ),
            models.CheckConstraint(condition=Q(period_to__gt=F("period_from")), name="measurement_period_forward"),
            models.CheckConstraint(
                condition=Q(value__isnull=False, missing="") | (Q(value=None) & ~Q(missing="")),
                name="measurement_value_or_why_not",
            ),
            models.CheckConstraint(
                condition=Q(low=None, high=None) | Q(low__lte=F("high")), name="measurement_interval_forward"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator.code} {self.label}"


class Verdict(models.TextChoices):
    """How a goal stands. The first three are V's words."""

    MET = RuleVerdict.MET.value, pgettext_lazy("goal", "Met")
    PARTLY = RuleVerdict.PARTLY.value, pgettext_lazy("goal", "Partly met")
    NOT_MET = RuleVerdict.NOT_MET.value, pgettext_lazy("goal", "Not met")
    CANNOT = RuleVerdict.CANNOT.value, pgettext_lazy("goal", "Cannot be judged")


class Judgement(models.Model):
    """What people decided of a goal for a year, beside what the rule proposed then. Only added; the latest holds."""

    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="judgements")
    year = models.PositiveSmallIntegerField()
    verdict = models.CharField(max_length=20, choices=Verdict)
    analysis = GuardedTextField(blank=True, max_length=8000)
    difference = GuardedTextField(blank=True)  # why it differs from the proposal
    proposed = models.CharField(max_length=20, choices=Verdict)
    proposal = models.JSONField(default=dict)  # the rule's reasons and figures at the time
    signed_at = models.DateTimeField()
    signed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    function = models.CharField(max_length=160, blank=True)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("goal", "year", "signed_at", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict=F("proposed")) | ~Q(difference=""), name="judgement_says_why_it_differs"
            )
        ]

    def __str__(self) -> str:
        return f"{self.goal} {self.year} {self.verdict}"


class ProposalState(models.TextChoices):
    OPEN = "open", _("Undecided")
    ACCEPTED = "accepted", _("Accepted")
    ONGOING = "ongoing", _("Under way")
    DONE = "done", _("Carried out")
    DECLINED = "declined", _("Declined")


class Proposal(Owned):
    """A proposal for development (V has twenty-two). The next yearly report opens with what became of them."""

    year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    heading = models.CharField(max_length=120)
    text = GuardedTextField()
    holder = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=ProposalState, default=ProposalState.OPEN)
    decision = GuardedTextField(blank=True)
    decided_on = models.DateField(null=True, blank=True)
    action_number = models.PositiveIntegerField(null=True, blank=True)  # of the action plan
    source = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("year", "number")
        constraints = [
            models.UniqueConstraint(fields=["collaboration", "year", "number"], name="proposal_number_once"),
            models.CheckConstraint(condition=Q(state="open") | ~Q(decision=""), name="proposal_decided_with_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.year}:{self.number}"


class HandoverKind(models.TextChoices):
    LINKED = "linked", _("Linked on (länkning)")
    CONCERN = "concern", _("Report of concern (orosanmälan)")


class Handover(Owned):
    """How many were handed over from one function to another in a month. Counts, never persons (ledger C8)."""

    kind = models.CharField(max_length=10, choices=HandoverKind)
    from_function = models.ForeignKey(Function, on_delete=models.PROTECT, related_name="+")
    to_function = models.ForeignKey(Function, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    gender = models.CharField(max_length=20)
    age_group = models.CharField(max_length=20)
    count = models.PositiveIntegerField()
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-month", "kind")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "from_function", "to_function", "month", "gender", "age_group"], name="handover_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.month}"
