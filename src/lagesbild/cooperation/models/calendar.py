"""What is known to come, and the shared room: events with their questions, bookings, staffed hours."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Organisation, Owned
from lagesbild.cooperation.models.forums import Forum
from lagesbild.cooperation.models.meetings import Meeting
from lagesbild.core.text import GuardedTextField
from lagesbild.places.models import Place


class EventKind(models.TextChoices):
    """The occasions at which V, FO Klara, has the forum called, and others like them."""

    DEMONSTRATION = "demonstration", _("Demonstration")
    SCHOOL_HOLIDAY = "school_holiday", _("School holiday")
    FESTIVAL = "festival", _("Festival")
    GATHERING = "gathering", _("Public gathering")
    WORKS = "works", _("Building works")
    OTHER = "other", _("Other")


class Event(Owned):
    """Something known to come, on local days [from_on, to_on). ``forum`` is the one proposed to be called for it."""

    title = GuardedTextField(max_length=160)
    kind = models.CharField(max_length=16, choices=EventKind)
    from_on = models.DateField()
    to_on = models.DateField()
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    location = models.CharField(max_length=160, blank=True)
    description = GuardedTextField(blank=True)
    source = models.CharField(max_length=300, blank=True)
    forum = models.ForeignKey(Forum, null=True, blank=True, on_delete=models.PROTECT, related_name="events")
    meeting = models.ForeignKey(Meeting, null=True, blank=True, on_delete=models.PROTECT, related_name="events")
    after_note = GuardedTextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("from_on", "title")
        constraints = [models.CheckConstraint(condition=Q(to_on__gt=F("from_on")), name="event_period_forward")]
        indexes = [models.Index(fields=["collaboration", "from_on"], name="event_by_day")]  # the calendar

    def __str__(self) -> str:
        return str(self.title)


class Question(models.Model):
    """What somebody wants to know before the event, and the answer."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="questions")
    text = GuardedTextField(max_length=1000)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    answer = GuardedTextField(blank=True, max_length=2000)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return str(self.text)


class Room(Owned):
    """A room that the partners share, such as Klara samverkanslokal."""

    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    note = GuardedTextField(blank=True)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("name",)
        constraints = [models.UniqueConstraint(fields=["collaboration", "slug"], name="room_slug_once")]

    def __str__(self) -> str:
        return self.name


class StaffedHours(models.Model):
    """When somebody is there, each week: ``weekday`` 1 is Monday."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="staffed")
    weekday = models.PositiveSmallIntegerField()
    starts = models.TimeField()
    ends = models.TimeField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("weekday", "starts")
        constraints = [
            models.UniqueConstraint(fields=["room", "weekday", "starts"], name="staffed_once"),
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="staffed_forward"),
        ]

    def __str__(self) -> str:
        return f"{self.room} {self.weekday} {self.starts}–{self.ends}"


class Booking(Owned):
    """The room taken for a time by an organisation; ``people`` is how many came, if anybody counted."""

    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="bookings")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    purpose = GuardedTextField(max_length=200)
    people = models.PositiveSmallIntegerField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("starts_at",)
        constraints = [models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="booking_forward")]
        indexes = [models.Index(fields=["room", "starts_at"], name="booking_by_time")]  # what is free

    def __str__(self) -> str:
        return f"{self.room} {self.starts_at:%Y-%m-%d %H:%M}"
