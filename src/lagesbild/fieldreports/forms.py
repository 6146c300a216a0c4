"""What comes in from the pages of field reports: shape and format. Rules that need other rows are the actions'."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.forms.boundfield import BoundWidget
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import SharingLevel
from lagesbild.core.text import GuardedFormField, guard
from lagesbild.fieldreports.models import Act, Certainty, Visibility
from lagesbild.fieldreports.reporting import ReportText

_NOT_SAID = ("", _("Not said"))
SHARED = [choice for choice in SharingLevel.choices if choice[0] != SharingLevel.PUBLIC]
MOMENT = "%Y-%m-%dT%H:%M"


class Line(forms.CharField):
    """One line of text that passes the privacy guard."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.validators.append(guard)


def _moment(**kwargs: Any) -> forms.DateTimeField:
    """A local moment; the view has made the collaboration's zone the current one."""
    return forms.DateTimeField(
        required=False,
        localize=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
        **kwargs,
    )


class ReportForm(forms.Form):
    """A report in as few taps as can be: what, where, how sure. The rest is for those who have the time."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    category = forms.ChoiceField(label=_("What is it about?"), required=False, widget=forms.RadioSelect)
    other_category = forms.ChoiceField(label=_("Something else"), required=False)
    point = forms.CharField(required=False, max_length=2_000, widget=forms.HiddenInput)
    accuracy_m = forms.FloatField(required=False, min_value=0, widget=forms.HiddenInput)
    place_text = Line(
        label=_("Place"),
        required=False,
        max_length=200,
        help_text=_("Such as: under the bridge, Vasagatan 24"),
        widget=forms.TextInput(attrs={"list": "places", "autocomplete": "off"}),
    )
    certainty = forms.ChoiceField(
        label=_("How do you know?"), choices=Certainty.choices, initial=Certainty.SEEN, widget=forms.RadioSelect
    )
    note = GuardedFormField(
        label=_("In a few words"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    photo = forms.FileField(
        label=_("Photo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=_("Of the place, not of people. Where and when it was taken is removed from the file."),
    )
    occurred_from = _moment(label=_("When"), help_text=_("Empty: now."))
    occurred_to = _moment(label=_("Until"))
    act = forms.ChoiceField(label=_("If goods are handled"), required=False, choices=[_NOT_SAID, *Act.choices])
    visibility = forms.ChoiceField(label=_("How visible"), required=False, choices=[_NOT_SAID, *Visibility.choices])
    sharing = forms.ChoiceField(label=_("Seen by"), choices=SHARED, initial=SharingLevel.PARTNERS)

    def __init__(
        self,
        *args: Any,
        buttons: Sequence[str],
        tree: Sequence[tuple[str, str]],
        kinds: Mapping[str, str],
        **kwargs: Any,
    ) -> None:
        """``tree`` is all that may be chosen, ``buttons`` those with a large button, ``kinds`` what is above each."""
        super().__init__(*args, **kwargs)
        self.kinds = kinds
        names = {code: label.strip() for code, label in tree}
        rest = [code for code in names if code not in buttons]
        self.buttons = list(buttons)
        self.fields["category"].choices = [(code, names[code]) for code in [*buttons, *rest]]  # type: ignore[attr-defined]
        self.fields["other_category"].choices = [("", _("Choose from all")), *tree]  # type: ignore[attr-defined]

    def tiles(self) -> list[tuple[BoundWidget, str]]:
        """The large buttons with what each is a kind of, and the one chosen if it has no button of its own any more."""
        shown = {*self.buttons, self["category"].value()}
        widgets = [each for each in self["category"].subwidgets if each.data["value"] in shown]
        return [(each, self.kinds.get(each.data["value"], "")) for each in widgets]

    def clean_point(self) -> tuple[float, float] | None:
        """Longitude and latitude of the GeoJSON that the map or the device wrote."""
        written = self.cleaned_data["point"]
        if not written:
            return None
        try:
            read = json.loads(written)
            lon, lat = read.get("geometry", read)["coordinates"][:2]
            return float(lon), float(lat)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise forms.ValidationError(_("The point cannot be read. Set it again.")) from error

    def text(self) -> ReportText:
        """What the valid form says."""
        values = self.cleaned_data
        lon, lat = values["point"] or (None, None)
        same = ("certainty", "act", "visibility", "occurred_from", "occurred_to", "place_text", "note", "sharing")
        return ReportText(
            category=values["other_category"] or values["category"],
            lon=lon,
            lat=lat,
            accuracy_m=values["accuracy_m"] if lon is not None else None,
            **{name: values[name] for name in same},
        )


class ReviewForm(forms.Form):
    """Looked at, and the category that it should have."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    category = forms.ChoiceField(label=_("Category"))

    def __init__(self, *args: Any, tree: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = list(tree)  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """What became of it, in words for the one who reported."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    became = GuardedFormField(label=_("What became of it"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class AdditionForm(forms.Form):
    """What was seen later."""

    addition = GuardedFormField(label=_("Add to the report"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))


class JoinForm(forms.Form):
    """The number of the report that this one is joined to."""

    lead = forms.IntegerField(label=_("Number of the other report"), min_value=1, max_value=2_000_000_000)
