"""Indicators and measurements as they come in: typed one at a time, or as a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.access import visible_to
from lagesbild.accounts.models import Membership
from lagesbild.core.errors import Text
from lagesbild.core.text import GuardedFormField
from lagesbild.goals.forms.definitions import APART, DAY, GENDERS, DefinitionForm
from lagesbild.goals.models import Goal, Indicator, Measurement, Missing, Unit
from lagesbild.goals.rule import Direction, TargetKind
from lagesbild.observations.models import Series

TARGET_KINDS = (
    (TargetKind.VALUE.value, _("Reach a value")),
    (TargetKind.DIRECTION.value, _("Increase or decrease")),
    (TargetKind.YES_NO.value, _("Yes or no")),
    (TargetKind.COMPARISON.value, _("Not worse than a comparison group")),
)
DIRECTIONS = ((Direction.DOWN.value, _("Lower is better")), (Direction.UP.value, _("Higher is better")))

GROUPS: tuple[tuple[Text, tuple[str, ...]], ...] = (
    (
        _("Target"),
        ("target_kind", "target_direction", "target_value", "target_base", "target_printed", "compared_with"),
    ),
    (_("Figures from a table"), ("series",)),
    (_("Computed figures"), APART),
    (_("Beside the figures"), ("definition_note", "footnotes", "responsible", "is_published", "source", "retired_on")),
)


@dataclass(frozen=True)
class FieldGroup:
    """Fields under one heading, behind it if ``folded``."""

    title: Text
    fields: list[forms.BoundField]
    folded: bool


class IndicatorForm(forms.ModelForm[Indicator], DefinitionForm):
    """An indicator. The version that was seen goes with it."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    target_kind = forms.ChoiceField(label=_("Kind of target"), choices=TARGET_KINDS, widget=forms.RadioSelect)
    target_direction = forms.ChoiceField(label=_("Which way is better"), choices=DIRECTIONS, widget=forms.RadioSelect)
    footnotes = GuardedFormField(
        label=_("Footnotes"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One on each line. They stand below the table, on the page and in the report."),
    )

    class Meta:
        model = Indicator
        fields = (
            "goal",
            "question",
            "group",
            "measure",
            "unit",
            "scale",
            "decimals",
            "source_kind",
            "area_text",
            "target_kind",
            "target_direction",
            "target_value",
            "target_base",
            "target_printed",
            "compared_with",
            "series",
            *APART,
            "definition_note",
            "footnotes",
            "responsible",
            "is_published",
            "source",
            "retired_on",
        )
        labels = {
            "goal": _("Goal"),
            "question": _("Question"),
            "group": _("Heading of the table it stands in"),
            "measure": _("Measure"),
            "unit": _("Unit"),
            "scale": _("Scale"),
            "decimals": _("Decimals"),
            "source_kind": _("Kind of source"),
            "area_text": _("Area"),
            "target_value": _("Target value"),
            "target_base": _("Compare with the period that begins"),
            "target_printed": _("Target as it is written"),
            "compared_with": _("Comparison group"),
            "series": _("Table of figures"),
            "definition_note": _("Definition"),
            "responsible": _("Responsible"),
            "is_published": _("The figures are already public, so small counts are shown to all"),
            "source": _("Source"),
            "retired_on": _("Not used from"),
        }
        help_texts = {
            "measure": _("The survey or register."),
            "target_value": _("For yes or no: 1 for yes, 0 for no."),
            "target_base": _(
                "Only for increase or decrease. Empty: the same part of the year before, else the figure before."
            ),
            "compared_with": _("The same measure in other areas. Their plain mean over the same period is the target."),
            "series": _("Measurements are made from it and never typed twice."),
        }
        widgets = {
            "question": forms.Textarea(attrs={"rows": 2}),
            "definition_note": forms.Textarea(attrs={"rows": 2}),
            "target_base": DAY,
            "retired_on": DAY,
            "compared_with": forms.SelectMultiple(attrs={"size": 5}),
        }

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = self.instance
        self.fields["version"].initial = own.version
        self.initial["footnotes"] = "\n".join(own.footnotes)
        self.offer(own, membership)
        seen = visible_to(membership)
        self._among("goal", Goal.objects.filter(seen))
        self._among("compared_with", Indicator.objects.filter(seen).exclude(pk=own.pk))
        of_tables = Series.objects.filter(table__collaboration=membership.collaboration_id).select_related("table")
        self._among("series", of_tables)
        responsible = self.fields["responsible"]
        assert isinstance(responsible, forms.ModelChoiceField)
        responsible.queryset = responsible.queryset.filter(  # type: ignore[union-attr]
            organisation__collaboration=membership.collaboration_id
        ).select_related("organisation")

    def clean_footnotes(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["footnotes"].splitlines() if line.strip()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        kind, value = cleaned.get("target_kind"), cleaned.get("target_value")
        if kind in (TargetKind.VALUE, TargetKind.YES_NO) and value is None:
            self.add_error("target_value", _("Write the value to reach."))
        if kind == TargetKind.YES_NO and value not in (0, 1, None):
            self.add_error("target_value", _("Write 1 for yes or 0 for no."))
        if (cleaned.get("unit") == Unit.YES_NO) != (kind == TargetKind.YES_NO):
            self.add_error("target_kind", _("The unit and the target must both be yes or no, or neither."))
        if cleaned.get("computed") and cleaned.get("series"):
            self.add_error("series", _("An indicator is made from a table of figures or computed, not both."))
        self.check_definition(cleaned)
        return cleaned

    def groups(self) -> list[FieldGroup]:
        """The fields under their headings. How a figure is computed is folded until it is wanted, or wrong."""
        folded = not self["computed"].value() and not any(name in self.errors for name in APART)
        grouped = {name for _title, names in GROUPS for name in names}
        first = [field for field in self.visible_fields() if field.name not in grouped]
        return [
            FieldGroup("", first, False),
            *(FieldGroup(title, [self[name] for name in names], folded and names == APART) for title, names in GROUPS),
        ]

    def written(self) -> dict[str, Any]:
        """The fields of the indicator, its definition put together."""
        apart = {"version", *APART}
        fields = {name: value for name, value in self.cleaned_data.items() if name not in apart}
        return fields | {"definition": self.definition()}


class MeasurementForm(forms.ModelForm[Measurement]):
    """One figure, typed. Without a value, why."""

    gender = forms.ChoiceField(label=_("Gender"), choices=GENDERS, required=False)
    missing = forms.ChoiceField(
        label=_("Why there is no value"),
        choices=[("", _("There is a value")), *[each for each in Missing.choices if each[0] != Missing.SUPPRESSED]],
        required=False,
    )
    reason = GuardedFormField(
        label=_("Why it is corrected"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )

    class Meta:
        model = Measurement
        fields = (
            "period_from",
            "period_to",
            "label",
            "value",
            "missing",
            "n",
            "low",
            "high",
            "gender",
            "age_group",
            "is_partial",
            "is_provisional",
            "is_uncertain",
            "after_break",
            "footnote",
            "method",
            "source",
        )
        labels = {
            "period_from": _("First day"),
            "period_to": _("Until, not including"),
            "label": _("Heading of its column"),
            "value": _("Value"),
            "n": _("Number who answered or were counted (n)"),
            "low": _("Interval, from"),
            "high": _("Interval, to"),
            "age_group": _("Age group"),
            "is_partial": _("Covers a part of the period only"),
            "is_provisional": _("Provisional"),
            "is_uncertain": _("Uncertain"),
            "after_break": _("Measured in another way than before"),
            "footnote": _("Footnote"),
            "method": _("Method"),
            "source": _("Source"),
        }
        help_texts = {
            "label": _("Such as 2018, or Aug 2019."),
            "value": _("For yes or no: 1 for yes, 0 for no. Leave empty if nothing was measured; that is not zero."),
            "age_group": _("Such as 15-17, or unknown. Empty for all."),
        }
        widgets = {"period_from": DAY, "period_to": DAY}

    def __init__(self, *args: Any, corrects: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not corrects:
            del self.fields["reason"]
        else:
            self.fields["reason"].required = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if (cleaned.get("value") is None) != bool(cleaned.get("missing")):
            self.add_error("missing", _("Give a value, or say why there is none."))
        if cleaned.get("period_from") and cleaned.get("period_to") and cleaned["period_to"] <= cleaned["period_from"]:
            self.add_error("period_to", _("The period ends before it begins."))
        low, high = cleaned.get("low"), cleaned.get("high")
        if (low is None) != (high is None) or (low is not None and high is not None and low > high):
            self.add_error("high", _("Give both ends of the interval, the lower first."))
        return cleaned


class MeasurementFileForm(forms.Form):
    """A table of measurements."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or Excel. Nothing is stored if anything in it is wrong."),
    )
    indicator = forms.ModelChoiceField(
        label=_("Indicator"),
        queryset=Indicator.objects.none(),
        to_field_name="code",
        required=False,
        help_text=_("Empty if the file has a column that says which."),
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=300,
        required=False,
        help_text=_("For rows that do not name their own."),
    )

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        indicator = self.fields["indicator"]
        assert isinstance(indicator, forms.ModelChoiceField)
        indicator.queryset = Indicator.objects.filter(visible_to(membership), owner=membership.organisation)
