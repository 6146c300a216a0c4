"""The doors: from an address to an organisation, a function or a record about them."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404

from lagesbild.accounts.access import Capability, access_owned, may
from lagesbild.accounts.models import Function, Membership, Organisation
from lagesbild.actors.models import (
    ActorProfile,
    Agreement,
    Assessment,
    CaseRoute,
    Communication,
    FunctionProfile,
    Interview,
    Promise,
    ResponsibilityEntry,
    ResponsibilityQuestion,
    Schedule,
    Training,
    Zone,
)


def access_organisation(membership: Membership, slug: str, *, write: bool = False) -> Organisation:
    """A party of the collaboration; to write it must be one's own, or one administers."""
    found = Organisation.objects.filter(collaboration=membership.collaboration_id, slug=slug).first()
    if found is None:
        raise Http404
    _own(membership, found.pk, write=write)
    return found


def access_function(membership: Membership, pk: int, *, write: bool = False) -> Function:
    """A function of the collaboration with its organisation; to write it must be of one's own."""
    functions = Function.objects.select_related("organisation")
    found = functions.filter(organisation__collaboration=membership.collaboration_id, pk=pk).first()
    if found is None:
        raise Http404
    _own(membership, found.organisation_id, write=write)
    return found


def access_actor_profile(membership: Membership, pk: int, *, write: bool = False) -> ActorProfile:
    """What is said of an organisation."""
    return access_owned(membership, ActorProfile.objects.select_related("organisation"), write=write, pk=pk)


def access_function_profile(membership: Membership, pk: int, *, write: bool = False) -> FunctionProfile:
    """What is said of a function, by the function's key."""
    profiles = FunctionProfile.objects.select_related("function__organisation")
    return access_owned(membership, profiles, write=write, function=pk)


def access_case_route(membership: Membership, pk: int, *, write: bool = False) -> CaseRoute:
    """A route for individual cases."""
    return access_owned(membership, CaseRoute.objects.select_related("owner"), write=write, pk=pk)


def access_zone(membership: Membership, pk: int, *, write: bool = False) -> Zone:
    """A zone, whether it holds now or not."""
    return access_owned(membership, Zone.objects.select_related("owner"), write=write, pk=pk)


def access_schedule(membership: Membership, pk: int, *, write: bool = False) -> Schedule:
    """A duty schedule with its function and place."""
    schedules = Schedule.objects.select_related("function__organisation", "place", "owner")
    return access_owned(membership, schedules, write=write, pk=pk)


def access_responsibility_entry(membership: Membership, pk: int, *, write: bool = False) -> ResponsibilityEntry:
    """A line of the responsibility register."""
    entries = ResponsibilityEntry.objects.select_related("kind", "organisation", "place", "area", "zone", "owner")
    return access_owned(membership, entries.defer(*GROUND), write=write, pk=pk)


def access_responsibility_question(membership: Membership, pk: int, *, write: bool = False) -> ResponsibilityQuestion:
    """A question about who answers for something. Whoever may cooperate may answer it."""
    questions: QuerySet[ResponsibilityQuestion] = ResponsibilityQuestion.objects.select_related("kind", "place")
    return access_owned(membership, questions, write=write, pk=pk)


def access_agreement(membership: Membership, pk: int, *, write: bool = False) -> Agreement:
    """An agreement."""
    return access_owned(membership, Agreement.objects.select_related("owner"), write=write, pk=pk)


def access_promise(membership: Membership, pk: int, *, write: bool = False) -> Promise:
    """A promise to citizens."""
    return access_owned(membership, Promise.objects.select_related("owner", "place"), write=write, pk=pk)


def access_communication(membership: Membership, pk: int, *, write: bool = False) -> Communication:
    """A line of the communication log."""
    return access_owned(membership, Communication.objects.select_related("owner"), write=write, pk=pk)


def access_assessment(membership: Membership, pk: int, *, write: bool = False) -> Assessment:
    """A self-assessment."""
    return access_owned(membership, Assessment.objects.select_related("owner"), write=write, pk=pk)


def access_interview(membership: Membership, pk: int, *, write: bool = False) -> Interview:
    """An interview with a partner."""
    return access_owned(membership, Interview.objects.select_related("function"), write=write, pk=pk)


def access_training(membership: Membership, pk: int, *, write: bool = False) -> Training:
    """A line of the training log."""
    return access_owned(membership, Training.objects.select_related("function"), write=write, pk=pk)


GROUND = ("place__geometry", "place__drawing", "area__geometry", "zone__geometry", "zone__drawing")
"""What a list never needs of the ground that a record stands on."""


def _own(membership: Membership, organisation: int, *, write: bool) -> None:
    own = membership.function.organisation_id == organisation
    if write and not own and not may(membership, Capability.ADMINISTER):
        raise PermissionDenied
