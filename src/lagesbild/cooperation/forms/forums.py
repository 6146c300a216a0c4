"""What comes in about forums: the forum, its members, its agenda. Rules that need other rows are the actions'."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.dates import MONTHS, WEEKDAYS, WEEKDAYS_ABBR
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Function, Organisation
from lagesbild.cooperation import agendas, recurrence
from lagesbild.cooperation.actions.forums import ForumText, MemberText
from lagesbild.cooperation.models import Forum, ForumLevel, Participation, PointKind
from lagesbild.core.errors import UserError
from lagesbild.core.text import GuardedFormField

ON_NEED, OWN_RULE = "", "OWN"
FREQUENCIES = (
    (ON_NEED, _("On need")),
    ("WEEKLY-1", _("Every week")),
    ("WEEKLY-2", _("Every other week")),
    ("MONTHLY-1", _("Every month")),
    ("MONTHLY-2", _("Every other month")),
    ("YEARLY-1", _("Certain months of the year")),
    (OWN_RULE, _("By a rule of its own")),
)
ORDERS = (
    ("1", _("first")),
    ("2", _("second")),
    ("3", _("third")),
    ("4", _("fourth")),
    ("-1", _("last")),
)


def date_input() -> forms.DateInput:
    """The device's own date picker, which writes and reads ISO dates."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ForumForm(forms.Form):
    """A forum: what it is for, who convenes it, how often it meets, where its matters are lifted."""

    name = GuardedFormField(label=_("Name"), max_length=120, widget=forms.TextInput)
    level = forms.ChoiceField(label=_("Level"), choices=ForumLevel.choices)
    purpose = GuardedFormField(label=_("Purpose"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
    convenor = forms.ModelChoiceField(label=_("Convenor"), queryset=Function.objects.none())
    deputy = forms.ModelChoiceField(
        label=_("Deputy"),
        queryset=Function.objects.none(),
        required=False,
        help_text=_("Leads the meeting when the convenor cannot come."),
    )
    lifts_to = forms.ModelChoiceField(
        label=_("Lifts matters to"), queryset=Forum.objects.none(), required=False, empty_label=_("– nowhere –")
    )
    takes_matters = forms.BooleanField(label=_("Takes matters"), required=False, initial=True)
    is_entry = forms.BooleanField(
        label=_("Matters come in here when nothing else is said"),
        required=False,
    )
    frequency = forms.ChoiceField(label=_("Meets"), choices=FREQUENCIES, required=False)
    weekdays = forms.MultipleChoiceField(
        label=_("Weekdays"), choices=(), required=False, widget=forms.CheckboxSelectMultiple
    )
    order = forms.ChoiceField(
        label=_("Which one of the month"),
        choices=ORDERS,
        required=False,
        help_text=_("For months: the second Tuesday, the last Friday."),
    )
    months = forms.MultipleChoiceField(
        label=_("Months"), choices=(), required=False, widget=forms.CheckboxSelectMultiple
    )
    rule = forms.CharField(
        label=_("Own rule"), required=False, max_length=200, help_text=_("As in RFC 5545: FREQ=WEEKLY;BYDAY=TU,FR")
    )
    first_on = forms.DateField(label=_("From the day"), required=False, widget=date_input(), localize=False)
    starts_at = forms.TimeField(
        label=_("Time"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    duration_minutes = forms.IntegerField(label=_("Length, minutes"), min_value=5, max_value=600, initial=60)
    skips_holidays = forms.BooleanField(
        label=_("Not on public holidays"),
        required=False,
        initial=True,
        help_text=_("Days off of the Swedish calendar."),
    )
    room = GuardedFormField(label=_("Room"), required=False, max_length=120, widget=forms.TextInput)
    source = GuardedFormField(label=_("Source"), required=False, max_length=300, widget=forms.TextInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput, initial=1)

    def __init__(self, *args: Any, functions: QuerySet[Function], others: QuerySet[Forum], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["convenor"].queryset = functions  # type: ignore[attr-defined]
        self.fields["deputy"].queryset = functions  # type: ignore[attr-defined]
        self.fields["lifts_to"].queryset = others  # type: ignore[attr-defined]
        days = [(code, str(WEEKDAYS[number]).capitalize()) for number, code in enumerate(recurrence.DAY_CODES)]
        self.fields["weekdays"].choices = days  # type: ignore[attr-defined]
        self.fields["months"].choices = [(str(n), str(name)) for n, name in MONTHS.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        try:
            values["rhythm"] = self._rhythm(values)
        except UserError as error:
            self.add_error(error.field if error.field in self.fields else None, error.message)
        return values

    def _rhythm(self, values: dict[str, Any]) -> str:
        frequency = values.get("frequency") or ON_NEED
        if frequency == ON_NEED:
            return ""
        if frequency == OWN_RULE:
            recurrence.check(values.get("rule") or "")
            return str(values["rule"]).upper().removeprefix("RRULE:")
        days = tuple(values.get("weekdays") or ())
        if not days:
            raise UserError("forums.no_weekday", _("Choose at least one weekday."), field="weekdays")
        name, _dash, interval = frequency.partition("-")
        months = tuple(int(month) for month in values.get("months") or ()) if name == "YEARLY" else ()
        if name == "YEARLY" and not months:
            raise UserError("forums.no_month", _("Choose at least one month."), field="months")
        if name != "WEEKLY":
            days = tuple(f"{values.get('order') or '1'}{day}" for day in days)
        return recurrence.rule_of(recurrence.Parts(name, int(interval), days, months))

    def text(self) -> ForumText:
        """What the valid form says."""
        names = ForumText.__dataclass_fields__.keys() - {"rhythm_text"}
        return ForumText(**{name: self.cleaned_data[name] for name in names}, rhythm_text="")


def initial_of(forum: Forum) -> dict[str, Any]:
    """A stored forum as the form shows it."""
    names = ForumText.__dataclass_fields__.keys() - {"rhythm", "rhythm_text"}
    return {**{name: getattr(forum, name) for name in names}, "version": forum.version, **_asked(forum.rhythm)}


def _asked(rule: str) -> dict[str, Any]:
    if not rule:
        return {"frequency": ON_NEED}
    parts = recurrence.parts_of(rule)
    code = f"{parts.frequency}-{parts.interval}" if parts else ""
    if parts is None or code not in dict(FREQUENCIES):
        return {"frequency": OWN_RULE, "rule": rule}
    days = [day[-2:] for day in parts.days]
    orders = {day[:-2] for day in parts.days}
    if len(orders) > 1:
        return {"frequency": OWN_RULE, "rule": rule}
    return {
        "frequency": code,
        "weekdays": days,
        "order": next(iter(orders), "") or "1",
        "months": [str(month) for month in parts.months],
    }


class MemberForm(forms.Form):
    """An organisation, or one of its functions, that takes part."""

    who = forms.ChoiceField(label=_("Organisation or function"), choices=())
    participation = forms.ChoiceField(label=_("Takes part as"), choices=Participation.choices)
    from_on = forms.DateField(label=_("From"), required=False, widget=date_input(), localize=False)
    note = GuardedFormField(
        label=_("Note"),
        required=False,
        max_length=300,
        widget=forms.TextInput,
        help_text=_("With citation where sources disagree."),
    )

    def __init__(
        self, *args: Any, organisations: Sequence[tuple[Organisation, Sequence[Function]]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.found: dict[str, tuple[Organisation, Function | None]] = {}
        choices: list[Any] = []
        for organisation, functions in organisations:
            whole = (f"o{organisation.pk}", format_lazy(_("{name}, the whole organisation"), name=organisation.name))
            self.found[whole[0]] = (organisation, None)
            parts = [(f"f{function.pk}", function.name) for function in functions]
            self.found |= {f"f{function.pk}": (organisation, function) for function in functions}
            choices.append((organisation.name, [whole, *parts]))
        self.fields["who"].choices = choices  # type: ignore[attr-defined]

    def text(self) -> MemberText:
        """What the valid form says."""
        organisation, function = self.found[self.cleaned_data["who"]]
        values = self.cleaned_data
        return MemberText(
            organisation=organisation,
            function=function,
            participation=values["participation"],
            note=values["note"],
            from_on=values["from_on"],
        )


class PointForm(forms.Form):
    """One fixed point; without a title it is left out."""

    title = GuardedFormField(label=_("Point"), required=False, max_length=160, widget=forms.TextInput)
    kind = forms.ChoiceField(label=_("Filled with"), choices=PointKind.choices, initial=PointKind.TALK, required=False)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=240, initial=5, required=False)


AgendaFormSet = forms.formset_factory(PointForm, extra=3, max_num=agendas.MOST, can_order=False)


def points_in(forms_in: Any) -> list[agendas.PointText]:
    """The points that were written, in order."""
    return [
        agendas.PointText(
            title=values["title"], kind=values.get("kind") or PointKind.TALK, minutes=values.get("minutes") or 5
        )
        for values in (form.cleaned_data for form in forms_in)
        if values.get("title")
    ]


def day_abbreviations() -> list[str]:
    """Monday to Sunday, short, for the head of a month."""
    return [str(WEEKDAYS_ABBR[number]) for number in range(7)]
