"""For whom figures are made when nobody is signed in, and what those outside the owner organisation do not see."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db.models import prefetch_related_objects

from lagesbild.accounts.models import Function, Membership, Organisation, Role
from lagesbild.goals.models import Indicator, Measurement, Missing, Unit

OF_DEEDS = ("actions_done", "actions_in_time")  # what organisations did, not what happened to people


def reader_for(owner: Organisation) -> Membership:
    """Somebody of the owner's own people, in every forum level, who may read. Not stored."""
    function = Function(organisation=owner, name="", operational=True, strategic=True, steering=True)
    return Membership(collaboration=owner.collaboration, function=function, role=Role.READER)


def rests_on_exercise(indicators: Iterable[Indicator]) -> bool:
    """Whether any figure was counted from events that are made up. Uses the measurements that were prefetched."""
    return any(each.origin.get("exercise") for indicator in indicators for each in indicator.measurements.all())


def protect(membership: Membership, indicators: Iterable[Indicator]) -> None:
    """Hide small numbers in the indicators' measurements, in memory, from those outside the owner organisation.

    What is already published, with its source, is shown as it is. Where one part of a breakdown is small, all parts
    of that period are hidden, so that none can be worked out from the others.
    """
    foreign = [
        each
        for each in indicators
        if not each.is_published
        and each.owner_id != membership.function.organisation_id
        and each.definition.get("kind") not in OF_DEEDS
    ]
    prefetch_related_objects(foreign, "measurements")
    for indicator in foreign:
        measured = list(indicator.measurements.all())
        small = [each for each in measured if _is_small(indicator, each)]
        periods = {(each.period_from, each.period_to) for each in small}
        for each in measured:
            in_parts = bool(each.gender or each.age_group)
            if each in small or (in_parts and (each.period_from, each.period_to) in periods):
                _hide(each)


def _is_small(indicator: Indicator, each: Measurement) -> bool:
    """A count from 1 to the threshold, or a share or rate that rests on so few."""
    rests_on = each.value if indicator.unit == Unit.COUNT else each.n
    return rests_on is not None and 0 < rests_on < settings.LAGESBILD["suppression_threshold"]


def _hide(each: Measurement) -> None:
    each.value = each.low = each.high = each.n = None
    each.missing, each.printed = Missing.SUPPRESSED, ""
