"""What has been promised: agreements with commitments, promises to citizens, and what is said in public."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Function, Organisation, Owned, User
from lagesbild.core.text import GuardedTextField
from lagesbild.places.models import Place


class Agreement(Owned):
    """A *samverkansöverenskommelse*: its parties, goals and time, and until when money is settled."""

    title = models.CharField(max_length=200)
    parties = models.ManyToManyField(Organisation, related_name="agreements", blank=True)
    purpose = GuardedTextField(blank=True)
    goals = GuardedTextField(blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    funded_to = models.DateField(null=True, blank=True)
    remind_days = models.PositiveSmallIntegerField(default=90)
    reminded_for = models.DateField(null=True)  # the date whose reminder has gone out
    funding_reminded_for = models.DateField(null=True)
    source = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-valid_from", "title")
        constraints = [
            models.UniqueConstraint(fields=["collaboration", "title", "valid_from"], name="agreement_once"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="agreement_period_forward"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class AgreementVersion(models.Model):
    """The agreement and its commitments as they were from a moment on."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    content = models.JSONField()

    class Meta:
        ordering = ("-number",)
        constraints = [models.UniqueConstraint(fields=["agreement", "number"], name="agreement_version_once")]

    def __str__(self) -> str:
        return f"{self.agreement} {self.number}"


class CommitmentStatus(models.TextChoices):
    NOT_BEGUN = "not_begun", _("Not begun")
    ONGOING = "ongoing", _("Ongoing")
    KEPT = "kept", _("Kept")
    NOT_KEPT = "not_kept", _("Not kept")


class Commitment(models.Model):
    """An *åtagande*: what one party takes upon itself."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="commitments")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="commitments")
    text = GuardedTextField()
    status = models.CharField(max_length=10, choices=CommitmentStatus, default=CommitmentStatus.ONGOING)
    follow_up = GuardedTextField(blank=True)
    followed_up_on = models.DateField(null=True, blank=True)
    citation = models.CharField(max_length=300, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("organisation__name", "order", "pk")

    def __str__(self) -> str:
        return str(self.text)[:60]


class PromiseStatus(models.TextChoices):
    GIVEN = "given", _("Given")
    ONGOING = "ongoing", _("Being kept")
    KEPT = "kept", _("Kept")
    BROKEN = "broken", _("Not kept")


class Promise(Owned):
    """A *medborgarlöfte*: what an organisation has promised those who live and move at a place."""

    text = GuardedTextField()
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    given_on = models.DateField()
    due_on = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=PromiseStatus, default=PromiseStatus.GIVEN)
    source = models.CharField(max_length=300, blank=True)
    is_exercise = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-given_on", "pk")

    def __str__(self) -> str:
        return str(self.text)[:60]


class PromiseProgress(models.Model):
    """What has been done for a promise; shown to everybody when the promise is public."""

    promise = models.ForeignKey(Promise, on_delete=models.CASCADE, related_name="progress")
    on = models.DateField()
    text = GuardedTextField()

    class Meta:
        ordering = ("-on", "-pk")

    def __str__(self) -> str:
        return f"{self.on}"


class FearCheck(models.TextChoices):
    """The answer to: does this raise fear?"""

    LOWERS = "lowers", _("Probably lowers fear")
    NEUTRAL = "neutral", _("Neither raises nor lowers fear")
    RAISES = "raises", _("May raise fear, and is worth it")
    STOPPED = "stopped", _("Would raise fear: not sent")


class Communication(Owned):
    """Something said in public about the work, or decided not to be said, with the check of what it does to fear."""

    on = models.DateField()
    channel = models.CharField(max_length=120)
    audience = models.CharField(max_length=120, blank=True)
    text = GuardedTextField()
    agreed_message = GuardedTextField(blank=True)
    about = models.CharField(max_length=200, blank=True)  # the action or goal it belongs to, in words
    promise = models.ForeignKey(Promise, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    fear_check = models.CharField(max_length=10, choices=FearCheck)
    fear_reason = GuardedTextField()
    checked_by = models.ForeignKey(Function, null=True, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-on", "-pk")

    def __str__(self) -> str:
        return str(self.text)[:60]
