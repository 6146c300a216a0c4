"""The question whether it is fixed, some weeks after a matter was closed as done, and the answers."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Membership
from lagesbild.cooperation import telling
from lagesbild.cooperation.actions.closing import reopen_held
from lagesbild.cooperation.actions.steps import hold, step
from lagesbild.cooperation.models import Matter, MatterState, Raiser, StepKind
from lagesbild.cooperation.models.matters import NOT_FIXED
from lagesbild.core import clock
from lagesbild.core.errors import UserError

ASK_AGAIN_AFTER = timedelta(weeks=2)
MOST_ASKED = 2  # who has not answered twice will not


@transaction.atomic
def ask(matter: Matter) -> int:
    """Ask those who have not answered whether it is fixed, if it is time; how many were asked. Twice is once."""
    held = hold(matter)
    today = clock.today(held.collaboration.time_zone)
    if held.state != MatterState.DONE or held.ask_on is None or held.ask_on > today:
        return 0
    waiting = held.raisers.filter(answered_at=None).select_related("membership")
    asked = [raiser.membership for raiser in waiting]
    again = bool(asked) and held.times_asked + 1 < MOST_ASKED
    step(
        None,
        held,
        StepKind.ASKED,
        details={"count": len(asked)},
        times_asked=held.times_asked + 1,
        ask_on=today + ASK_AGAIN_AFTER if again else None,
    )
    held.raisers.filter(answered_at=None).update(asked_at=clock.now())
    telling.of_question(held, asked)
    return len(asked)


@transaction.atomic
def answer(membership: Membership, matter: Matter, *, fixed: bool, words: str = "") -> Matter:
    """What one who raised it says. No opens the matter again; yes is kept. One may still say no after a yes.

    Raises:
        UserError: the member did not raise the matter, or it is not closed as done.
    """
    held = hold(matter)
    raiser = Raiser.objects.filter(matter=held, membership=membership).first()
    if raiser is None:
        raise UserError("matters.not_yours", _("Only those who raised the matter are asked."))
    if raiser.fixed and fixed:
        return held
    left = held.raisers.filter(answered_at=None).exclude(pk=raiser.pk).exists()
    step(
        membership,
        held,
        StepKind.ANSWERED,
        reason=words,
        details={"fixed": fixed},
        ask_on=held.ask_on if left else None,
    )
    raiser.answered_at, raiser.fixed = clock.now(), fixed
    raiser.save(update_fields=["answered_at", "fixed"])
    if not fixed:
        reason = words.strip() or NOT_FIXED
        reopen_held(membership, held, reason=reason)
    return held
