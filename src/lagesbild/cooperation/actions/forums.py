"""Changes to forums: the forum itself, who takes part, and the fixed points of its agenda."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, time

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Collaboration, Function, Membership, Organisation, User
from lagesbild.cooperation import agendas, recurrence
from lagesbild.cooperation.actions.meetings import follow_rhythm, plan_ahead
from lagesbild.cooperation.models import AgendaTemplate, Forum, ForumMember, Participation
from lagesbild.cooperation.models.matters import OPEN, Matter
from lagesbild.core import audit, clock, conflicts
from lagesbild.core.errors import UserError

# What coming meetings are made from: when one of these changes, they are made anew.
PLANNED_BY = ("rhythm", "first_on", "starts_at", "duration_minutes", "skips_holidays", "room")


@dataclass(frozen=True, kw_only=True)
class ForumText:
    """What one says of a forum."""

    name: str
    level: str
    convenor: Function
    deputy: Function | None = None
    purpose: str = ""
    lifts_to: Forum | None = None
    takes_matters: bool = True
    is_entry: bool = False
    rhythm: str = ""
    rhythm_text: str = ""
    first_on: date | None = None
    starts_at: time | None = None
    duration_minutes: int = 60
    skips_holidays: bool = True
    room: str = ""
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class MemberText:
    """Who takes part, as what, from when; the note cites where sources disagree."""

    organisation: Organisation
    function: Function | None = None
    participation: str = Participation.MEMBER
    note: str = ""
    from_on: date | None = None


@transaction.atomic
def create_forum(membership: Membership, text: ForumText) -> Forum:
    """A new forum, owned by the organisation of whoever makes it."""
    made = _create(membership.collaboration, membership.organisation, text, slug=_free_slug(membership, text.name))
    plan_ahead(membership.collaboration, [made], actor=membership.user)
    audit.record("forums.created", made, actor=membership.user, collaboration=membership.collaboration.slug)
    return made


@transaction.atomic
def change_forum(membership: Membership, forum: Forum, text: ForumText, *, seen: int) -> Forum:
    """Store the forum as said; `EditConflict` if somebody else has stored it since version ``seen``."""
    _check(forum.collaboration, text, forum=forum)
    _yield_entry(forum.collaboration, text, keep=forum)
    before = [getattr(forum, name) for name in PLANNED_BY]
    stored = conflicts.bump(forum, seen, **{name: getattr(text, name) for name in asdict_names(text)})
    audit.record("forums.changed", stored, actor=membership.user, collaboration=membership.collaboration.slug)
    follow_rhythm(membership, stored, anew=before != [getattr(stored, name) for name in PLANNED_BY])
    return stored


@transaction.atomic
def retire_forum(membership: Membership, forum: Forum) -> None:
    """End the forum. What it holds must be carried on first: a matter is never without a holder."""
    held = Matter.objects.filter(holder=forum, state__in=OPEN).count()
    if held:
        raise UserError(
            "forums.holds_matters",
            _("The forum still holds {n} open matters. Lift them or hand them down first."),
            n=held,
        )
    Forum.objects.filter(pk=forum.pk).update(
        retired_on=clock.today(membership.collaboration.time_zone), is_entry=False, version=forum.version + 1
    )
    audit.record("forums.retired", forum, actor=membership.user, collaboration=membership.collaboration.slug)


@transaction.atomic
def add_member(membership: Membership, forum: Forum, text: MemberText) -> ForumMember:
    """Have an organisation, or one of its functions, take part; one that had left comes back."""
    _check_member(forum, text)
    member, _made = ForumMember.objects.update_or_create(
        forum=forum,
        organisation=text.organisation,
        function=text.function,
        defaults={
            "participation": text.participation,
            "note": text.note,
            "from_on": text.from_on or clock.today(membership.collaboration.time_zone),
            "to_on": None,
        },
    )
    audit.record(
        "forums.member_added",
        forum,
        actor=membership.user,
        collaboration=membership.collaboration.slug,
        organisation=text.organisation.slug,
    )
    return member


@transaction.atomic
def end_member(membership: Membership, forum: Forum, member: ForumMember) -> None:
    """From today the member takes no part. Its attendance stays."""
    ForumMember.objects.filter(pk=member.pk).update(to_on=clock.today(membership.collaboration.time_zone))
    audit.record(
        "forums.member_ended",
        forum,
        actor=membership.user,
        collaboration=membership.collaboration.slug,
        organisation=member.organisation.slug,
    )


@transaction.atomic
def set_agenda(
    membership: Membership, forum: Forum, points: Sequence[agendas.PointText], *, note: str = "", seen: int
) -> AgendaTemplate:
    """A new version of the fixed points. ``seen`` is the version that was changed, 0 if there was none.

    Meetings already opened keep theirs.
    """
    agendas.check(points)
    newest = AgendaTemplate.objects.filter(forum=forum).first()
    if (newest.number if newest else 0) != seen:
        raise conflicts.EditConflict(newest or forum)
    made = AgendaTemplate.objects.create(
        forum=forum,
        number=seen + 1,
        points=[asdict(point) for point in points],
        note=note,
        made_at=clock.now(),
        made_by=membership.user,
    )
    audit.record("forums.agenda_set", forum, actor=membership.user, collaboration=membership.collaboration.slug)
    return made


@transaction.atomic
def ensure_forum(
    collaboration: Collaboration,
    owner: Organisation,
    text: ForumText,
    *,
    slug: str,
    members: Sequence[MemberText] = (),
    points: Sequence[agendas.PointText] = (),
    points_source: str = "",
    actor: User | None,
) -> Forum:
    """The forum with this slug, made with members and agenda if it does not exist. One that exists is left as it is."""
    existing = Forum.objects.filter(collaboration=collaboration, slug=slug).first()
    if existing is not None:
        return existing
    made = _create(collaboration, owner, text, slug=slug)
    ForumMember.objects.bulk_create(ForumMember(forum=made, **vars(member)) for member in members)
    if points:
        agendas.check(points)
        AgendaTemplate.objects.create(
            forum=made,
            number=1,
            points=[asdict(point) for point in points],
            source=points_source,
            made_at=clock.now(),
        )
    audit.record("forums.created", made, actor=actor, collaboration=collaboration.slug)
    return made


def asdict_names(text: ForumText) -> list[str]:
    """The fields, without copying the rows they may hold."""
    return list(text.__dataclass_fields__)


def _create(collaboration: Collaboration, owner: Organisation, text: ForumText, *, slug: str) -> Forum:
    _check(collaboration, text, forum=None)
    _yield_entry(collaboration, text, keep=None)
    values = {name: getattr(text, name) for name in asdict_names(text)}
    return Forum.objects.create(collaboration=collaboration, owner=owner, slug=slug, **values)


def _check(collaboration: Collaboration, text: ForumText, *, forum: Forum | None) -> None:
    if text.rhythm:
        recurrence.check(text.rhythm)
        if text.first_on is None or text.starts_at is None:
            raise UserError("forums.rhythm_needs_time", _("Say from which day and at what time."), field="first_on")
    if text.is_entry and not text.takes_matters:
        raise UserError("forums.entry_takes_matters", _("Where matters come in they must be taken."), field="is_entry")
    for name in ("convenor", "deputy"):
        function: Function | None = getattr(text, name)
        if function is not None and function.organisation.collaboration_id != collaboration.pk:
            raise UserError("forums.foreign_function", _("Choose a function of this collaboration."), field=name)
    _check_way_up(text, forum)


def _check_way_up(text: ForumText, forum: Forum | None) -> None:
    """A matter lifted again and again must come to an end."""
    above, passed = text.lifts_to, set()
    while above is not None and above.pk not in passed:
        if forum is not None and above.pk == forum.pk:
            raise UserError("forums.lifts_in_circle", _("A matter would be lifted in a circle."), field="lifts_to")
        passed.add(above.pk)
        above = above.lifts_to


def _check_member(forum: Forum, text: MemberText) -> None:
    if text.organisation.collaboration_id != forum.collaboration_id:
        raise UserError("forums.foreign_organisation", _("Choose an organisation of this collaboration."))
    if text.function is not None and text.function.organisation_id != text.organisation.pk:
        raise UserError("forums.function_elsewhere", _("The function belongs to another organisation."), "function")


def _yield_entry(collaboration: Collaboration, text: ForumText, *, keep: Forum | None) -> None:
    """One forum at a time is where matters come in."""
    if text.is_entry:
        others = Forum.objects.filter(is_entry=True, collaboration=collaboration)
        others.exclude(pk=keep.pk if keep else 0).update(is_entry=False)


def _free_slug(membership: Membership, name: str) -> str:
    stem = slugify(name)[:50] or "forum"
    taken = set(Forum.objects.filter(collaboration=membership.collaboration).values_list("slug", flat=True))
    taken.add("new")  # an address of its own
    return next(slug for slug in (stem, *(f"{stem}-{n}" for n in range(2, 1000))) if slug not in taken)
