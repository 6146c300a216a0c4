"""Who can compute what. A definition is ``{"kind": …, "first_year": …}``, its periods, and what its kind needs beside.

Other subjects register from their ``ready``: ``register("scene_index", title=_("…"), compute=…)``. A computer is asked
for one period at a time and answers with a figure and its origin, from which it can be computed again. One whose
periods are not those of the calendar says which with ``periods``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Membership
from lagesbild.core import clock
from lagesbild.core.errors import Text, UserError
from lagesbild.goals.computing.periods import EVERY, MOST_PERIODS, Every, Period, periods_of
from lagesbild.goals.measurement_text import MeasurementText
from lagesbild.goals.models import Indicator, Missing
from lagesbild.goals.readers import reader_for


@dataclass(frozen=True)
class Computed:
    """What a computer answers: a value, or why there is none. ``n`` is how many it rests on."""

    value: float | None
    source: str
    missing: str = ""
    n: int | None = None
    low: float | None = None
    high: float | None = None
    partial: bool = False
    uncertain: bool = False
    footnote: str = ""
    method: str = ""
    origin: dict[str, Any] = field(default_factory=dict)


Compute = Callable[[Membership, Indicator, Period], Computed]
Periods = Callable[[Membership, Indicator], list[Period]]


@dataclass(frozen=True)
class Computer:
    title: Text
    compute: Compute
    periods: Periods | None = None


_computers: dict[str, Computer] = {}


def register(kind: str, *, title: Text, compute: Compute, periods: Periods | None = None) -> None:
    """Let indicators be computed in this way."""
    _computers[kind] = Computer(title, compute, periods)


def computers() -> dict[str, Computer]:
    """All ways, by kind."""
    return dict(_computers)


def made_from(indicator: Indicator) -> str:
    """How the indicator's figures are made, in words; empty where they are typed."""
    if indicator.series is not None:
        return str(indicator.series.table.title)
    computer = _computers.get(indicator.definition.get("kind", ""))
    if computer is None:
        return ""
    every = EVERY[indicator.definition.get("every", Every.YEAR)]
    return str(computer.title) if computer.periods else f"{computer.title} · {every}"


def computed_texts(indicator: Indicator) -> list[MeasurementText]:
    """The indicator's figures over every period that its definition asks for, with the eyes of its owner.

    Raises:
        UserError: the definition names something that is not here, or asks for too many periods.
    """
    computer = _computers.get(indicator.definition.get("kind", ""))
    if computer is None:
        return []
    reader = reader_for(indicator.owner)
    if computer.periods is not None:
        periods = computer.periods(reader, indicator)
    else:
        periods = periods_of(indicator.definition, clock.today(indicator.collaboration.time_zone))
    if len(periods) > MOST_PERIODS:
        raise UserError(
            "indicator.too_many_periods",
            _("That is {n} periods; at most {most} can be computed. Begin later, or take longer periods."),
            "first_year",
            n=len(periods),
            most=MOST_PERIODS,
        )
    with translation.override(settings.LANGUAGE_CODE):  # stored in the words of the house, whoever asks
        return [_text(indicator, each, computer.compute(reader, indicator, each)) for each in periods]


def _text(indicator: Indicator, period: Period, found: Computed) -> MeasurementText:
    missing = found.missing or ("" if found.value is not None else Missing.NOT_MEASURED)
    return MeasurementText(
        period_from=period.from_on,
        period_to=period.to_on,
        label=period.label,
        value=found.value,
        missing=missing,
        n=found.n,
        low=found.low,
        high=found.high,
        is_partial=found.partial or not period.is_over,
        is_uncertain=found.uncertain,
        footnote=found.footnote[:300],
        method=found.method,
        source=found.source[:300],
        origin={"kind": indicator.definition["kind"], **found.origin},
    )
