"""Who may see and who leads, asked of rows already at hand: the same rules as the doors, without a query for each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from lagesbild.accounts.access import Capability, may, may_write
from lagesbild.accounts.models import Function, Membership, Owned, SharingLevel
from lagesbild.cooperation.models import Action, Forum, ForumMember, Matter, Participation
from lagesbild.cooperation.models.forums import SHARING_OF_LEVEL, ForumLevel
from lagesbild.core import clock

TAKES_PART = (Participation.MEMBER, Participation.DISPUTED)


def levels_of(function: Function) -> frozenset[str]:
    """The sharing levels that a function sees without owning."""
    sits = {
        SharingLevel.OPERATIONAL: function.operational,
        SharingLevel.STRATEGIC: function.strategic,
        SharingLevel.STEERING: function.steering,
    }
    return frozenset({SharingLevel.PARTNERS, SharingLevel.PUBLIC, *(level for level, does in sits.items() if does)})


def sees(membership: Membership, record: Owned) -> bool:
    """Whether the member may see this record: the rule of ``visible_to`` for one row."""
    if membership.collaboration_id != record.collaboration_id:
        return False
    owns = membership.function.organisation_id == record.owner_id
    return owns or record.sharing in levels_of(membership.function)


def wide_enough(sharing: str, forum: Forum) -> bool:
    """Whether those who sit on the forum's level may see what is shared so."""
    return sharing in (SHARING_OF_LEVEL[ForumLevel(forum.level)], SharingLevel.PARTNERS, SharingLevel.PUBLIC)


def widened(sharing: str, forum: Forum) -> str:
    """The narrowest sharing that the forum's level sees and that hides nothing from those who see it now."""
    if wide_enough(sharing, forum):
        return sharing
    return SHARING_OF_LEVEL[ForumLevel(forum.level)] if sharing == SharingLevel.OWN else SharingLevel.PARTNERS


@dataclass(frozen=True)
class Widening:
    """What it means to hand a matter to a forum that does not see it: how it is shared then, and who sees it anew."""

    forum: Forum
    sharing: str
    organisations: tuple[str, ...]

    @property
    def shown(self) -> str:
        """The level, in the reader's language."""
        return str(SharingLevel(self.sharing).label)


def widenings(matter: Matter, forums: Iterable[Forum]) -> list[Widening]:
    """One for each of the forums that does not see the matter today. At most one query."""
    blind = [forum for forum in forums if not wide_enough(matter.sharing, forum)]
    if not blind:
        return []
    functions = Function.objects.filter(organisation__collaboration=matter.collaboration_id)
    seen_by: dict[str, set[str]] = {}
    for function in functions.select_related("organisation"):
        for level in levels_of(function):
            seen_by.setdefault(level, set()).add(function.organisation.name)
    today = {matter.owner.name} | seen_by.get(matter.sharing, set())
    then = [(forum, widened(matter.sharing, forum)) for forum in blind]
    return [Widening(forum, level, tuple(sorted(seen_by.get(level, set()) - today))) for forum, level in then]


def takes_part(membership: Membership) -> Q:
    """The filter on forums in which the member's organisation convenes, stands in, or is a member today."""
    organisation = membership.function.organisation_id
    today = clock.today(membership.collaboration.time_zone)
    seats = ForumMember.objects.filter(
        Q(from_on=None) | Q(from_on__lte=today),
        Q(to_on=None) | Q(to_on__gt=today),
        organisation=organisation,
        participation__in=TAKES_PART,
    )
    return Q(collaboration=membership.collaboration_id) & (
        Q(convenor__organisation=organisation) | Q(deputy__organisation=organisation) | Q(pk__in=seats.values("forum"))
    )


def forums_of(membership: Membership) -> QuerySet[Forum]:
    """The forums in which the member's organisation takes part."""
    return Forum.objects.filter(takes_part(membership))


def carries_on(membership: Membership, matter: Matter) -> bool:
    """Whether the member may carry this matter on."""
    if not may(membership, Capability.COOPERATE):
        return False
    return may_write(membership, matter) or forums_of(membership).filter(pk=matter.holder_id).exists()


def carries_out(membership: Membership, action: Action) -> bool:
    """Whether the member may change this action: whose it is, or who takes part in the forum that follows it."""
    if may(membership, Capability.REPORT) and may_write(membership, action):
        return True
    return may(membership, Capability.COOPERATE) and forums_of(membership).filter(pk=action.forum_id).exists()
