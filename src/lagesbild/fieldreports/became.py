"""What became of reports, told by later subjects: they register a function, and field reports know none of them.

A matter raised from a report, for instance, tells here what was done about it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from lagesbild.accounts.models import Membership
from lagesbild.fieldreports.models import FieldReport


@dataclass(frozen=True)
class Became:
    """One line, in words that this member may read; ``path`` is a local address, or empty."""

    text: str
    path: str
    at: datetime


Teller = Callable[[Membership, Sequence[FieldReport]], Mapping[int, Sequence[Became]]]
_tellers: list[Teller] = []


def register(teller: Teller) -> None:
    """Ask ``teller`` too: all reports of a page in one call, answers by the report's key. Registering twice is once."""
    if teller not in _tellers:
        _tellers.append(teller)


def told(membership: Membership, reports: Sequence[FieldReport]) -> dict[int, list[Became]]:
    """What became of each report, oldest first."""
    found: dict[int, list[Became]] = {report.pk: [] for report in reports}
    for teller in _tellers if reports else ():
        for key, lines in teller(membership, reports).items():
            if key in found:
                found[key] += lines
    return {key: sorted(lines, key=lambda line: line.at) for key, lines in found.items()}
