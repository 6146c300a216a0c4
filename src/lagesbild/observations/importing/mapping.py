"""What the columns of a file mean. A mapping is plain data: shown, edited, saved per source as JSON, used by ``check``.

Guessing a mapping from a file is in ``guessing``; the built-in ones are in ``known``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import MISSING, dataclass, field, fields
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext_lazy as _

from lagesbild.core.errors import UserError

PRECISIONS = ("exact", "street", "area", "municipality", "none")
TIME_PRECISIONS = ("auto", "minute", "hour", "day", "month")
DATE_ORDERS = ("ymd", "dmy", "mdy")
DECIMALS = ("auto", ",", ".")
PARTS = ("year", "month", "day", "hour", "minute")


@dataclass(frozen=True)
class Mapping:
    """Names of columns, and how their values are written. ``None`` means that the file has no such column."""

    name: str = "custom"
    source_id: str | None = None
    """None: identities are made from the content of the row."""
    source_type: str | None = None
    source_type_constant: str | None = None
    occurred: str | None = None
    """Date, or date and time."""
    occurred_time: str | None = None
    occurred_parts: dict[str, str] = field(default_factory=dict)
    """Year, month, day, hour and minute in columns of their own."""
    occurred_text: str | None = None
    """A text that begins with day, month and time ("26 september 14:21, ..."); the year comes from ``reported``."""
    occurred_to: str | None = None
    occurred_to_time: str | None = None
    reported: str | None = None
    reported_time: str | None = None
    x: str | None = None
    """East, or longitude."""
    y: str | None = None
    """North, or latitude."""
    xy: str | None = None
    """Latitude and longitude in one column ("59.33,18.07"), or a point in WKT."""
    crs: str | None = None
    """EPSG code such as "EPSG:3006", or anything else pyproj knows. None: the collaboration's own."""
    swap_axes: bool = False
    """Take x for y and y for x."""
    precision: str = "exact"
    precision_column: str | None = None
    precision_values: dict[str, str] = field(default_factory=dict)
    """What the values of ``precision_column`` mean; ``precision`` holds for values not named."""
    area_name: str | None = None
    place_text: str | None = None
    note: str | None = None
    source_url: str | None = None
    url_prefix: str = ""
    date_order: str = "ymd"
    """How dates in figures alone are written: 28/2 2026 (dmy) or 2/28/2026 (mdy). A year first is always seen."""
    time_precision: str = "auto"
    """The coarsest the file claims: "month" if all dates are the first of a month only because something must be."""
    decimal: str = "auto"
    clock_forward: bool = False
    """Accept times that the clock jumped over in spring, an hour later; otherwise they are errors."""
    time_zone: str | None = None
    """Zone of times written without one. None: the collaboration's own."""

    def column_fields(self) -> dict[str, str]:
        """Every column the mapping reads: field name to column name."""
        single = {each: getattr(self, each) for each in COLUMN_FIELDS}
        named = {name: column for name, column in single.items() if column is not None}
        return named | {f"occurred_parts.{part}": column for part, column in self.occurred_parts.items()}

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; fields left at their default are left out."""
        return {
            each.name: getattr(self, each.name) for each in fields(self) if getattr(self, each.name) != _default(each)
        }

    @classmethod
    def from_dict(cls, saved: object) -> Mapping:
        """A saved mapping. Raises ``UserError`` (``import.mapping_refused``) for unknown fields and values."""
        if not isinstance(saved, dict):
            raise _refused("", saved)
        known = {each.name: each for each in fields(cls)}
        for name, value in saved.items():
            if name not in known or not _has_type(value, str(known[name].type)):
                raise _refused(str(name), value)
        mapping = cls(**saved)
        mapping.validate()
        return mapping

    def validate(self, columns: Iterable[str] | None = None) -> None:
        """Raise ``UserError`` for impossible values, missing parts, or columns the file does not have."""
        for name, allowed in CHOICES.items():
            if getattr(self, name) not in allowed:
                raise _refused(name, getattr(self, name))
        for part in self.occurred_parts:
            if part not in PARTS:
                raise _refused("occurred_parts", part)
        for value in self.precision_values.values():
            if value not in PRECISIONS:
                raise _refused("precision_values", value)
        if self.time_zone is not None and not _is_zone(self.time_zone):
            raise _refused("time_zone", self.time_zone)
        if columns is not None:
            self._validate_columns(set(columns))

    def _validate_columns(self, columns: set[str]) -> None:
        for name, column in self.column_fields().items():
            if column not in columns:
                raise UserError(
                    "import.column_missing",
                    _('The file has no column "{column}". Choose another one for this field.'),
                    field=name,
                    column=column,
                )
        if not (self.occurred or self.occurred_text or {"year", "month"} <= set(self.occurred_parts)):
            raise UserError(
                "import.date_unmapped", _("Choose the column that says when it happened."), field="occurred"
            )
        if self.occurred_text and not self.reported:
            raise UserError(
                "import.reported_unmapped", _("Choose the column that says when it was published."), field="reported"
            )
        if not (self.source_type or self.source_type_constant):
            raise UserError(
                "import.type_unmapped", _("Choose the column that says what happened."), field="source_type"
            )
        if (self.x is None) != (self.y is None):
            raise UserError(
                "import.axis_unmapped", _("Choose columns for both coordinates, or for neither."), field="x"
            )


COLUMN_FIELDS = (
    "source_id",
    "source_type",
    "occurred",
    "occurred_time",
    "occurred_text",
    "occurred_to",
    "occurred_to_time",
    "reported",
    "reported_time",
    "x",
    "y",
    "xy",
    "precision_column",
    "area_name",
    "place_text",
    "note",
    "source_url",
)
CHOICES: dict[str, tuple[str, ...]] = {
    "precision": PRECISIONS,
    "time_precision": TIME_PRECISIONS,
    "date_order": DATE_ORDERS,
    "decimal": DECIMALS,
}


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _default(each: Any) -> object:
    return each.default if each.default is not MISSING else each.default_factory()


def _has_type(value: object, wanted: str) -> bool:
    if wanted.startswith("dict"):
        return isinstance(value, dict) and all(isinstance(k, str) and isinstance(v, str) for k, v in value.items())
    if wanted == "bool":
        return isinstance(value, bool)
    return isinstance(value, str) or (value is None and "None" in wanted)


def _refused(name: str, value: object) -> UserError:
    return UserError(
        "import.mapping_refused",
        _('The saved mapping cannot be used: "{value}" is no value for "{name}". Map the columns again.'),
        field=name or None,
        name=name,
        value=str(value)[:80],
    )
