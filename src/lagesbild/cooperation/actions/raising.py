"""How a matter begins: raised, or joined by one more who saw the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Collaboration, Membership, SharingLevel
from lagesbild.cooperation import responsible, telling
from lagesbild.cooperation.actions.closing import reopen_held
from lagesbild.cooperation.actions.steps import hold, next_number, step
from lagesbild.cooperation.models import Forum, Matter, MatterState, Raiser, Step, StepKind
from lagesbild.cooperation.models.matters import RAISED_AGAIN
from lagesbild.cooperation.object_kinds import name_of
from lagesbild.cooperation.seeing import wide_enough
from lagesbild.core import audit, clock
from lagesbild.core.errors import UserError
from lagesbild.fieldreports.models import FieldReport
from lagesbild.places.models import Place

TITLE_LETTERS = 160
OPEN_TO_ALL = (SharingLevel.PARTNERS, SharingLevel.PUBLIC)


@dataclass(frozen=True)
class MatterText:
    """What somebody says who raises a matter. Without a title one is made of kind and place.

    A place that not all partners may see is not linked: its name, which the person wrote, stands as words.
    """

    object_kind: str = ""
    title: str = ""
    description: str = ""
    concerns_staff: bool = False
    place: Place | None = None
    location: str = ""
    x: float | None = None
    y: float | None = None
    sharing: str = SharingLevel.PARTNERS
    is_exercise: bool = False


@transaction.atomic
def raise_matter(
    membership: Membership,
    text: MatterText,
    *,
    forum: Forum | None = None,
    reports: Sequence[FieldReport] = (),
    meeting_id: int | None = None,
) -> Matter:
    """A new matter, held at once by ``forum`` (or else the collaboration's entry forum), with its first raiser.

    Raises:
        UserError: no forum takes it, or those who sit in the forum could not see it.
    """
    holder = _holder(membership.collaboration, forum)
    if not wide_enough(text.sharing, holder):
        raise UserError(
            "matters.hidden_from_forum",
            _("The forum “{forum}” could not see the matter. Let more see it, or choose another forum."),
            "sharing",
            forum=holder.name,
        )
    matter = _create(membership, text, holder)
    raiser = Raiser.objects.create(matter=matter, membership=membership, at=matter.raised_at, words=text.description)
    raiser.reports.set(reports)
    Step.objects.create(
        matter=matter,
        at=matter.raised_at,
        kind=StepKind.RAISED,
        by=membership.user,
        organisation=membership.organisation,
        to_forum=holder,
        meeting_id=meeting_id,
        details={"reports": [report.pk for report in reports]},
    )
    audit.record(
        "matters.raised",
        matter,
        actor=membership.user,
        collaboration=membership.collaboration.slug,
        number=matter.number,
    )
    telling.of_arrival(matter, but=membership)
    return matter


@transaction.atomic
def join(
    membership: Membership,
    matter: Matter,
    *,
    words: str = "",
    reports: Sequence[FieldReport] = (),
    meeting_id: int | None = None,
) -> Matter:
    """Say "me too": from now on this member gets every answer. A closed matter is opened again by it.

    Joining twice adds the words and where it came from, and nothing else.
    """
    held = hold(matter)
    if held.joined_into_id:
        raise UserError(
            "matters.join_the_other",
            _("This matter has been put together with no. {number}. Join that one."),
            number=held.joined_into.number,  # type: ignore[union-attr]  # there is one
        )
    raiser, first = Raiser.objects.get_or_create(
        matter=held, membership=membership, defaults={"at": clock.now(), "words": words}
    )
    if not first and words.strip() and words.strip() not in raiser.words:
        raiser.words = "\n".join(filter(None, [raiser.words, words.strip()]))
        raiser.save(update_fields=["words"])
    raiser.reports.add(*reports)
    if not held.is_open:
        reason = words.strip() or RAISED_AGAIN
        reopen_held(membership, held, reason=reason)
    if first or reports or meeting_id:
        details = {"reports": [report.pk for report in reports]}
        step(membership, held, StepKind.JOINED, meeting_id=meeting_id, details=details)
    else:
        audit.record("matters.joined_again", held, actor=membership.user, collaboration=held.collaboration.slug)
    return held


def entry_forum(collaboration: Collaboration) -> Forum | None:
    """Where a matter goes when whoever raises it says nothing else."""
    taking = Forum.objects.filter(collaboration=collaboration, takes_matters=True, retired_on=None)
    return taking.filter(is_entry=True).first()


def _holder(collaboration: Collaboration, forum: Forum | None) -> Forum:
    holder = forum or entry_forum(collaboration)
    if holder is None or holder.collaboration_id != collaboration.pk:
        raise UserError(
            "matters.no_forum",
            _("No forum takes new matters yet. A coordinator makes one forum the entry for matters."),
            "forum",
        )
    if not holder.takes_matters or holder.retired_on:
        raise UserError(
            "matters.forum_takes_none",
            _("The forum “{forum}” takes no matters. Choose another."),
            "forum",
            forum=holder.name,
        )
    return holder


def _create(membership: Membership, text: MatterText, holder: Forum) -> Matter:
    now = clock.now()
    text = _without_hidden_place(text)
    found = responsible.find(membership.collaboration, text.object_kind, place=text.place, x=text.x, y=text.y)
    matter = Matter(
        collaboration=membership.collaboration,
        owner=membership.organisation,
        sharing=text.sharing,
        number=next_number(Matter, membership.collaboration),
        title=_title(membership.collaboration, text),
        description=text.description,
        object_kind=text.object_kind,
        concerns_staff=text.concerns_staff,
        place=text.place,
        location=text.location,
        x=text.x,
        y=text.y,
        state=MatterState.RAISED,
        holder=holder,
        held_since=now,
        **responsible.as_columns(found),
        raised_at=now,
        changed_at=now,
        is_exercise=text.is_exercise,
    )
    matter.clean_fields()
    matter.save()
    return matter


def _without_hidden_place(text: MatterText) -> MatterText:
    if text.place is None or text.place.sharing in OPEN_TO_ALL:
        return text
    x, y = (text.place.x, text.place.y) if text.x is None else (text.x, text.y)
    return replace(text, place=None, location=text.location or text.place.name, x=x, y=y)


def _title(collaboration: Collaboration, text: MatterText) -> str:
    if text.title.strip():
        return text.title.strip()[:TITLE_LETTERS]
    kind = name_of(collaboration, text.object_kind)
    where = text.location or (text.place.name if text.place else "")
    made = ", ".join(filter(None, [kind, where])) or text.description.strip().partition("\n")[0]
    if not made:
        raise UserError("matters.says_nothing", _("Say what it is about: choose a kind, or write some words."), "title")
    return made[:TITLE_LETTERS]
