"""Meetings of forums: agenda, attendance, notes, decisions, frozen minutes, the evening's tasks, calendar feeds.

A meeting belongs to its forum's owner and is seen by those who see the forum's records. No person is named in it:
attendance is by organisation and function, as counts.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Function, Membership, Organisation, Owned, once_each
from lagesbild.cooperation.models.forums import Forum
from lagesbild.cooperation.models.plan import Action
from lagesbild.core.text import GuardedTextField
from lagesbild.picture.models import FrozenPicture


class MeetingState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    OPEN = "open", _("Under way")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


class Meeting(Owned):
    """One meeting. ``planned_for`` is when the rhythm had it and never moves, so that none is made twice.

    ``content`` are the minutes as closed (canonical form digested in ``content_sha256``), never changed after.
    """

    forum = models.ForeignKey(Forum, on_delete=models.PROTECT, related_name="meetings")
    planned_for = models.DateTimeField()
    starts_at = models.DateTimeField()
    duration_minutes = models.PositiveSmallIntegerField(default=60)
    room = models.CharField(max_length=120, blank=True)
    title = GuardedTextField(max_length=160, blank=True)
    state = models.CharField(max_length=10, choices=MeetingState, default=MeetingState.PLANNED)
    changed_because = GuardedTextField(blank=True)  # why it was moved or cancelled
    generated = models.BooleanField(default=False)  # by the rhythm, and taken away with it if nobody has touched it
    is_exercise = models.BooleanField(default=False)
    source = models.CharField(max_length=300, blank=True)
    picture = models.ForeignKey(FrozenPicture, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    staff_risk = GuardedTextField(blank=True)
    alarm_contact = GuardedTextField(max_length=200, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    content = models.JSONField(null=True, blank=True)
    content_sha256 = models.CharField(max_length=64, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-starts_at",)
        constraints = [
            models.UniqueConstraint(fields=["forum", "planned_for"], name="meeting_once"),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False, content__isnull=False) & ~Q(content_sha256="")
                | ~Q(state="closed") & Q(closed_at=None, content_sha256=""),
                name="meeting_closed_has_minutes",
            ),
        ]
        indexes = [
            # the next and the last meetings of a forum
            models.Index(fields=["forum", "starts_at"], name="meeting_by_forum"),
            # the calendar
            models.Index(fields=["collaboration", "starts_at"], name="meeting_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.forum} {self.starts_at:%Y-%m-%d}"

    @property
    def is_closed(self) -> bool:
        return self.state in (MeetingState.CLOSED, MeetingState.CANCELLED)


class PointKind(models.TextChoices):
    """What fills a point by itself."""

    TALK = "talk", _("Talk")
    COOPERATE = "cooperate", _("How we cooperate")
    PICTURE = "picture", _("The picture since last time")
    MATTERS = "matters", _("Open matters")
    RAISED = "raised", _("Raised since last time")
    ACTIONS = "actions", _("Actions due")
    TASKS = "tasks", _("Tasks and aims tonight")


class AgendaTemplate(models.Model):
    """One version of a forum's fixed points. ``points`` is a list of {title, kind, minutes}; the newest is in use."""

    forum = models.ForeignKey(Forum, on_delete=models.CASCADE, related_name="agendas")
    number = models.PositiveIntegerField()
    points = models.JSONField()
    note = GuardedTextField(blank=True)
    source = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-number",)
        constraints = [models.UniqueConstraint(fields=["forum", "number"], name="agenda_number_once")]

    def __str__(self) -> str:
        return f"{self.forum} {self.number}"


class Point(models.Model):
    """One point of a meeting's agenda with what was noted under it."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="points")
    order = models.PositiveSmallIntegerField()
    title = GuardedTextField(max_length=160)
    kind = models.CharField(max_length=10, choices=PointKind, default=PointKind.TALK)
    minutes = models.PositiveSmallIntegerField(default=5)
    notes = GuardedTextField(blank=True, max_length=20_000)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("order",)
        constraints = [models.UniqueConstraint(fields=["meeting", "order"], name="point_order_once")]

    def __str__(self) -> str:
        return str(self.title)


class Presence(models.TextChoices):
    PRESENT = "present", _("Present")
    PREVENTED = "prevented", _("Prevented")
    ABSENT = "absent", _("Absent")


class Attendance(models.Model):
    """Whether a member of the forum took part, and by how many. Never who."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendance")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    function = models.ForeignKey(Function, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    presence = models.CharField(max_length=10, choices=Presence)
    people = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = once_each("meeting", name="attendance_once")

    def __str__(self) -> str:
        return f"{self.organisation} {self.presence}"


class Decision(models.Model):
    """What the meeting decided; with an action when somebody is to do it. Added, and withdrawn but not removed."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="decisions")
    point = models.ForeignKey(Point, null=True, blank=True, on_delete=models.SET_NULL, related_name="decisions")
    number = models.PositiveSmallIntegerField()
    text = GuardedTextField()
    action = models.ForeignKey(Action, null=True, blank=True, on_delete=models.PROTECT, related_name="decisions")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("number",)
        constraints = [models.UniqueConstraint(fields=["meeting", "number"], name="decision_number_once")]

    def __str__(self) -> str:
        return f"{self.meeting} § {self.number}"


class Addendum(models.Model):
    """A dated correction of closed minutes. Added, never changed."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="addenda")
    text = GuardedTextField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.meeting} {self.at}"


class Task(models.Model):
    """What one actor is to do tonight, what it aims at, and what help it wants (V, Klara samverkansutsättning)."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="tasks")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    function = models.ForeignKey(Function, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    task = GuardedTextField(max_length=400)
    aim = GuardedTextField(blank=True, max_length=400)
    help_wanted = GuardedTextField(blank=True, max_length=400)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("organisation__name", "function__name")
        constraints = once_each("meeting", name="task_once")

    def __str__(self) -> str:
        return f"{self.organisation}: {self.task}"


class Feed(models.Model):
    """A secret address that gives the calendar of a person's forums, or of one forum, without sign-in.

    Only a digest of the secret is stored. What the feed tells follows the membership, and ends with it.
    """

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="feeds")
    forum = models.ForeignKey(Forum, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-made_at",)

    def __str__(self) -> str:
        return f"{self.membership} {self.forum or ''}"
