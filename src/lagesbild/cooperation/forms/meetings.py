"""What comes in about meetings: when and where, attendance, notes, decisions, the evening's tasks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Organisation
from lagesbild.cooperation import recurrence
from lagesbild.cooperation.forms.forums import date_input
from lagesbild.cooperation.models import Meeting, Point, Presence
from lagesbild.core.text import GuardedFormField
from lagesbild.picture.models import FrozenPicture


class MeetingForm(forms.Form):
    """When and where; with a reason when a meeting is moved."""

    starts_on = forms.DateField(label=_("Day"), widget=date_input(), localize=False)
    starts_at = forms.TimeField(label=_("Time"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    duration_minutes = forms.IntegerField(label=_("Length, minutes"), min_value=5, max_value=600)
    room = GuardedFormField(label=_("Room"), required=False, max_length=120, widget=forms.TextInput)
    title = GuardedFormField(
        label=_("What it is about"),
        required=False,
        max_length=160,
        widget=forms.TextInput,
        help_text=_("Seen by everybody with the forum's calendar: nothing sensitive."),
    )

    def when(self, time_zone: str) -> datetime:
        """The instant, as the clock on the wall has it."""
        local = datetime.combine(self.cleaned_data["starts_on"], self.cleaned_data["starts_at"])
        return recurrence.instant(local, time_zone)


class MoveForm(MeetingForm):
    """The same for one meeting of the rhythm."""

    title = None  # type: ignore[assignment]
    why = GuardedFormField(label=_("Why"), required=False, max_length=400, widget=forms.TextInput)
    version = forms.IntegerField(widget=forms.HiddenInput)


class CancelForm(forms.Form):
    """Why a meeting is not held."""

    why = GuardedFormField(label=_("Why it is not held"), max_length=400, widget=forms.TextInput)
    version = forms.IntegerField(widget=forms.HiddenInput)


class AttendanceForm(forms.Form):
    """One tap: who, and whether they are there."""

    organisation = forms.IntegerField()
    function = forms.IntegerField(required=False)
    presence = forms.ChoiceField(choices=Presence.choices)
    people = forms.IntegerField(required=False, min_value=1, max_value=99)


class NotesForm(forms.Form):
    """What was said under a point."""

    notes = GuardedFormField(
        label=_("Notes"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 4})
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class DecisionForm(forms.Form):
    """A decision, and who does something about it by when."""

    text = GuardedFormField(label=_("Decision"), max_length=4000, widget=forms.Textarea(attrs={"rows": 2}))
    responsible = forms.ModelChoiceField(
        label=_("Who does it"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("– nobody has to do anything –"),
        help_text=_("Makes it an action in the plan at once."),
    )
    due_on = forms.DateField(label=_("Due"), required=False, widget=date_input(), localize=False)
    point = forms.ModelChoiceField(
        label=_("Point"), queryset=Point.objects.none(), required=False, empty_label=_("– none –")
    )

    def __init__(
        self, *args: Any, organisations: Iterable[Organisation], points: Iterable[Point], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._offer("responsible", Organisation, {each.pk: each for each in organisations})
        self._offer("point", Point, {each.pk: each for each in points})

    def _offer(self, name: str, model: Any, rows: dict[int, Any]) -> None:
        """The rows already at hand as choices: the field asks the database only for what was chosen."""
        field: Any = self.fields[name]
        field.queryset = model._default_manager.filter(pk__in=rows)
        field.choices = [("", field.empty_label or "–"), *((pk, str(row)) for pk, row in rows.items())]


class MatterForm(forms.Form):
    """What a meeting does with a matter, in one tap; lifting wants a reason."""

    what = forms.ChoiceField(choices=[("take_up", ""), ("carry_over", ""), ("lift", "")])
    reason = GuardedFormField(required=False, max_length=400, widget=forms.TextInput)
    widen = forms.BooleanField(required=False)  # said once who will see it that does not today


class TaskForm(forms.Form):
    """Tonight's task, aim and wish for help of one actor."""

    task = GuardedFormField(label=_("Task tonight"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))
    aim = GuardedFormField(label=_("Aim"), required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 2}))
    help_wanted = GuardedFormField(
        label=_("Help wanted"), required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 2})
    )
    version = forms.IntegerField(required=False, initial=0, widget=forms.HiddenInput)


class BriefingForm(forms.Form):
    """What the shift must know."""

    staff_risk = GuardedFormField(
        label=_("Risks for staff"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Places, times and situations. Never about one person."),
    )
    alarm_contact = GuardedFormField(
        label=_("Alarm"),
        required=False,
        max_length=200,
        widget=forms.TextInput,
        help_text=_("Function and channel: 112, the duty officer, the shared radio group."),
    )
    picture = forms.ModelChoiceField(
        label=_("Frozen picture"), queryset=FrozenPicture.objects.none(), required=False, empty_label=_("– none –")
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, pictures: QuerySet[FrozenPicture], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["picture"].queryset = pictures  # type: ignore[attr-defined]


class AddendumForm(forms.Form):
    """A correction of closed minutes."""

    text = GuardedFormField(label=_("Correction"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))


def initial_of(meeting: Meeting, local: datetime) -> dict[str, Any]:
    """A stored meeting as the form shows it; ``local`` is its start on the wall."""
    return {
        "starts_on": local.date(),
        "starts_at": local.time(),
        "duration_minutes": meeting.duration_minutes,
        "room": meeting.room,
        "version": meeting.version,
    }
