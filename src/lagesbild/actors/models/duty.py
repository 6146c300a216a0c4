"""When functions are on duty: shifts of a week, what holidays do to them, and single dates that differ."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Function, Owned
from lagesbild.core.text import GuardedTextField
from lagesbild.places.models import Place


class HolidayRule(models.TextChoices):
    AS_USUAL = "usual", _("Works as on other days")
    OFF = "off", _("Off duty on public holidays")
    AS_SUNDAY = "sunday", _("Works as on Sundays")


class Schedule(Owned):
    """The weekly duty of a function in a period; without a place it is on duty wherever its mandate reaches."""

    function = models.ForeignKey(Function, on_delete=models.CASCADE, related_name="schedules")
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    holidays = models.CharField(max_length=10, choices=HolidayRule, default=HolidayRule.AS_USUAL)
    source = models.CharField(max_length=300, blank=True)
    is_exercise = models.BooleanField(default=False)
    note = GuardedTextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("function__organisation__name", "function__name", "-valid_from")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="schedule_period_forward"
            )
        ]

    def __str__(self) -> str:
        return str(self.function)


class Shift(models.Model):
    """From ``starts`` on a weekday (1 Monday) to ``ends``: the day after if not later, a whole day if equal."""

    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="shifts")
    weekday = models.PositiveSmallIntegerField()
    starts = models.TimeField()
    ends = models.TimeField()

    class Meta:
        ordering = ("weekday", "starts")
        constraints = [
            models.CheckConstraint(condition=Q(weekday__gte=1, weekday__lte=7), name="shift_weekday"),
            models.UniqueConstraint(fields=["schedule", "weekday", "starts"], name="shift_once"),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.starts:%H:%M}–{self.ends:%H:%M}"


class DutyException(models.Model):
    """A date on which other hours hold than the week's; without hours the function is off that day."""

    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="exceptions")
    on = models.DateField()
    starts = models.TimeField(null=True, blank=True)
    ends = models.TimeField(null=True, blank=True)
    note = GuardedTextField(blank=True)

    class Meta:
        ordering = ("on", "starts")
        constraints = [
            models.CheckConstraint(
                condition=Q(starts=None, ends=None) | Q(starts__isnull=False, ends__isnull=False),
                name="duty_exception_whole_hours",
            )
        ]

    def __str__(self) -> str:
        return f"{self.on}"
