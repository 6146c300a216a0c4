"""What comes in through the pages of observations: shape and range. Rules that need the database are elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import SharingLevel
from lagesbild.core.errors import UserError
from lagesbild.core.text import guard
from lagesbild.observations.importing import Mapping
from lagesbild.observations.models import Source

NEW = "__new__"
NONE = ""


class ImportFileForm(forms.Form):
    """Which file, and where it comes from."""

    source = forms.ChoiceField(label=_("Source"), help_text=_("Where the incidents come from."))
    name = forms.CharField(label=_("Name of the new source"), max_length=60, required=False, validators=[guard])
    sharing = forms.ChoiceField(
        label=_("Who may see the incidents of a new source"), choices=SharingLevel, initial=SharingLevel.PARTNERS
    )
    is_exercise = forms.BooleanField(label=_("A new source holds exercise data, not real events"), required=False)
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV, Excel, JSON, JSON Lines or GeoPackage. Nothing is stored until you have seen the check."),
    )

    def __init__(self, *args: Any, sources: Sequence[Source], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(source.slug, source.name) for source in sources]
        self.fields["source"].choices = [*choices, (NEW, _("A new source …"))]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("source") == NEW and not (cleaned.get("name") or "").strip():
            self.add_error("name", _("Write what the new source is called."))
        return cleaned


COLUMN_LABELS: dict[str, Any] = {
    "source_type": _("What happened (type)"),
    "occurred": _("Date, or date and time"),
    "occurred_time": _("Time of day, if in a column of its own"),
    "occurred_text": _("Text that begins with day and time"),
    "occurred_to": _("Latest possible date"),
    "occurred_to_time": _("Latest possible time of day"),
    "reported": _("Reported or published"),
    "reported_time": _("Time of day it was reported"),
    "x": _("East (X, longitude)"),
    "y": _("North (Y, latitude)"),
    "xy": _("Both coordinates in one column"),
    "area_name": _("Name or code of the area"),
    "place_text": _("Place in words"),
    "precision_column": _("How exact the place is"),
    "source_id": _("Identity (case number)"),
    "note": _("Note"),
    "source_url": _("Link"),
}
PLACES_FIRST = ("source_type", "occurred", "occurred_time", "x", "y", "source_id")
GROUPS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (_("What"), ("source_type", "source_type_constant", "source_id", "note", "source_url")),
    (
        _("When"),
        (
            "occurred",
            "occurred_time",
            "occurred_to",
            "occurred_to_time",
            "occurred_text",
            "reported",
            "reported_time",
            "date_order",
            "time_precision",
        ),
    ),
    (
        _("Where"),
        ("x", "y", "xy", "crs", "swap_axes", "decimal", "precision", "precision_column", "area_name", "place_text"),
    ),
)
SYSTEMS = (
    (NONE, _("The collaboration's own")),
    ("EPSG:3006", "SWEREF 99 TM"),
    ("EPSG:4326", "WGS 84 (GPS)"),
    ("EPSG:3007", "SWEREF 99 12 00"),
    ("EPSG:3008", "SWEREF 99 13 30"),
    ("EPSG:3009", "SWEREF 99 15 00"),
    ("EPSG:3010", "SWEREF 99 16 30"),
    ("EPSG:3011", "SWEREF 99 18 00"),
    ("EPSG:3012", "SWEREF 99 14 15"),
    ("EPSG:3013", "SWEREF 99 15 45"),
    ("EPSG:3014", "SWEREF 99 17 15"),
    ("EPSG:3015", "SWEREF 99 18 45"),
    ("EPSG:3016", "SWEREF 99 20 15"),
    ("EPSG:3017", "SWEREF 99 21 45"),
    ("EPSG:3018", "SWEREF 99 23 15"),
    ("EPSG:3021", "RT 90 2.5 gon V"),
)
CHOICES: dict[str, Any] = {
    "precision": (
        ("exact", _("The very spot")),
        ("street", _("Street or block")),
        ("area", _("Area")),
        ("municipality", _("Municipality or county (never drawn as points)")),
        ("none", _("No place")),
    ),
    "date_order": (
        ("ymd", _("year, month, day")),
        ("dmy", _("day, month, year")),
        ("mdy", _("month, day, year")),
    ),
    "decimal": (("auto", _("find out")), (",", _("comma")), (".", _("point"))),
    "time_precision": (
        ("auto", _("as written")),
        ("minute", _("minute")),
        ("hour", _("hour")),
        ("day", _("day")),
        ("month", _("month")),
    ),
}
OTHER_LABELS: dict[str, Any] = {
    "source_type_constant": _("Or: all rows are of this type"),
    "crs": _("Coordinate system"),
    "swap_axes": _("North and east have changed places"),
    "precision": _("How exact the places are"),
    "date_order": _("Dates in figures are written"),
    "decimal": _("Decimal sign"),
    "time_precision": _("How exact the times are"),
}


class ColumnField(forms.ChoiceField):
    """A column of the file or none. Which ones are needed depends on each other, so the mapping itself says."""

    def validate(self, value: Any) -> None:
        if value:
            super().validate(value)


class MappingForm(forms.Form):
    """What the columns of a file mean. Fields that the form does not show are kept from ``base``."""

    use_required_attribute = False

    def __init__(self, *args: Any, columns: Sequence[str], base: Mapping, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.base = base
        self.columns = list(columns)
        choices = [(NONE, _("– no column –")), *((column, column) for column in columns)]
        for name, label in COLUMN_LABELS.items():
            self.fields[name] = ColumnField(label=label, choices=choices, initial=getattr(base, name) or NONE)
        self._add_others()

    def _add_others(self) -> None:
        base = self.base
        systems = list(SYSTEMS)
        if base.crs and base.crs not in dict(SYSTEMS):
            systems.append((base.crs, base.crs))
        self.fields["source_type_constant"] = forms.CharField(
            label=OTHER_LABELS["source_type_constant"],
            max_length=200,
            required=False,
            initial=base.source_type_constant,
            validators=[guard],
        )
        self.fields["crs"] = ColumnField(label=OTHER_LABELS["crs"], choices=systems, initial=base.crs or NONE)
        self.fields["swap_axes"] = forms.BooleanField(
            label=OTHER_LABELS["swap_axes"], required=False, initial=base.swap_axes
        )
        for name, choices in CHOICES.items():
            self.fields[name] = forms.ChoiceField(
                label=OTHER_LABELS[name], choices=choices, initial=getattr(base, name)
            )

    def groups(self) -> list[tuple[Any, list[Any], list[Any]]]:
        """(heading, fields in use, fields not in use) in the order of the page."""
        grouped = []
        for heading, names in GROUPS:
            used = [self[name] for name in names if self._in_use(name)]
            grouped.append((heading, used, [self[name] for name in names if not self._in_use(name)]))
        return grouped

    def _in_use(self, name: str) -> bool:
        if name in self.errors or name in PLACES_FIRST:
            return True
        if name in ("crs", "precision"):
            return True
        value = self.data.get(name) if self.is_bound else self.fields[name].initial
        return name in COLUMN_LABELS and bool(value)

    def used_for(self) -> list[tuple[str, str]]:
        """Each column of the file with what it is used for."""
        uses: dict[str, list[str]] = {column: [] for column in self.columns}
        for name, column in self.base.column_fields().items():
            label = COLUMN_LABELS.get(name.split(".")[0])
            if column in uses:
                uses[column].append(str(label or _("Date, or date and time")))
        return [(column, ", ".join(labels)) for column, labels in uses.items()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                self.mapping().validate(self.columns)
            except UserError as error:
                self.add_error(error.field if error.field in self.fields else None, error.message)
        return cleaned

    def mapping(self) -> Mapping:
        """The mapping as filled in."""
        values: dict[str, Any] = {name: value if value != NONE else None for name, value in self.cleaned_data.items()}
        chosen = {name: values[name] for name in (*COLUMN_LABELS, "source_type_constant", "crs", *CHOICES)}
        chosen["swap_axes"] = bool(values["swap_axes"])
        if any(getattr(self.base, name) != value for name, value in chosen.items()):
            chosen["name"] = "custom"
        return replace(self.base, **chosen)


class SeriesFileForm(forms.Form):
    """A table of figures."""

    title = forms.CharField(
        label=_("Title of the table"),
        max_length=200,
        required=False,
        help_text=_("Needed if the file does not say it in a column."),
        validators=[guard],
    )
    is_published = forms.BooleanField(
        label=_("The figures are already published, with their source"),
        required=False,
        help_text=_("Then small numbers in them are not hidden."),
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_("One row for each series and period: title, unit, area, category, period, value, source."),
    )
