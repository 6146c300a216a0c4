"""Forms of the guest arena: a table to import, a letter, where it was sent."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Membership, SharingLevel
from lagesbild.core.text import GuardedFormField, guard
from lagesbild.places import lists
from lagesbild.places.models import Place
from lagesbild.scenes.forms.register import day

MOST_BYTES = 2_000_000


class OriginsForm(forms.Form):
    """A file of counts, and what it is about."""

    title = forms.CharField(label=_("Title"), max_length=200, validators=[guard])
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV with the columns origin, kind, year, group and count. Only counts, never persons."),
    )
    place = forms.ModelChoiceField(label=_("Place"), queryset=Place.objects.none(), required=False)
    source = forms.CharField(label=_("Source"), max_length=300, validators=[guard])
    note = GuardedFormField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    sharing = forms.ChoiceField(label=_("Seen by"), choices=SharingLevel.choices, initial=SharingLevel.PARTNERS)

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place = self.fields["place"]
        assert isinstance(place, forms.ModelChoiceField)
        place.queryset = lists.places_of(membership)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is too large for a table of counts."))
        return file


class LetterForm(forms.Form):
    """The text of a draft."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    text = GuardedFormField(label=_("Letter"), max_length=8000, widget=forms.Textarea(attrs={"rows": 14}))


class SentForm(forms.Form):
    """That a letter was sent."""

    sent_to = forms.CharField(
        label=_("Sent to"), max_length=200, validators=[guard], help_text=_("A registry or function, never a person.")
    )
    sent_on = day(_("Sent on"))
