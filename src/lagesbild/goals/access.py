"""The doors: from an address to a document, goal, indicator, measurement, proposal or handover."""

from __future__ import annotations

from django.http import Http404

from lagesbild.accounts.access import access_owned
from lagesbild.accounts.models import Membership
from lagesbild.goals.models import Goal, GoverningDocument, Handover, Indicator, Measurement, Proposal


def access_document(membership: Membership, pk: int, *, write: bool = False) -> GoverningDocument:
    """A governing document."""
    return access_owned(membership, GoverningDocument.objects.select_related("owner"), write=write, pk=pk)


def access_goal(membership: Membership, pk: int, *, write: bool = False) -> Goal:
    """A goal with its parent and who is responsible."""
    goals = Goal.objects.select_related("owner", "parent", "responsible", "collaboration")
    return access_owned(membership, goals, write=write, pk=pk)


def access_indicator(membership: Membership, code: str, *, write: bool = False) -> Indicator:
    """An indicator with its goal, series and area."""
    indicators = Indicator.objects.select_related(
        "owner__collaboration", "goal", "series__table", "area", "collaboration"
    )
    return access_owned(membership, indicators, write=write, code=code)


def access_proposal(membership: Membership, pk: int, *, write: bool = False) -> Proposal:
    """A proposal for development."""
    return access_owned(membership, Proposal.objects.select_related("owner", "holder"), write=write, pk=pk)


def access_measurement(membership: Membership, code: str, pk: int) -> Measurement:
    """A measurement of an indicator that one may write."""
    indicator = access_indicator(membership, code, write=True)
    found = indicator.measurements.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def access_handover(membership: Membership, pk: int, *, write: bool = False) -> Handover:
    """A count of handovers."""
    handovers = Handover.objects.select_related("owner", "from_function", "to_function")
    return access_owned(membership, handovers, write=write, pk=pk)
