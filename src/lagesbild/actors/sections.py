"""What other subjects add to the page of an organisation: forums it sits in, actions it owes.

Registered in the ``ready`` of an app: ``sections.register("cooperation.forums", forums_of)``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lagesbild.accounts.models import Membership, Organisation


@dataclass(frozen=True)
class SectionRow:
    """One line: a link, and words after it."""

    text: str
    address: str = ""
    note: str = ""


@dataclass(frozen=True)
class Section:
    """A heading and its lines; ``empty`` is said when there are none."""

    title: str
    rows: Sequence[SectionRow]
    empty: str = ""


Maker = Callable[[Membership, Organisation], Section | None]
_makers: dict[str, Maker] = {}


def register(code: str, maker: Maker) -> None:
    """Have ``maker(membership, organisation)`` asked for a section whenever the page is shown; None shows nothing."""
    _makers[code] = maker


def of(membership: Membership, organisation: Organisation) -> list[Section]:
    """The sections for one organisation, in the order of their codes."""
    made = (_makers[code](membership, organisation) for code in sorted(_makers))
    return [section for section in made if section is not None]
