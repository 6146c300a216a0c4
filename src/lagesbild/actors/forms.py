"""What comes in from the pages of actors: shape and format. Rules that need other rows are the actions'."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, cast

from django import forms
from django.db import models
from django.db.models import QuerySet
from django.forms.models import fields_for_model
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import SharingLevel
from lagesbild.actors.hours import Hours
from lagesbild.actors.models import MandateLevel, Schedule, Situation, Zone
from lagesbild.actors.week import parse_shifts, write_shifts
from lagesbild.actors.weekdays import WEEKDAYS
from lagesbild.core.conflicts import EditConflict
from lagesbild.core.errors import Text, UserError
from lagesbild.core.text import guard
from lagesbild.places import ground
from lagesbild.places.ground import Ground


def _shown(record: Any) -> str:
    """The name in the reader's language."""
    return str(record.shown)


def _with_widget(field: models.Field[Any, Any], **kwargs: Any) -> forms.Field | None:
    if isinstance(field, models.DateField):
        kwargs |= {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), "localize": False}
    if isinstance(field, models.TextField):
        kwargs |= {"widget": forms.Textarea(attrs={"rows": 3})}
    return field.formfield(**kwargs)


class RecordForm(forms.Form):
    """The fields of a record as its model has them, and the version that the form was made from.

    Texts are kept as sent when somebody else was first: `retry` puts the stored version beside them.
    """

    model: ClassVar[type[models.Model]]
    labels: ClassVar[Mapping[str, Text]]
    helps: ClassVar[Mapping[str, Text]] = {}

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        record: models.Model | None = None,
        choices: Mapping[str, QuerySet[Any]] | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        start = {name: _value(record, name) for name in (*self.labels, "version")} if record else {}
        super().__init__(data, initial={**start, **(initial or {})})
        made = fields_for_model(
            self.model,
            fields=list(self.labels),
            labels=cast("dict[str, str]", self.labels),
            help_texts=cast("dict[str, str]", self.helps),
            formfield_callback=_with_widget,
        )
        self.fields = {**{name: made[name] for name in self.labels}, **self.fields}
        for name, field in self.fields.items():
            if isinstance(field, forms.CharField) and guard not in field.validators:
                field.validators.append(guard)
            if choices and name in choices and isinstance(field, forms.ModelChoiceField):
                field.queryset = choices[name]
            if isinstance(field, forms.ModelChoiceField) and hasattr(getattr(field.queryset, "model", None), "shown"):
                field.label_from_instance = _shown  # type: ignore[assignment,method-assign]

    @property
    def seen(self) -> int:
        """The version that the form was made from."""
        return self.cleaned_data.get("version") or 0

    def values(self) -> dict[str, Any]:
        """What the model stores of the valid form."""
        return {name: self.cleaned_data[name] for name in self.labels}

    def retry(self, conflict: EditConflict) -> None:
        """Keep what was written, with the version that is stored now."""
        self.data = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict
        self.data["version"] = str(getattr(conflict.current, "version", ""))  # type: ignore[index]


def _value(record: models.Model, name: str) -> Any:
    field = record._meta.get_field(name)
    return getattr(record, field.attname) if isinstance(field, models.ForeignKey) else getattr(record, name)


class SharedForm(RecordForm):
    """A record that says who may see it."""

    sharing = forms.ChoiceField(label=_("Seen by"), choices=SharingLevel.choices, initial=SharingLevel.PARTNERS)

    def values(self) -> dict[str, Any]:
        return {**super().values(), "sharing": self.cleaned_data["sharing"]}

    def __init__(self, *args: Any, record: models.Model | None = None, initial: Any = None, **kwargs: Any) -> None:
        sharing = {"sharing": getattr(record, "sharing", SharingLevel.PARTNERS)} if record else {}
        super().__init__(*args, record=record, initial={**sharing, **(initial or {})}, **kwargs)


class MandateFields(forms.Form):
    """Which situations are a function's own task, and with which it may help."""

    own = forms.MultipleChoiceField(label=_("Own task"), required=False, widget=forms.CheckboxSelectMultiple)
    may = forms.MultipleChoiceField(label=_("May help with"), required=False, widget=forms.CheckboxSelectMultiple)

    def offer(self, situations: Sequence[Situation]) -> None:
        """Let these situations be chosen."""
        for name in ("own", "may"):
            self.fields[name].choices = [(each.code, each.shown) for each in situations]  # type: ignore[attr-defined]

    def mandates(self) -> dict[str, int]:
        """Code → level; what is ticked twice is one's own task."""
        values = self.cleaned_data
        return {
            **dict.fromkeys(values["may"], MandateLevel.MAY_HELP),
            **dict.fromkeys(values["own"], MandateLevel.OWN_TASK),
        }


class WeekForm(SharedForm):
    """A duty schedule: the week as seven lines of shifts."""

    model = Schedule
    labels = {
        "place": _("Place"),
        "valid_from": _("Holds from"),
        "valid_to": _("Until (not including)"),
        "holidays": _("On public holidays"),
        "source": _("Source"),
        "is_exercise": _("Exercise: invented hours"),
        "note": _("Note"),
    }
    helps = {"place": _("Leave empty if the function is on duty wherever its mandate reaches.")}

    def __init__(self, *args: Any, week: Mapping[int, Sequence[Hours]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = {
            f"day{number}": forms.CharField(
                label=name, required=False, max_length=200, initial=write_shifts((week or {}).get(number, ()))
            )
            for number, name in enumerate(WEEKDAYS, start=1)
        }
        self.fields = {**days, **self.fields}

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        self.week: dict[int, list[Hours]] = {}
        for number in range(1, 8):
            try:
                self.week[number] = parse_shifts(values.get(f"day{number}", ""))
            except UserError as error:
                self.add_error(f"day{number}", error.message)
        _check_period(self, values)
        return values

    @property
    def days(self) -> list[forms.BoundField]:
        return [self[f"day{number}"] for number in range(1, 8)]


class ExceptionForm(forms.Form):
    """A date on which other hours hold."""

    on = forms.DateField(
        label=_("Date"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), localize=False
    )
    shifts = forms.CharField(
        label=_("Hours that day"), required=False, max_length=200, help_text=_("Leave empty when off duty.")
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=200, validators=[guard])

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        try:
            self.hours = parse_shifts(values.get("shifts", ""))
        except UserError as error:
            self.add_error("shifts", error.message)
        return values


class ZoneForm(SharedForm):
    """A zone: what it is, who may act in it, and where it is drawn."""

    model = Zone
    labels = {
        "name": _("Name"),
        "kind": _("Kind"),
        "valid_from": _("Holds from"),
        "valid_to": _("Until (not including)"),
        "is_approximate": _("Drawn by hand, approximate"),
        "source": _("Source"),
        "note": _("Note"),
    }
    shape = forms.CharField(required=False, widget=forms.HiddenInput)
    geometry = forms.CharField(required=False, widget=forms.HiddenInput, max_length=400_000)
    actors = forms.MultipleChoiceField(
        label=_("Who may act there"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, actors: Sequence[tuple[str, str]], working_crs: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.working_crs = working_crs
        self.ground: Ground | None = None
        self.fields["actors"].choices = list(actors)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        _check_period(self, values)
        try:
            self.ground = ground.from_feature(values.get("geometry") or "{}", working_crs=self.working_crs)
        except UserError as error:
            self.add_error(None, error.message)
        return values


class PointForm(forms.Form):
    """A point in degrees, as a phone or a map gives it."""

    lat = forms.FloatField(required=False, min_value=-90, max_value=90)
    lon = forms.FloatField(required=False, min_value=-180, max_value=180)
    place = forms.IntegerField(required=False)
    situation = forms.SlugField(required=False)
    age = forms.IntegerField(required=False, min_value=0, max_value=120)


def _check_period(form: forms.Form, values: Mapping[str, Any]) -> None:
    first, last = values.get("valid_from"), values.get("valid_to")
    if first and last and last <= first:
        form.add_error("valid_to", _("The last day must be after the first."))
