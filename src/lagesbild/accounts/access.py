"""The doors: from an address to a collaboration, and the rule for what in it a person may see.

What does not exist and what one may not know of look the same (404). A role too low for something in one's own
collaboration is 403.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404

from lagesbild.accounts.models import Membership, Owned, Role, SharingLevel, User


class Capability(StrEnum):
    """What a role lets one do."""

    READ = "read"
    COMMENT = "comment"
    REPORT = "report"
    IMPORT = "import"
    EDIT_PLACES = "edit_places"
    FREEZE = "freeze"
    COOPERATE = "cooperate"  # lead forums and meetings, carry matters on, plan actions
    ADMINISTER = "administer"


_READER = frozenset({Capability.READ})
_REPORTER = _READER | {Capability.COMMENT, Capability.REPORT}
_WORKER = _REPORTER | {Capability.IMPORT, Capability.EDIT_PLACES, Capability.FREEZE, Capability.COOPERATE}
CAPABILITIES: dict[str, frozenset[Capability]] = {
    Role.READER: _READER,
    Role.REPORTER: _REPORTER,
    Role.COORDINATOR: _WORKER,
    Role.ANALYST: _WORKER,
    Role.ADMINISTRATOR: _WORKER | {Capability.ADMINISTER},
}


def may(membership: Membership, capability: Capability) -> bool:
    """Whether the role of this membership holds the capability."""
    return capability in CAPABILITIES[membership.role]


def access_collaboration(user: User | AnonymousUser, slug: str, *, needs: Capability = Capability.READ) -> Membership:
    """The membership through which ``user`` acts in the collaboration; 404 if none, 403 if the role is too low.

    One query, with user, collaboration, function and organisation.
    """
    membership = (
        Membership.objects.select_related("user", "collaboration", "function__organisation")
        .filter(user_id=user.pk or 0, user__is_active=True, collaboration__slug=slug)
        .first()
    )
    if membership is None:
        raise Http404
    if not may(membership, needs):
        raise PermissionDenied
    return membership


def visible_to(membership: Membership) -> Q:
    """The filter on any `Owned` model: what this membership may see."""
    levels = [SharingLevel.PARTNERS, SharingLevel.PUBLIC]
    function = membership.function
    levels += [
        level
        for level, sits in (
            (SharingLevel.OPERATIONAL, function.operational),
            (SharingLevel.STRATEGIC, function.strategic),
            (SharingLevel.STEERING, function.steering),
        )
        if sits
    ]
    return Q(collaboration=membership.collaboration_id) & (Q(owner=function.organisation_id) | Q(sharing__in=levels))


def administers(user: User | AnonymousUser, slug: str) -> bool:
    """Whether the person administers this collaboration."""
    membership = Membership.objects.filter(user_id=user.pk or 0, user__is_active=True, collaboration__slug=slug).first()
    return membership is not None and may(membership, Capability.ADMINISTER)


OwnedModel = TypeVar("OwnedModel", bound=Owned)


def access_owned(
    membership: Membership, records: QuerySet[OwnedModel], *, write: bool = False, **key: object
) -> OwnedModel:
    """The one record of ``records`` with this key that the membership may see; to write, it must be its organisation's.

    The common body of every subject's ``access_*`` door.
    """
    record = records.filter(visible_to(membership), **key).first()
    if record is None:
        raise Http404
    if write and not may_write(membership, record):
        raise PermissionDenied
    return record


def may_write(membership: Membership, record: Owned) -> bool:
    """Owners change their own records; administrators those of the whole collaboration."""
    return record.owner_id == membership.function.organisation_id or may(membership, Capability.ADMINISTER)
