"""Who can compute what. A definition is ``{"kind": …, "first_year": …}`` and what its kind needs beside.

Other subjects register from their ``ready``: ``register("scene_index", title=_("…"), compute=…)``. A computer is asked
for one calendar year at a time and answers with a figure and its origin, from which it can be computed again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import translation

from lagesbild.accounts.models import Membership
from lagesbild.core import clock
from lagesbild.core.errors import Text
from lagesbild.goals.measurement_text import MeasurementText
from lagesbild.goals.models import Indicator, Missing
from lagesbild.goals.readers import reader_for


@dataclass(frozen=True)
class Year:
    """One calendar year, and the local day on which it is looked at."""

    year: int
    today: date

    @property
    def from_on(self) -> date:
        return date(self.year, 1, 1)

    @property
    def to_on(self) -> date:
        return date(self.year + 1, 1, 1)

    @property
    def is_over(self) -> bool:
        return self.to_on <= self.today


@dataclass(frozen=True)
class Computed:
    """What a computer answers: a value, or why there is none. ``n`` is how many it rests on."""

    value: float | None
    source: str
    missing: str = ""
    n: int | None = None
    partial: bool = False
    footnote: str = ""
    method: str = ""
    origin: dict[str, Any] = field(default_factory=dict)


Compute = Callable[[Membership, Indicator, Year], Computed]


@dataclass(frozen=True)
class Computer:
    title: Text
    compute: Compute


_computers: dict[str, Computer] = {}


def register(kind: str, *, title: Text, compute: Compute) -> None:
    """Let indicators be computed in this way."""
    _computers[kind] = Computer(title, compute)


def computers() -> dict[str, Computer]:
    """All ways, by kind."""
    return dict(_computers)


def computed_texts(indicator: Indicator) -> list[MeasurementText]:
    """The indicator's figures from its first year to this one, with the eyes of its owner.

    Raises:
        UserError: the definition names something that is not here.
    """
    computer = _computers.get(indicator.definition.get("kind", ""))
    if computer is None:
        return []
    reader = reader_for(indicator.owner)
    today = clock.today(indicator.collaboration.time_zone)
    years = [Year(each, today) for each in range(int(indicator.definition["first_year"]), today.year + 1)]
    with translation.override(settings.LANGUAGE_CODE):  # stored in the words of the house, whoever asks
        return [_text(indicator, each, computer.compute(reader, indicator, each)) for each in years]


def _text(indicator: Indicator, year: Year, found: Computed) -> MeasurementText:
    missing = found.missing or ("" if found.value is not None else Missing.NOT_MEASURED)
    return MeasurementText(
        period_from=year.from_on,
        period_to=year.to_on,
        label=str(year.year),
        value=found.value,
        missing=missing,
        n=found.n,
        is_partial=found.partial or not year.is_over,
        footnote=found.footnote,
        method=found.method,
        source=found.source,
        origin={"kind": indicator.definition["kind"], **found.origin},
    )
