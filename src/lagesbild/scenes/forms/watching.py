"""Forms of the watch list."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from lagesbild.core.text import GuardedFormField


class DismissForm(forms.Form):
    """Why a finding needs no more for now."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=120)
    reason = GuardedFormField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}), max_length=1000)
