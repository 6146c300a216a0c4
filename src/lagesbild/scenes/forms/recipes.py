"""The form of a recipe: up to four figures, each with its weight and its scale."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lagesbild.core.text import GuardedFormField
from lagesbild.observations.models import Series
from lagesbild.scenes.index_values import series_name
from lagesbild.scenes.indicators import INDICATORS

MOST_FIGURES = 4
SCALE = ("weight", "zero_at", "hundred_at")


class RecipeForm(forms.Form):
    """How the index of one indicator is made."""

    indicator = forms.TypedChoiceField(
        label=_("Indicator"), coerce=int, choices=[(each.number, each.statement) for each in INDICATORS]
    )
    note = GuardedFormField(
        label=_("Why these figures and scales"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, series: list[Series], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "–"), *((series_name(each), f"{each.table.title}: {each.title}") for each in series)]
        for number in range(1, MOST_FIGURES + 1):
            self.fields[f"series_{number}"] = forms.ChoiceField(
                label=_("Series of figures"), choices=choices, required=False
            )
            for name, label in zip(SCALE, (_("Weight"), _("Scores 0 at"), _("Scores 100 at")), strict=True):
                field = forms.FloatField(label=label, required=False, localize=True)
                self.fields[f"{name}_{number}"] = field

    def rows(self) -> Iterator[list[forms.BoundField]]:
        """The fields of each figure."""
        for number in range(1, MOST_FIGURES + 1):
            yield [self[f"{name}_{number}"] for name in ("series", *SCALE)]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        for number in range(1, MOST_FIGURES + 1):
            for name in SCALE:
                if values.get(f"series_{number}") and values.get(f"{name}_{number}") is None:
                    self.add_error(f"{name}_{number}", _("Write a number."))
        if not any(values.get(f"series_{number}") for number in range(1, MOST_FIGURES + 1)):
            self.add_error("series_1", _("Choose at least one series."))
        return values

    def parts(self) -> list[dict[str, Any]]:
        """The figures of the valid form."""
        values = self.cleaned_data
        return [
            {"series": values[f"series_{number}"], **{name: values[f"{name}_{number}"] for name in SCALE}}
            for number in range(1, MOST_FIGURES + 1)
            if values.get(f"series_{number}")
        ]
