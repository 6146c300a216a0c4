"""The form for when and about what one wants word."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lagesbild.notices import kinds
from lagesbild.notices.models import MailChoice


class PreferenceForm(forms.Form):
    """Mail, quiet hours, and the kinds one does not want."""

    mail = forms.ChoiceField(
        label=_("Mail about new messages"),
        choices=MailChoice.choices,
        widget=forms.RadioSelect,
        help_text=_("A mail holds a link only. What it is about is shown when you have signed in."),
    )
    quiet_from = forms.TimeField(
        label=_("Quiet from"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), input_formats=["%H:%M"]
    )
    quiet_to = forms.TimeField(
        label=_("Quiet until"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        input_formats=["%H:%M"],
        help_text=_("No mail in these hours; it comes when they end. The same time twice: no quiet hours."),
    )
    muted = forms.MultipleChoiceField(
        label=_("Muted kinds"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Muted messages are still in your list, already marked as read."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["muted"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(each.code, each.title) for each in kinds.all_kinds()]
