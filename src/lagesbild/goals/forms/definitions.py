"""How an indicator's figures are made, as it comes in: in which way, over which periods, out of what."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.access import visible_to
from lagesbild.accounts.models import Membership
from lagesbild.core.errors import Text
from lagesbild.goals import computing
from lagesbild.goals.computing import EVERY, Every
from lagesbild.goals.models import Indicator, Unit
from lagesbild.scenes.models import Scene
from lagesbild.scenes.queries import scenes_of
from lagesbild.scenes.rule import NUMBERS

PERIODS = [(each.value, EVERY[each]) for each in Every]
GENDERS = (
    ("", _("All")),
    ("women", _("Women")),
    ("men", _("Men")),
    ("other", _("Other")),
    ("unknown", _("Unknown")),
)
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
OWN_PERIODS = ("assessment", "survey")  # by year, and as the survey asked
APART = (
    "computed", "every", "first_year", "last_year", "from_on", "to_on", "query", "scene", "number", "survey",
    "survey_gender", "survey_age",
)  # fmt: skip
NEEDED: dict[str, tuple[tuple[str, Text], ...]] = {
    "incidents": (),
    "assessment": (("scene", _("Choose the open drug scene.")), ("number", _("Choose one of the seven indicators."))),
    "survey": (("survey", _("Choose the survey.")),),
}


class DefinitionForm(forms.Form):
    """The fields of a saved definition; part of the form of an indicator."""

    computed = forms.ChoiceField(
        label=_("Where its figures come from"), required=False, help_text=_("Computed figures are refreshed every day.")
    )
    every = forms.ChoiceField(label=_("Periods"), choices=PERIODS, required=False, widget=forms.RadioSelect)
    first_year = forms.IntegerField(
        label=_("First year to compute"),
        required=False,
        min_value=1990,
        max_value=2100,
        help_text=_("With own days: fill in to have the same days of each year from this one, too."),
    )
    last_year = forms.IntegerField(
        label=_("Last year to compute"),
        required=False,
        min_value=1990,
        max_value=2100,
        help_text=_("Empty: until today."),
    )
    from_on = forms.DateField(label=_("Own days, from"), required=False, widget=DAY)
    to_on = forms.DateField(label=_("Own days, until, not including"), required=False, widget=DAY)
    query = forms.CharField(
        label=_("Selection of incidents"),
        required=False,
        max_length=1000,
        help_text=_("Make the selection under Picture and paste its address here. The period is set for each figure."),
    )
    scene = forms.ModelChoiceField(label=_("Open drug scene"), queryset=Scene.objects.none(), required=False)
    number = forms.TypedChoiceField(
        label=_("Which of the seven indicators"),
        choices=[("", "–"), *((each, each) for each in NUMBERS)],
        coerce=int,
        empty_value=None,
        required=False,
    )
    survey = forms.ModelChoiceField(
        label=_("Survey"),
        queryset=Indicator.objects.none(),
        to_field_name="code",
        required=False,
        help_text=_("An indicator whose shares were typed in or taken in with n, for all or by gender and age."),
    )
    survey_gender = forms.ChoiceField(label=_("Gender in the survey"), choices=GENDERS, required=False)
    survey_age = forms.CharField(
        label=_("Age group in the survey"), max_length=20, required=False, help_text=_("As the survey writes it.")
    )

    def offer(self, own: Indicator, membership: Membership) -> None:
        """What can be chosen, and what was."""
        saved = own.definition
        self.fields["computed"].choices = [  # type: ignore[attr-defined]
            ("", _("Typed in, or taken in as a table")),
            *((kind, each.title) for kind, each in computing.computers().items()),
        ]
        self._among("scene", scenes_of(membership))
        surveys = Indicator.objects.filter(visible_to(membership), unit=Unit.SHARE, definition={}, series=None)
        self._among("survey", surveys.exclude(pk=own.pk))
        self.initial["computed"] = saved.get("kind", "")
        self.initial["every"] = saved.get("every", Every.YEAR.value)
        names = ("first_year", "last_year", "from_on", "to_on", "query", "scene", "number", "survey")
        self.initial.update({name: saved.get(name) for name in names})
        self.initial.update(survey_gender=saved.get("gender", ""), survey_age=saved.get("age_group", ""))

    def _among(self, name: str, rows: QuerySet[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = rows

    def clean_query(self) -> str:
        """Only what stands after the question mark, if a whole address was pasted."""
        text: str = self.cleaned_data["query"].strip()
        return urlsplit(text).query if "?" in text else text

    def check_definition(self, cleaned: dict[str, Any]) -> None:
        """What the chosen way needs, and whether its periods can be."""
        kind = cleaned.get("computed")
        if not kind:
            return
        for name, problem in NEEDED.get(kind, ()):
            if not cleaned.get(name):
                self.add_error(name, str(problem))
        if kind == "assessment" and cleaned.get("unit") != Unit.YES_NO:
            self.add_error("unit", _("The answers of an assessment are yes or no."))
        if kind == "survey" and cleaned.get("unit") != Unit.SHARE:
            self.add_error("unit", _("A survey gives a share."))
        if kind == "survey":
            return
        if kind not in OWN_PERIODS and cleaned.get("every") == Every.OWN:
            self._check_days(cleaned)
        elif not cleaned.get("first_year"):
            self.add_error("first_year", _("Write the first year to compute."))
        first, last = cleaned.get("first_year"), cleaned.get("last_year")
        if first and last and last < first:
            self.add_error("last_year", _("The last year comes before the first."))

    def _check_days(self, cleaned: dict[str, Any]) -> None:
        start, end = cleaned.get("from_on"), cleaned.get("to_on")
        if not start or not end:
            self.add_error("from_on" if not start else "to_on", _("Write the first day and the day after the last."))
        elif end <= start:
            self.add_error("to_on", _("The period ends before it begins."))

    def definition(self) -> dict[str, Any]:
        """What is saved; empty where the figures are typed."""
        given = self.cleaned_data
        kind = given["computed"]
        if not kind:
            return {}
        if kind == "survey":
            who = {"gender": given["survey_gender"], "age_group": given["survey_age"].strip()}
            return {"kind": kind, "survey": given["survey"].code, **who}
        made: dict[str, Any] = {"kind": kind} | self._periods()
        if kind == "incidents":
            made["query"] = given["query"]
        if kind == "assessment":
            made |= {"scene": given["scene"].pk, "number": given["number"]}
        return made

    def _periods(self) -> dict[str, Any]:
        given = self.cleaned_data
        every = Every.YEAR.value if given["computed"] in OWN_PERIODS else given["every"] or Every.YEAR.value
        said = {"every": every, "first_year": given["first_year"], "last_year": given["last_year"]}
        if every == Every.OWN:
            said |= {name: given[name].isoformat() for name in ("from_on", "to_on")}
        return {name: value for name, value in said.items() if value}
