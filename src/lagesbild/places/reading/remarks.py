"""What a person is told about a file: problems that stop it, and repairs that she must accept.

Texts are looked up by code when shown, so that stored repairs follow the reader's language.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from lagesbild.core.errors import Text, UserError

MESSAGES: dict[str, Text] = {
    # problems
    "empty_geometry": _("has no boundary. Draw one, or take the row out."),
    "unreadable_geometry": _("has a boundary that cannot be read. Export the file again."),
    "not_a_polygon": _("is no polygon ({kind}), and an area must be one."),
    "not_finite": _("has coordinates that are not numbers."),
    "outside_projection": _("cannot be placed on the map with coordinate system {crs}."),
    "outside_region": _("lies far outside the region of the other rows. Correct its coordinates."),
    "vanished": _("has no surface left once its boundary is made valid. Draw it again."),
    "no_code": _("has no code in the field “{field}”."),
    "duplicate_code": _("has the code “{value}”, which row {other} has too. Codes must differ."),
    "code_too_long": _("has the code “{value}”, longer than {limit} characters."),
    "name_too_long": _("has the name “{value}”, longer than {limit} characters."),
    "unknown_parent": _("says that it lies in “{value}”, which is not a code of {parent_set}."),
    "personal_number": _("holds a personal identity number. Take it out: no register of persons is kept."),
    # repairs
    "made_valid": _("has a boundary that is not valid ({reason}). Mended; its size changes by {change_pct} %."),
    "parts_dropped": _("holds {count} lines or points beside its polygons. They are left out."),
    "axes_swapped": _("The file gives north before east (or latitude before longitude). The two are swapped."),
    "crs_replaced": _("The file says coordinate system {stated}; {used} is used as you asked."),
    "outside_use": _("The areas lie outside the part of the world where {crs} is meant to be used. Is it right?"),
    "no_parent": _("lies in no area of {parent_set}. It is kept without one."),
    "far_from_others": _(
        "None of the areas touches any other area of the collaboration. Is the coordinate system {crs} right?"
    ),
}

# What the geometry engine says of a boundary that is not valid.
REASONS: dict[str, Text] = {
    "Self-intersection": _("it crosses itself"),
    "Ring Self-intersection": _("a ring touches itself"),
    "Hole lies outside shell": _("a hole lies outside"),
    "Holes are nested": _("holes lie in one another"),
    "Nested shells": _("parts lie in one another"),
    "Interior is disconnected": _("the inside falls apart"),
    "Duplicate Rings": _("a ring stands twice"),
    "Too few points in geometry component": _("a ring has too few points"),
}


@dataclass(frozen=True)
class Remark:
    """One problem or repair: the row in the file (1 is the first; 0 is the whole file), its name, and what is so."""

    code: str
    row: int = 0
    name: str = ""
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """The sentence, without the row."""
        reason = str(self.params.get("reason", ""))
        return str(MESSAGES[self.code]).format(**{**self.params, "reason": REASONS.get(reason, reason)})

    @property
    def text(self) -> str:
        """The sentence with row and name."""
        if not self.row:
            return self.message
        head = str(_("Row {row}, “{name}”:") if self.name else _("Row {row}:"))
        return f"{head.format(row=self.row, name=self.name)} {self.message}"

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Remark:
        return cls(**stored)


SHOWN = 5


class FileProblemsError(UserError):
    """The file cannot be used as it is; ``problems`` has every row."""

    def __init__(self, problems: Sequence[Remark]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            "places.file_has_problems",
            _("The file cannot be used: {problems}"),
            "file",
            problems=_first(problems),
        )


class RepairsNotAcceptedError(UserError):
    """The file can be used once these ``repairs`` are accepted."""

    def __init__(self, repairs: Sequence[Remark]) -> None:
        self.repairs = tuple(repairs)
        super().__init__(
            "places.repairs_not_accepted",
            _("The file needs repairs that you have not accepted: {repairs}"),
            "accept_repairs",
            repairs=_first(repairs),
        )


def _first(remarks: Iterable[Remark]) -> str:
    texts = [remark.text for remark in remarks]
    more = len(texts) - SHOWN
    shown = " ".join(texts[:SHOWN])
    return f"{shown} {str(_('(and {count} more)')).format(count=more)}" if more > 0 else shown
