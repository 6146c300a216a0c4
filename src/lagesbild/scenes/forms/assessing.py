"""Forms of assessing: seven answers with what each rests on, a dissent, a year's focus."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from lagesbild.core.errors import UserError
from lagesbild.core.text import GuardedFormField, guard
from lagesbild.observations.filters import EventFilter
from lagesbild.observations.models import Series
from lagesbild.scenes.actions import AnswerText, EvidenceText
from lagesbild.scenes.forms.register import day
from lagesbild.scenes.indicators import INDICATORS, SceneIndicator
from lagesbild.scenes.models import EvidenceKind
from lagesbild.scenes.models.assessments import ANSWER_CHOICES
from lagesbild.scenes.rule import NUMBERS, Answer

PARTS = ("answer", "reason", "source", "reports", "series", "incidents", "function", "interview")


class AssessForm(forms.Form):
    """Seven indicators, each with an answer, a reason and what it rests on. Nothing is answered beforehand."""

    year = forms.IntegerField(label=_("Year"), min_value=1990, max_value=2100)
    assessed_on = day(_("Assessed on"), required=False)
    summary = GuardedFormField(label=_("Summary"), required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, series: list[Series], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.series = {each.pk: each for each in series}
        for number in NUMBERS:
            self.fields |= self._fields(number)

    def _fields(self, number: int) -> dict[str, forms.Field]:
        choices = [("", "–"), *((pk, f"{each.table.title}: {each.title}") for pk, each in self.series.items())]
        made: dict[str, forms.Field] = {
            "answer": forms.ChoiceField(
                label=_("Answer"), choices=ANSWER_CHOICES, widget=forms.RadioSelect, initial=Answer.UNKNOWN
            ),
            "reason": GuardedFormField(label=_("Reason"), required=False, widget=forms.Textarea(attrs={"rows": 2})),
            "source": forms.CharField(label=_("Source"), required=False, max_length=300, validators=[guard]),
            "reports": forms.CharField(
                label=_("Field reports"),
                required=False,
                max_length=200,
                help_text=_("Their numbers, with commas between."),
            ),
            "series": forms.TypedChoiceField(
                label=_("Series of figures"), choices=choices, coerce=int, empty_value=None, required=False
            ),
            "incidents": forms.CharField(
                label=_("Incidents"),
                required=False,
                max_length=2000,
                help_text=_("Paste the address of the picture or list that shows them."),
            ),
            "function": forms.CharField(
                label=_("Interviewed function"),
                required=False,
                max_length=160,
                validators=[guard],
                help_text=_("A function, such as school welfare officer; never a person."),
            ),
            "interview": GuardedFormField(
                label=_("What they said"), required=False, widget=forms.Textarea(attrs={"rows": 2})
            ),
        }
        return {f"{part}_{number}": field for part, field in made.items()}

    def groups(self) -> Iterator[tuple[SceneIndicator, dict[str, forms.BoundField]]]:
        """Each indicator with its fields."""
        for each in INDICATORS:
            yield each, {part: self[f"{part}_{each.number}"] for part in PARTS}

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        for number in NUMBERS:
            for part, read in (("reports", _numbers), ("incidents", _filter)):
                name = f"{part}_{number}"
                try:
                    values[name] = read(values.get(name) or "")
                except (ValidationError, UserError) as error:
                    self.add_error(name, error.message if isinstance(error, UserError) else error)
            if values.get(f"interview_{number}") and not values.get(f"function_{number}"):
                self.add_error(f"function_{number}", _("Say which function it was."))
        return values

    def answers(self) -> dict[int, AnswerText]:
        """What the valid form says of each indicator."""
        return {number: self._answer(number) for number in NUMBERS}

    def _answer(self, number: int) -> AnswerText:
        value = {part: self.cleaned_data.get(f"{part}_{number}") for part in PARTS}
        evidence = [EvidenceText(EvidenceKind.REPORT, report_number=each) for each in value["reports"] or ()]
        if value["series"]:
            evidence.append(EvidenceText(EvidenceKind.SERIES, series=self.series[value["series"]]))
        if value["incidents"]:
            evidence.append(EvidenceText(EvidenceKind.INCIDENTS, filter=value["incidents"]))
        if value["function"]:
            evidence.append(
                EvidenceText(EvidenceKind.INTERVIEW, function=value["function"], text=value["interview"] or "")
            )
        return AnswerText(value["answer"] or "", value["reason"] or "", value["source"] or "", evidence)


def _numbers(text: str) -> list[int]:
    words = [word for word in re.split(r"[\s,;]+", text) if word]
    if not all(word.isascii() and word.isdigit() and len(word) < 10 for word in words):
        raise ValidationError(_("Write the numbers of the reports with commas between."))
    return [int(word) for word in words]


def _filter(address: str) -> dict[str, Any]:
    if not address:
        return {}
    found = EventFilter.from_query(QueryDict(urlsplit(address).query)).to_dict()
    if not found:
        raise ValidationError(_("The address names no filter. Choose period, place or category first."))
    return found


class DissentForm(forms.Form):
    """That one sees an indicator otherwise."""

    says = forms.ChoiceField(label=_("My answer"), choices=ANSWER_CHOICES)
    reason = GuardedFormField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}))


class FocusForm(forms.Form):
    """The one or two indicators of a year."""

    year = forms.IntegerField(label=_("Year"), min_value=1990, max_value=2100)
    indicators = forms.TypedMultipleChoiceField(
        label=_("Indicators"),
        coerce=int,
        choices=[(each.number, each.statement) for each in INDICATORS],
        widget=forms.CheckboxSelectMultiple,
    )
    reason = GuardedFormField(label=_("Why these"), widget=forms.Textarea(attrs={"rows": 2}))
