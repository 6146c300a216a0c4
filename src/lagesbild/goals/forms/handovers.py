"""A month's counts of handovers: one number for each gender and age group. Empty is not zero."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Function, Membership
from lagesbild.goals.actions import HandoverCount
from lagesbild.goals.handovers import AGE_GROUPS, GENDERS
from lagesbild.goals.models import HandoverKind


class HandoverForm(forms.Form):
    """From which function to which, in which month, and how many."""

    kind = forms.ChoiceField(label=_("Kind"), choices=HandoverKind.choices, widget=forms.RadioSelect)
    from_function = forms.ModelChoiceField(label=_("From"), queryset=Function.objects.none())
    to_function = forms.ModelChoiceField(label=_("To"), queryset=Function.objects.none())
    month = forms.CharField(label=_("Month"), max_length=7, widget=forms.TextInput(attrs={"type": "month"}))
    source = forms.CharField(label=_("Source"), max_length=300, required=False)

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        functions = Function.objects.filter(organisation__collaboration=membership.collaboration_id)
        for name in ("from_function", "to_function"):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = functions.select_related("organisation")
        for gender, gender_text in GENDERS.items():
            for number, (_age, age_text) in enumerate(AGE_GROUPS.items()):
                field = forms.IntegerField(required=False, min_value=0, max_value=100_000)
                field.label = _("{gender}, {age}").format(gender=gender_text, age=age_text)
                field.widget.attrs |= {"inputmode": "numeric", "aria-label": field.label}
                self.fields[f"{gender}-{number}"] = field

    @property
    def head(self) -> list[Any]:
        """The fields above the table."""
        return [self[name] for name in ("kind", "from_function", "to_function", "month", "source")]

    @property
    def lines(self) -> list[tuple[Any, list[Any]]]:
        """The table: a line for each gender."""
        return [
            (text, [self[f"{gender}-{number}"] for number in range(len(AGE_GROUPS))])
            for gender, text in GENDERS.items()
        ]

    def clean_month(self) -> date:
        text = self.cleaned_data["month"]
        if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text):
            raise ValidationError(_("Write the month like 2026-02."))
        return date(int(text[:4]), int(text[5:]), 1)

    def counts(self) -> list[HandoverCount]:
        """What was filled in."""
        return [
            HandoverCount(gender, age, self.cleaned_data[f"{gender}-{number}"])
            for gender in GENDERS
            for number, age in enumerate(AGE_GROUPS)
            if self.cleaned_data[f"{gender}-{number}"] is not None
        ]
