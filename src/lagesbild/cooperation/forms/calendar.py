"""What comes in about events and the shared room."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import SharingLevel
from lagesbild.cooperation import recurrence
from lagesbild.cooperation.actions.calendar import EventText
from lagesbild.cooperation.forms.forums import date_input
from lagesbild.cooperation.models import Event, EventKind, Forum
from lagesbild.core.text import GuardedFormField
from lagesbild.places.models import Place


class EventForm(forms.Form):
    """Something known to come."""

    title = GuardedFormField(label=_("What"), max_length=160, widget=forms.TextInput)
    kind = forms.ChoiceField(label=_("Kind"), choices=EventKind.choices)
    from_on = forms.DateField(label=_("First day"), widget=date_input(), localize=False)
    last_on = forms.DateField(label=_("Last day"), required=False, widget=date_input(), localize=False)
    place = forms.ModelChoiceField(
        label=_("Place"), queryset=Place.objects.none(), required=False, empty_label=_("– none –")
    )
    location = GuardedFormField(label=_("Where, in words"), required=False, max_length=160, widget=forms.TextInput)
    description = GuardedFormField(label=_("Description"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
    source = GuardedFormField(label=_("Source"), required=False, max_length=300, widget=forms.TextInput)
    forum = forms.ModelChoiceField(
        label=_("Forum to call"),
        queryset=Forum.objects.none(),
        required=False,
        empty_label=_("– none –"),
        help_text=_("Proposed in the calendar until it has been called."),
    )
    sharing = forms.ChoiceField(label=_("Seen by"), choices=SharingLevel.choices, initial=SharingLevel.PARTNERS)
    version = forms.IntegerField(required=False, initial=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, forums: QuerySet[Forum], places: QuerySet[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["forum"].queryset = forums  # type: ignore[attr-defined]
        self.fields["place"].queryset = places  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        first, last = values.get("from_on"), values.get("last_on")
        if first and last and last < first:
            self.add_error("last_on", _("The last day must not be before the first."))
        return values

    def text(self) -> EventText:
        """What the valid form says."""
        values = dict(self.cleaned_data)
        values.pop("version")
        last = values.pop("last_on") or values["from_on"]
        return EventText(to_on=last + timedelta(days=1), **values)


def initial_of(event: Event) -> dict[str, Any]:
    """A stored event as the form shows it."""
    names = EventText.__dataclass_fields__.keys() - {"to_on"}
    told = {name: getattr(event, name) for name in names}
    return {**told, "last_on": event.to_on - timedelta(days=1), "version": event.version}


class QuestionForm(forms.Form):
    """What one wants to know before the event."""

    text = GuardedFormField(label=_("Question"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))


class AnswerForm(forms.Form):
    """The answer."""

    answer = GuardedFormField(label=_("Answer"), required=False, max_length=2000)
    version = forms.IntegerField()


class AfterNoteForm(forms.Form):
    """How it went."""

    note = GuardedFormField(
        label=_("How did it go, and what do we do another time?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class BookingForm(forms.Form):
    """The room, from when to when, what for."""

    on = forms.DateField(label=_("Day"), widget=date_input(), localize=False)
    starts = forms.TimeField(label=_("From"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    ends = forms.TimeField(label=_("To"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    purpose = GuardedFormField(label=_("What for"), max_length=200, widget=forms.TextInput)

    def times(self, time_zone: str) -> tuple[datetime, datetime]:
        """Beginning and end as instants."""
        values = self.cleaned_data
        first, last = (
            recurrence.instant(datetime.combine(values["on"], values[name]), time_zone) for name in ("starts", "ends")
        )
        return first, last


class PeopleForm(forms.Form):
    """How many came."""

    people = forms.IntegerField(min_value=0, max_value=999)
