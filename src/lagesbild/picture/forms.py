"""What comes in when a picture is frozen or commented on."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import SharingLevel
from lagesbild.core.text import GuardedFormField
from lagesbild.picture.models import Stance


class FreezeForm(forms.Form):
    """A title for the forum's list, a note, and who may see it."""

    title = GuardedFormField(
        label=_("Title"),
        max_length=200,
        widget=forms.TextInput,
        help_text=_("For instance the forum and the date of its meeting."),
    )
    note = GuardedFormField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
    sharing = forms.ChoiceField(label=_("Shared with"), choices=SharingLevel.choices, initial=SharingLevel.PARTNERS)


class CommentForm(forms.Form):
    """What one's function sees, beside what the others see."""

    stance = forms.ChoiceField(
        label=_("Do you recognise the picture?"), choices=Stance.choices, widget=forms.RadioSelect
    )
    text = GuardedFormField(
        label=_("What do you see?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Places and events, not persons."),
    )

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        if cleaned.get("stance") in (Stance.PARTLY, Stance.DISAGREES) and not str(cleaned.get("text", "")).strip():
            self.add_error("text", _("Say what you see instead, so that the others can understand."))
        return cleaned
