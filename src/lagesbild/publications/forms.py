"""What comes in from the pages of reports: shape and format."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lagesbild.core.text import GuardedFormField
from lagesbild.publications.models import Layout


class ReportForm(forms.Form):
    """A report to begin."""

    layout = forms.ChoiceField(label=_("Kind"), choices=Layout.choices, widget=forms.RadioSelect)
    year = forms.IntegerField(label=_("Year"), min_value=1990, max_value=2100)
    title = GuardedFormField(label=_("Title"), max_length=200, widget=forms.TextInput)


class SectionForm(forms.Form):
    """The text of a section, and the version it was made from."""

    text = GuardedFormField(
        label=_("Text"),
        required=False,
        max_length=40_000,
        widget=forms.Textarea(attrs={"rows": 22, "spellcheck": "true"}),
        help_text=_("An empty line begins a new paragraph. A line with # is a heading, lines with - are a list."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class PublishForm(forms.Form):
    """The language to publish in."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, widget=forms.RadioSelect)
