"""What the forms of the plan offer to one member: organisations, forums, places, levels, actions to wait for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.access import Capability, may, visible_to
from lagesbild.accounts.models import Function, Membership, SharingLevel
from lagesbild.actors.models import Agreement
from lagesbild.cooperation.actions.relinking import Links
from lagesbild.cooperation.models import Action, Evidence, Forum, Matter
from lagesbild.cooperation.seeing import carries_on, forums_of, levels_of, sees
from lagesbild.core.errors import UserError
from lagesbild.places.models import Place

MOST_WAITED_FOR = 20


def offer(form: Any, membership: Membership, *, action: Action | None) -> None:
    """Fill the choices; of a stored action what it says already is among them. What one may not change is not asked."""
    fields, collaboration = form.fields, membership.collaboration
    fields["responsible"].queryset = collaboration.organisations.order_by("name")
    functions = Function.objects.filter(organisation__collaboration=collaboration)
    fields["function"].queryset = functions.select_related("organisation").order_by("organisation__name", "name")
    places = Place.objects.filter(visible_to(membership)).defer("geometry", "drawing").order_by("name")
    now = action.place_id if action else None
    fields["place"].queryset = places.filter(Q(retired_on=None) | Q(pk=now) if now else Q(retired_on=None))
    fields["sharing"].choices = levels_to_choose(membership, now=action.sharing if action else "")
    forums = forums_to_choose(membership)
    fields["forum"].queryset = Forum.objects.filter(
        Q(pk__in=forums.values("pk")) | Q(pk=action.forum_id if action else None)
    ).order_by("name")
    fields["agreement"].queryset = Agreement.objects.filter(visible_to(membership)).order_by("-valid_from")
    if action is None:
        del fields["note"], fields["matter_number"]
        return
    if action.agreement and not sees(membership, action.agreement):
        del fields["agreement"]
    if action.matter and not (action.matter.is_open and sees(membership, action.matter)):
        del fields["matter_number"]


def links_to(
    membership: Membership,
    action: Action,
    *,
    forum: Forum,
    agreement: Agreement | None,
    matter_number: int | None,
) -> Links:
    """What the action is to belong to. It may go from and to matters that the member carries on.

    Raises:
        UserError: the member may not carry one of them on, or there is no such matter.
    """
    if matter_number == (action.matter.number if action.matter else None):
        return Links(forum, agreement, action.matter)
    if action.matter and not (sees(membership, action.matter) and carries_on(membership, action.matter)):
        raise UserError(
            "actions.not_your_matter",
            _("Only those who carry the matter on may take an action from it."),
            "matter_number",
        )
    if matter_number is None:
        return Links(forum, agreement)
    rows = Matter.objects.select_related("holder", "owner", "collaboration")
    found = rows.filter(visible_to(membership), number=matter_number).first()
    if found is None or not carries_on(membership, found):
        raise UserError(
            "actions.no_such_matter",
            _("There is no matter no. {number} that you may carry on."),
            "matter_number",
            number=matter_number,
        )
    return Links(forum, agreement, found)


def forums_to_choose(membership: Membership) -> Any:
    """The forums that may follow an action that the member decides: those it takes part in, or all it sees."""
    if may(membership, Capability.ADMINISTER):
        found = Forum.objects.filter(visible_to(membership))
    else:
        found = forums_of(membership)
    return found.filter(retired_on=None).order_by("name")


def levels_to_choose(membership: Membership, *, now: str = "") -> list[tuple[str, str]]:
    """Who may see it: nobody chooses a level that they do not see themselves. ``now`` is always among them."""
    seen = levels_of(membership.function) - {SharingLevel.PUBLIC}
    return [(each.value, str(each.label)) for each in SharingLevel if each.value in seen or each.value == now]


def usual_sharing(matter: Matter | None) -> str:
    """As the matter; else all partners."""
    return matter.sharing if matter is not None else SharingLevel.PARTNERS


def numbers_waited_for(membership: Membership, action: Action) -> list[int]:
    """The numbers of what it waits for, as far as the member may see."""
    return list(action.depends_on.filter(visible_to(membership)).order_by("number").values_list("number", flat=True))


def to_wait_for(membership: Membership, action: Action, numbers: Sequence[int]) -> list[Action]:
    """The actions with these numbers, and those that it waits for already and the member may not see.

    Raises:
        UserError: there is none with one of the numbers, or they are too many.
    """
    if len(numbers) > MOST_WAITED_FOR:
        raise UserError("actions.waits_for_many", _("At most {n} can be waited for."), "depends_on", n=MOST_WAITED_FOR)
    seen = visible_to(membership)
    found = {each.number: each for each in Action.objects.filter(seen, number__in=numbers)}
    missing = [number for number in numbers if number not in found]
    if missing:
        raise UserError("actions.no_such", _("There is no action no. {number}."), "depends_on", number=missing[0])
    hidden = action.depends_on.exclude(seen)
    return [*found.values(), *hidden]


def chosen_actions(membership: Membership, numbers: Sequence[int]) -> list[Action]:
    """The actions with these numbers that the member may see."""
    rows = Action.objects.filter(visible_to(membership), number__in=numbers)
    related = ("collaboration", "owner", "matter__collaboration", "forum", "responsible", "function", "place")
    return list(rows.select_related(*related).defer("place__geometry", "place__drawing").order_by("number"))


def may_remove(membership: Membership, evidence: Evidence) -> bool:
    """Of those who may change the action: who added the evidence, and those who plan."""
    return may(membership, Capability.COOPERATE) or evidence.by_id == membership.user_id
