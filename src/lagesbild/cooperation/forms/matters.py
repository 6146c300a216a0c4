"""What comes in about matters: shape, format, range. Rules that need other rows are the actions'."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Organisation, SharingLevel
from lagesbild.cooperation.models import Forum
from lagesbild.cooperation.seeing import Widening
from lagesbild.core.text import GuardedFormField, guard

TILES = 6  # of the kinds, as large buttons; the rest are in the list
SHARED = [choice for choice in SharingLevel.choices if choice[0] not in (SharingLevel.PUBLIC, SharingLevel.OWN)]


class Line(forms.CharField):
    """One line of text that passes the privacy guard."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.validators.append(guard)


def _few_words(**kwargs: Any) -> GuardedFormField:
    return GuardedFormField(widget=forms.Textarea(attrs={"rows": 3}), **kwargs)


class RaiseForm(forms.Form):
    """A matter in three taps: what, where, raise. Words are for those who have the time."""

    object_kind = forms.ChoiceField(label=_("What is it about?"), required=False, widget=forms.RadioSelect)
    point = forms.CharField(required=False, max_length=2_000, widget=forms.HiddenInput)
    location = Line(
        label=_("Place"),
        required=False,
        max_length=160,
        help_text=_("Such as: under the bridge, Vasagatan 24"),
        widget=forms.TextInput(attrs={"list": "places", "autocomplete": "off"}),
    )
    description = _few_words(label=_("In a few words"), required=False)
    title = Line(label=_("Title"), required=False, max_length=160, help_text=_("Empty: made of kind and place."))
    concerns_staff = forms.BooleanField(
        label=_("It is about how we work: hours, channels, assignments"), required=False
    )
    forum = forms.ModelChoiceField(Forum.objects.none(), label=_("Forum"), required=False, to_field_name="slug")
    sharing = forms.ChoiceField(label=_("Seen by"), choices=SHARED, initial=SharingLevel.PARTNERS)
    report = forms.IntegerField(required=False, min_value=1, max_value=2_000_000_000, widget=forms.HiddenInput)
    meeting = forms.IntegerField(required=False, min_value=1, max_value=2_000_000_000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, kinds: Sequence[tuple[str, str]], forums: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["object_kind"].choices = list(kinds)  # type: ignore[attr-defined]
        self.fields["forum"].queryset = forums  # type: ignore[attr-defined]
        self.fields["forum"].empty_label = _("The one that takes new matters")  # type: ignore[attr-defined]

    def clean_point(self) -> tuple[float, float] | None:
        """Longitude and latitude of the GeoJSON that the map or the device wrote."""
        return read_point(self.cleaned_data["point"])


def read_point(written: str) -> tuple[float, float] | None:
    """Longitude and latitude; None when nothing was set."""
    if not written:
        return None
    try:
        read = json.loads(written)
        lon, lat = (float(value) for value in read.get("geometry", read)["coordinates"][:2])
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise forms.ValidationError(_("The point cannot be read. Set it again.")) from error
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise forms.ValidationError(_("The point cannot be read. Set it again."))
    return lon, lat


class DeedForm(forms.Form):
    """The base of what is done with a matter: the version that the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class NoteForm(DeedForm):
    reason = _few_words(label=_("Note"))


class MoveForm(DeedForm):
    forum = forms.ModelChoiceField(Forum.objects.none(), label=_("To forum"), to_field_name="slug", empty_label=None)
    reason = _few_words(label=_("Why"), help_text=_("Those who raised it can read this, if they may see the matter."))
    widen = forms.BooleanField(label=_("Let those who sit in the forum see the matter"), required=False)
    widenings: Sequence[Widening] = ()  # who will see it that does not today, for each forum of which that is so


class ResponsibleForm(DeedForm):
    responsible = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("Who answers for it"),
        to_field_name="slug",
        required=False,
        empty_label=_("Nobody is known"),
    )
    reason = Line(label=_("How we know"), required=False, max_length=300)


class ActForm(DeedForm):
    title = Line(label=_("What is to be done"), max_length=160)
    responsible = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Who does it"), to_field_name="slug", empty_label=_("Choose")
    )
    due_on = forms.DateField(label=_("Due"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    description = _few_words(label=_("More about it"), required=False)


class CloseForm(DeedForm):
    reason = _few_words(label=_("Why it is closed"))
    feedback = _few_words(
        label=_("Word to those who raised it"),
        help_text=_("They are told this at once. Those who may not see the matter are told only that it is closed."),
    )


class ReopenForm(DeedForm):
    reason = _few_words(label=_("Why it is opened again"))


class MergeForm(DeedForm):
    into = forms.IntegerField(label=_("Number of the matter that remains"), min_value=1, max_value=2_000_000_000)
    reason = _few_words(label=_("Why they are the same"))


class TextForm(DeedForm):
    title = Line(label=_("Title"), max_length=160)
    object_kind = forms.ChoiceField(label=_("Kind of object"), required=False)
    location = Line(label=_("Place"), required=False, max_length=160)
    description = _few_words(label=_("Description"), required=False)
    concerns_staff = forms.BooleanField(
        label=_("It is about how we work: hours, channels, assignments"), required=False
    )


class AnswerForm(forms.Form):
    fixed = forms.ChoiceField(choices=[("yes", _("Yes")), ("no", _("No"))])
    words = Line(label=_("In a few words"), required=False, max_length=500)
