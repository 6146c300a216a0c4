"""What comes in about the action plan: shape, format, range. Rules that need other rows are the actions'."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.boundfield import BoundWidget
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Function, Organisation
from lagesbild.actors.models import Agreement
from lagesbild.cooperation.forms.matters import DeedForm, Line, read_point
from lagesbild.cooperation.models import ActionType, Forum
from lagesbild.core.text import GuardedFormField
from lagesbild.places.models import Place

_GROUP_NAMES: dict[str, str | Promise] = {
    "approach": _("Approach"),
    "level": _("Level of prevention"),
    "aim": _("What it is to lessen"),
    "cpted": _("CPTED principle"),
    "term": _("Term"),
    "form": _("Form"),
}
Choices = list[tuple[str, str | Promise]]
TYPE_GROUPS: list[tuple[str | Promise, Choices]] = [
    (name, [(each.value, each.label) for each in ActionType if each.value.startswith(f"{code}:")])
    for code, name in _GROUP_NAMES.items()
]
MOST_AT_ONCE = 200


def _few_words(**kwargs: Any) -> GuardedFormField:
    return GuardedFormField(widget=forms.Textarea(attrs={"rows": 3}), **kwargs)


def _day(**kwargs: Any) -> forms.DateField:
    return forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


class FunctionField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in its stubs only
    """A function, with its organisation."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.organisation.name}: {obj.name}"


class ActionForm(DeedForm):
    """What an action says and belongs to. A new one gets its matter from where it was begun."""

    title = Line(label=_("What is to be done"), max_length=160)
    responsible = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Who does it"), to_field_name="slug", empty_label=_("Choose")
    )
    function = FunctionField(Function.objects.none(), label=_("Function"), required=False, empty_label=_("Not said"))
    due_on = _day(label=_("Due"))
    description = _few_words(label=_("More about it"), required=False)
    forum = forms.ModelChoiceField(
        Forum.objects.none(), label=_("Forum that follows it"), to_field_name="slug", empty_label=_("Choose")
    )
    agreement = forms.ModelChoiceField(
        Agreement.objects.none(), label=_("Agreement"), required=False, empty_label=_("None")
    )
    matter_number = forms.IntegerField(
        label=_("Matter no."),
        required=False,
        min_value=1,
        max_value=2_000_000_000,
        help_text=_("The matter that it belongs to. Empty: none."),
    )
    place = forms.ModelChoiceField(Place.objects.none(), label=_("Place"), required=False, empty_label=_("None"))
    location = Line(label=_("Where"), required=False, max_length=160)
    point = forms.CharField(required=False, max_length=2_000, widget=forms.HiddenInput)
    types = forms.MultipleChoiceField(
        label=_("Type"), required=False, choices=TYPE_GROUPS, widget=forms.CheckboxSelectMultiple
    )
    cost_sek = forms.DecimalField(
        label=_("Cost, SEK"), required=False, min_value=Decimal(0), max_digits=12, decimal_places=0
    )
    source = Line(label=_("Source"), required=False, max_length=300)
    sharing = forms.ChoiceField(label=_("Seen by"))
    note = _few_words(label=_("Why it is changed"), required=False)

    def clean_point(self) -> tuple[float, float] | None:
        """Longitude and latitude of the GeoJSON that the map wrote."""
        return read_point(self.cleaned_data["point"])


def type_boxes(form: ActionForm) -> list[tuple[str | Promise, list[BoundWidget]]]:
    """The boxes of the types, under the name of their group."""
    boxes = {box.data["value"]: box for box in form["types"]}
    return [(name, [boxes[value] for value, _label in choices]) for name, choices in TYPE_GROUPS]


class DependsForm(DeedForm):
    """Which actions must end before this one can go on."""

    depends_on = forms.CharField(
        label=_("Waits for actions no."),
        required=False,
        max_length=400,
        help_text=_("Their numbers, with commas between. Empty: it waits for none."),
    )

    def clean_depends_on(self) -> list[int]:
        """The numbers, each once."""
        parts = [part for part in re.split(r"[\s,;#]+", self.cleaned_data["depends_on"]) if part]
        wrong = [part for part in parts if not (part.isascii() and part.isdigit() and len(part) < 10)]
        if wrong:
            raise forms.ValidationError(_("“%(part)s” is no number."), params={"part": wrong[0]})
        return sorted({int(part) for part in parts})


ACCEPTED = "image/*,.pdf,.docx,.xlsx,.odt,.ods"


class TurnForm(DeedForm):
    """What is said when an action starts, ends or is taken up again; with a photo at once if there is one."""

    words = _few_words(label=_("In a few words"), required=False)
    file = forms.FileField(
        label=_("Photo or document"),
        required=False,
        help_text=_("No persons in the photo. What the file tells of who made it, when and where, is removed."),
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
    )


class EvidenceForm(forms.Form):
    """A photo or document that shows that it was done."""

    file = forms.FileField(
        label=_("Photo or document"),
        help_text=_("No persons in the photo. What the file tells of who made it, when and where, is removed."),
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
    )
    note = Line(label=_("What it shows"), required=False, max_length=300)


class BulkForm(forms.Form):
    """One change for several actions. What is left empty stays as it is in each."""

    responsible = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("Who does it"),
        to_field_name="slug",
        required=False,
        empty_label=_("As it is"),
    )
    due_on = _day(label=_("Due"))
    turn = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("As it is")),
            ("start", _("Start")),
            ("done", _("It is done")),
            ("write-off", _("Write off")),
            ("reopen", _("Take up again")),
        ],
    )
    add_type = forms.ChoiceField(label=_("Add the type"), required=False, choices=[("", _("None")), *TYPE_GROUPS])
    words = _few_words(label=_("Why"), required=False, help_text=_("Needed to write off or take up again."))

    def clean(self) -> dict[str, Any]:
        """At least one thing is to change."""
        values = super().clean() or {}
        if not self.errors and not any(values.get(name) for name in ("responsible", "due_on", "turn", "add_type")):
            raise forms.ValidationError(_("Choose what is to change."))
        return values


def read_chosen(written: Sequence[str]) -> dict[int, int]:
    """Number → version of the actions that were chosen in the list; what cannot be read is left out."""
    pairs = [each.split(":") for each in written[:MOST_AT_ONCE]]
    return {
        int(pair[0]): int(pair[1])
        for pair in pairs
        if len(pair) == 2 and all(part.isascii() and part.isdigit() and len(part) < 10 for part in pair)
    }
