"""Shares of a survey that was typed or taken in with n: one group of those who were asked, or all of them together.

All together is what the survey says of all; where it only tells its groups, their mean weighted by n – and nothing if
one group lacks its n. The interval is that of the survey, or else the one that n gives (Wilson).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lagesbild.accounts.access import visible_to
from lagesbild.accounts.models import Membership
from lagesbild.core import clock
from lagesbild.core.errors import UserError
from lagesbild.goals import readers
from lagesbild.goals.computing.periods import Period
from lagesbild.goals.computing.registry import Computed
from lagesbild.goals.computing.registry import register as _register
from lagesbild.goals.models import Indicator, Measurement, Missing, Unit
from lagesbild.stats import printed_share

METHOD = "survey 1"


def register() -> None:
    title = gettext_lazy("Computed from a survey that is here: one group, or all together")
    _register("survey", title=title, compute=compute, periods=periods)


@dataclass(frozen=True)
class Group:
    """Who of those that were asked; both empty for all."""

    gender: str
    age_group: str

    @property
    def is_all(self) -> bool:
        return not self.gender and not self.age_group

    def holds(self, each: Measurement) -> bool:
        return each.gender == self.gender and each.age_group == self.age_group


def periods(membership: Membership, indicator: Indicator) -> list[Period]:
    """The periods in which the survey asked."""
    today = clock.today(indicator.collaboration.time_zone)
    asked = {(each.period_from, each.period_to): each.label for each in _figures(membership, indicator)}
    return [Period(start, end, label, today) for (start, end), label in asked.items()]


def compute(membership: Membership, indicator: Indicator, period: Period) -> Computed:
    """The share of the group over the period of the survey."""
    group = Group(indicator.definition.get("gender", ""), indicator.definition.get("age_group", ""))
    rows = [each for each in _figures(membership, indicator) if each.period_from == period.from_on]
    rows = [each for each in rows if each.period_to == period.to_on]
    found = next((each for each in rows if group.holds(each)), None)
    if found is not None:
        return _with_interval(_told(indicator, found), indicator)
    return _with_interval(_together(indicator, rows), indicator) if group.is_all else _not_asked(indicator)


def _figures(membership: Membership, indicator: Indicator) -> list[Measurement]:
    """What the survey says, as the owner of the indicator may see it."""
    code = indicator.definition.get("survey", "")
    survey = Indicator.objects.filter(visible_to(membership), code=code).first()
    if survey is None or survey.pk == indicator.pk or survey.definition:
        raise UserError("indicator.survey", gettext_lazy("The survey is not here any more."), "survey")
    readers.protect(membership, [survey])
    return list(survey.measurements.all())


def _told(indicator: Indicator, each: Measurement) -> Computed:
    return Computed(
        each.value,
        each.source,
        missing=each.missing,
        n=each.n,
        low=each.low,
        high=each.high,
        partial=each.is_partial,
        uncertain=each.is_uncertain or each.is_provisional,
        footnote=each.footnote,
        method=each.method or METHOD,
        origin=_origin(indicator, [each]),
    )


def _together(indicator: Indicator, rows: list[Measurement]) -> Computed:
    """The groups of one breakdown weighted by n: the genders where they are told, else the ages."""
    by_gender = [each for each in rows if each.gender and not each.age_group]
    parts = by_gender or [each for each in rows if each.age_group and not each.gender]
    counted = [(each.value, each.n) for each in parts if each.value is not None and each.n]
    if not counted or len(counted) < len(parts):
        why = _("Not every group has its share and its n, so there is no share of all.")
        return replace(_not_asked(indicator), footnote=why, origin=_origin(indicator, parts))
    n = sum(number for _share, number in counted)
    share = sum(value * number for value, number in counted) / n
    doubtful = any(each.is_uncertain or each.is_provisional for each in parts)
    return Computed(
        share,
        ", ".join(dict.fromkeys(each.source for each in parts)),
        n=n,
        partial=any(each.is_partial for each in parts),
        uncertain=doubtful,
        footnote=_("All groups together, weighted by how many answered in each."),
        method=METHOD,
        origin=_origin(indicator, parts),
    )


def _not_asked(indicator: Indicator) -> Computed:
    source = str(indicator.definition["survey"])
    return Computed(None, source, missing=Missing.NOT_MEASURED, method=METHOD, origin=_origin(indicator, []))


def _with_interval(found: Computed, indicator: Indicator) -> Computed:
    if indicator.unit != Unit.SHARE or not found.n or found.low is not None:
        return found
    if found.value is None or not 0 <= found.value <= 100:
        return found
    interval = printed_share(found.value / 100, n=found.n)
    if interval.low is None or interval.high is None:
        return found
    return replace(found, low=100 * interval.low, high=100 * interval.high)


def _origin(indicator: Indicator, parts: list[Measurement]) -> dict[str, object]:
    return {"survey": indicator.definition["survey"], "measurements": [each.pk for each in parts]}
