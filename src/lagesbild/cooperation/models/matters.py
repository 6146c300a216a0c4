"""Matters (*ärenden*): one identity from whoever raised it to done or written off, and the word back.

A matter is always held by a forum. Its steps are only ever added. What its raisers were told is kept beside it.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, gettext_noop, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Membership, Organisation, Owned, User
from lagesbild.cooperation.models.forums import Forum
from lagesbild.core.text import GuardedTextField
from lagesbild.fieldreports.models import FieldReport
from lagesbild.places.models import Place


class MatterState(models.TextChoices):
    """Where a matter stands; which steps lead where is in ``transitions.py``.

    Raised is also what it is when it has come to another forum and waits to be taken up there. Terminal: done and
    written off, both with a reason; both can be reopened.
    """

    RAISED = "raised", _("Waits to be taken up")
    HANDLED = "handled", _("Handled in forum")
    ACTING = "acting", _("Action under way")
    DONE = "done", pgettext_lazy("matter", "Done")
    WRITTEN_OFF = "written_off", pgettext_lazy("matter", "Written off")


OPEN = (MatterState.RAISED, MatterState.HANDLED, MatterState.ACTING)
CLOSED = (MatterState.DONE, MatterState.WRITTEN_OFF)
RAISED_AGAIN = gettext_noop("Somebody has raised it again.")
NOT_FIXED = gettext_noop("Somebody who raised it says that it is not fixed.")


def in_words(reason: str) -> str:
    """A reason as people read it: their own words, or one that the system gives, in the reader's language."""
    return gettext(reason) if reason in (RAISED_AGAIN, NOT_FIXED) else reason


class Matter(Owned):
    """Something that somebody wants solved. ``number`` counts within the collaboration and is never used again."""

    number = models.PositiveIntegerField()
    title = GuardedTextField(max_length=160)
    description = GuardedTextField(blank=True)
    object_kind = models.SlugField(max_length=60, blank=True)  # code of actors.ObjectKind
    concerns_staff = models.BooleanField(default=False)  # about how we work (hours, channels), not about an object
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    location = models.CharField(max_length=160, blank=True)
    x = models.FloatField(null=True, blank=True)
    y = models.FloatField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=MatterState, default=MatterState.RAISED)
    holder = models.ForeignKey(Forum, on_delete=models.PROTECT, related_name="matters")
    held_since = models.DateTimeField()
    responsible = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="responsible_matters"
    )
    responsible_why = models.CharField(max_length=300, blank=True)  # in somebody's words
    responsible_because = models.JSONField(default=dict, blank=True)  # or what the register said: actors' `Because`
    raised_at = models.DateTimeField()
    changed_at = models.DateTimeField()  # when it last got further; see `Transition.rests`
    closed_at = models.DateTimeField(null=True, blank=True)
    closing_reason = GuardedTextField(blank=True)
    ask_on = models.DateField(null=True, blank=True)  # when the raisers are asked (next) whether it is fixed
    times_asked = models.PositiveSmallIntegerField(default=0)  # since it was last closed
    joined_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="joined_matters"
    )
    is_exercise = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-number",)
        constraints = [
            models.UniqueConstraint(fields=["collaboration", "number"], name="matter_number_once"),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in OPEN], closed_at=None)
                | (Q(state__in=[state.value for state in CLOSED], closed_at__isnull=False) & ~Q(closing_reason="")),
                name="matter_closed_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(x=None, y=None) | Q(x__isnull=False, y__isnull=False), name="matter_both_coordinates"
            ),
            models.CheckConstraint(
                condition=Q(joined_into=None) | Q(state=MatterState.WRITTEN_OFF), name="matter_joined_is_closed"
            ),
        ]
        indexes = [
            # the open matters of a forum, oldest first
            models.Index(fields=["holder", "state", "raised_at"], name="matter_by_holder"),
            # the desk: all open ones of a collaboration
            models.Index(fields=["collaboration", "state", "changed_at"], name="matter_by_state"),
            # possible duplicates: the same kind near a point
            models.Index(fields=["collaboration", "object_kind", "x"], name="matter_by_kind_and_x"),
            # the question whether it is fixed
            models.Index(fields=["ask_on"], condition=Q(ask_on__isnull=False), name="matter_to_ask"),
        ]

    def __str__(self) -> str:
        return f"#{self.number} {self.title}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


class Raiser(models.Model):
    """Somebody who raised the matter, or joined it later. Each gets every answer."""

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="raisers")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="raised")
    at = models.DateTimeField()
    words = GuardedTextField(blank=True)  # what this one said
    reports = models.ManyToManyField(FieldReport, related_name="raised", blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    fixed = models.BooleanField(null=True)

    class Meta:
        ordering = ("at",)
        constraints = [models.UniqueConstraint(fields=["matter", "membership"], name="raiser_once")]

    def __str__(self) -> str:
        return f"{self.matter} · {self.membership}"


class StepKind(models.TextChoices):
    RAISED = "raised", _("Raised")
    JOINED = "joined", _("Raised again")
    TAKEN_UP = "taken_up", _("Taken up")
    NOTED = "noted", _("Noted")
    LIFTED = "lifted", _("Lifted")
    HANDED_DOWN = "handed_down", _("Handed down")
    CARRIED_OVER = "carried_over", _("Carried over")
    RESPONSIBLE = "responsible", _("Responsible found")
    ACTING = "acting", _("Action decided")
    ACTION_ENDED = "action_ended", _("Action ended")
    DONE = "done", pgettext_lazy("matter", "Done")
    WRITTEN_OFF = "written_off", pgettext_lazy("matter", "Written off")
    ASKED = "asked", _("Asked whether it is fixed")
    ANSWERED = "answered", _("Answered")
    REOPENED = "reopened", _("Reopened")
    CHANGED = "changed", _("Text changed")
    MERGED = "merged", _("Joined with another matter")


class Step(models.Model):
    """One thing that happened to a matter. Added, never changed or removed."""

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="steps")
    at = models.DateTimeField()
    kind = models.CharField(max_length=12, choices=StepKind)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    from_forum = models.ForeignKey(Forum, null=True, on_delete=models.PROTECT, related_name="+")
    to_forum = models.ForeignKey(Forum, null=True, on_delete=models.PROTECT, related_name="+")
    # the meeting at which it was done; where else it came from (such as reports) stands in the details
    meeting = models.ForeignKey(
        "cooperation.Meeting", null=True, blank=True, on_delete=models.PROTECT, related_name="steps"
    )
    reason = GuardedTextField(blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.matter} {self.kind}"

    @property
    def said(self) -> str:
        """The reason, for the page."""
        return in_words(self.reason)


class Feedback(models.Model):
    """What one raiser was told about one step, in words of that raiser's own level of secrecy.

    The sentence is made from the step when shown, in the reader's language. With ``is_full`` it names the forums and
    ``text`` holds the words that came with the step; otherwise it says only that something happened, and ``text`` is
    empty.
    """

    raiser = models.ForeignKey(Raiser, on_delete=models.CASCADE, related_name="feedback")
    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="feedback")
    is_full = models.BooleanField(default=True)
    text = GuardedTextField(blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("step__at", "id")
        constraints = [
            models.UniqueConstraint(fields=["raiser", "step"], name="feedback_once_per_step"),
            models.CheckConstraint(condition=Q(is_full=True) | Q(text=""), name="feedback_keeps_secrecy"),
        ]

    def __str__(self) -> str:
        return f"{self.raiser} {self.step}"

    @property
    def said(self) -> str:
        """The words that came with it, for the page."""
        return in_words(self.text)
