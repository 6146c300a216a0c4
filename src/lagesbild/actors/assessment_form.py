"""The form of a self-assessment: one choice and one reason for each factor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lagesbild.actors.forms import SharedForm
from lagesbild.actors.models import Assessment, Factor
from lagesbild.core.text import GuardedFormField

SCORES = (
    ("", _("Not known")),
    ("1", _("1 – not at all")),
    ("2", _("2 – partly")),
    ("3", _("3 – mostly")),
    ("4", _("4 – wholly")),
)


class AssessmentForm(SharedForm):
    """Date, forum, note, and the factors in order."""

    model = Assessment
    labels = {"on": _("Date"), "forum": _("Forum"), "note": _("Note")}
    helps = {"forum": _("Leave empty for the collaboration as a whole.")}

    def __init__(self, *args: Any, factors: Sequence[Factor], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.factors = list(factors)
        for factor in self.factors:
            self.fields[f"score{factor.pk}"] = forms.ChoiceField(label=factor.shown, choices=SCORES, required=False)
            self.fields[f"reason{factor.pk}"] = GuardedFormField(
                label=_("Reason"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
            )

    def scores(self) -> dict[int, tuple[int | None, str]]:
        """What the valid form says of each factor."""
        said = self.cleaned_data
        return {
            factor.pk: (
                int(said[f"score{factor.pk}"]) if said[f"score{factor.pk}"] else None,
                said[f"reason{factor.pk}"],
            )
            for factor in self.factors
        }

    @property
    def questions(self) -> list[tuple[Factor, forms.BoundField, forms.BoundField]]:
        """Each factor with its two fields."""
        return [(factor, self[f"score{factor.pk}"], self[f"reason{factor.pk}"]) for factor in self.factors]
