"""Counts and rates from the incident store, by a selection as it stands in the address of a picture.

A period that the sources do not cover is not measured, which is not zero; one they cover in part is partial.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import polars as pl
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lagesbild.accounts.models import Membership
from lagesbild.goals.computing.periods import Period
from lagesbild.goals.computing.registry import Computed
from lagesbild.goals.computing.registry import register as _register
from lagesbild.goals.models import Indicator, Missing, Unit
from lagesbild.goals.rates import residents_of
from lagesbild.observations import listings, queries
from lagesbild.observations.filters import EventFilter
from lagesbild.observations.questions import Question
from lagesbild.places.models import Area

METHOD = "incidents 1"


def register() -> None:
    _register("incidents", title=gettext_lazy("Computed from incidents"), compute=compute)


def compute(membership: Membership, indicator: Indicator, period: Period, *, version: int | None = None) -> Computed:
    """The figure of one period, from the newest data version or the one that is named."""
    filters = filter_of(indicator, period)
    question = queries.resolve(membership.collaboration, filters, membership=membership)
    data_version = queries.data_version(membership.collaboration) if version is None else version
    origin: dict[str, object] = {
        "query": filters.to_query(),
        "data_version": data_version,
        "question": question.digest(),
        "exercise": question.is_exercise,
    }
    names = dict(listings.source_names(membership))
    source = ", ".join(names.get(each, each) for each in question.sources) or _("No source")
    covered = _covered(question, period, data_version)
    if covered is None:
        return Computed(None, source, missing=Missing.NOT_MEASURED, origin=origin, method=METHOD)
    n = int(question.events(data_version).select(pl.len()).collect().item())
    found = Computed(float(n), source, n=n, partial=not covered, origin=origin, method=METHOD)
    return _as_rate(found, membership, filters, period) if indicator.unit == Unit.PER_100000 else found


def filter_of(indicator: Indicator, period: Period) -> EventFilter:
    """The saved selection over one period."""
    saved = EventFilter.from_query(QueryDict(indicator.definition.get("query", "")))
    return replace(saved, from_on=period.from_on, to_on=period.to_on)


def _covered(question: Question, period: Period, version: int | None) -> bool | None:
    """Whether the sources reach over the whole period; None if they do not touch it."""
    everything = replace(question, filters=EventFilter(), areas=(), place=None).events(version)
    first_on, last_on = (
        everything.select(pl.col("local_date").min().alias("first"), pl.col("local_date").max().alias("last"))
        .collect()
        .row(0)
    )
    if first_on is None or last_on < period.from_on or first_on >= period.to_on:
        return None
    # Nothing need have happened on New Year's Day: 31 days of a year, 3 of a month.
    slack = timedelta(days=(period.to_on - period.from_on).days // 12 + 1)
    return bool(first_on <= period.from_on + slack and last_on >= period.to_on - slack)


def _as_rate(found: Computed, membership: Membership, filters: EventFilter, period: Period) -> Computed:
    """Per 100,000 of the residents of the one area that was chosen; never of another."""
    area = (
        Area.objects.select_related("version").filter(pk__in=filters.areas).first() if len(filters.areas) == 1 else None
    )
    facts = [each for each in residents_of(membership, area) if each.valid_from < period.to_on and each.value > 0]
    facts = [each for each in facts if each.valid_to is None or each.valid_to > period.from_on]
    if not facts:
        why = _("The number of residents of the area is not known for this period, so there is no rate.")
        return replace(found, value=None, missing=Missing.NOT_MEASURED, footnote=why)
    fact = facts[-1]
    origin = found.origin | {"count": found.n, "residents": fact.value, "residents_source": fact.source[:120]}
    return replace(found, value=(found.value or 0.0) / fact.value * 100_000, origin=origin)
