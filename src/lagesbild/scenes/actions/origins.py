"""The guest arena: storing tables of origins, and the letters that tell municipalities what was seen."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lagesbild.accounts.models import Membership, Organisation, SharingLevel, User
from lagesbild.core import audit, clock, conflicts
from lagesbild.core.errors import UserError
from lagesbild.places.models import Place
from lagesbild.scenes import origins
from lagesbild.scenes.models import FeedbackLetter, OriginCount, OriginTable
from lagesbild.scenes.origins_file import OriginRow


@dataclass(frozen=True)
class OriginText:
    """What is said of a table beside its rows."""

    title: str
    source: str
    place: Place | None = None
    note: str = ""
    is_published: bool = False
    sharing: str = SharingLevel.PARTNERS


@transaction.atomic
def import_origins(
    owner: Organisation, text: OriginText, rows: Sequence[OriginRow], data: bytes, *, actor: User | None
) -> OriginTable:
    """Store a table with its rows. The same file again changes nothing.

    Raises:
        UserError: another file has been stored under this title.
    """
    digest = hashlib.sha256(data).hexdigest()
    known = origins.table_named(owner.collaboration_id, text.title)
    if known is not None:
        if known.file_sha256 == digest:
            return known
        raise UserError("scenes.origins_taken", gettext_lazy("There is already a table with this title."), "title")
    table = _create(owner, text, digest, actor)
    OriginCount.objects.bulk_create(
        OriginCount(
            table=table, origin=row.origin, kind=row.kind, year=row.year, group=row.group, count=row.count, order=at
        )
        for at, row in enumerate(rows)
    )
    return table


@transaction.atomic
def ensure_published_shares(
    owner: Organisation,
    text: OriginText,
    year: int,
    group: str,
    shares: Sequence[tuple[str, str, float]],
    *,
    actor: User | None,
) -> OriginTable:
    """A published table of shares (origin, kind, per cent) that prints no counts, stored if it is not there."""
    known = origins.table_named(owner.collaboration_id, text.title)
    if known is not None:
        return known
    table = _create(owner, text, "", actor)
    OriginCount.objects.bulk_create(
        OriginCount(table=table, origin=origin, kind=kind, year=year, group=group, share_pct=share, order=at)
        for at, (origin, kind, share) in enumerate(shares)
    )
    return table


@transaction.atomic
def draft_letter(membership: Membership, table: OriginTable, origin: str, column: tuple[int, str]) -> FeedbackLetter:
    """A letter to begin from, with the number as the table shows it.

    Raises:
        UserError: the number may not be told, or there is none.
    """
    concerned = {line.origin: n for line, n in origins.most_concerned(origins.view_of(table), column, n=10_000)}
    if origin not in concerned:
        raise UserError("scenes.letter_hidden", gettext_lazy("There is no number that may be told of this origin."))
    letter = FeedbackLetter.objects.create(
        collaboration=membership.collaboration,
        owner=membership.organisation,
        table=table,
        origin=origin,
        year=column[0],
        text=_text(table, origin, column, concerned[origin]),
        written_at=clock.now(),
        written_by=membership.user,
    )
    slug = membership.collaboration.slug
    audit.record("scenes.letter_drafted", letter, actor=membership.user, collaboration=slug, origin=origin)
    return letter


@transaction.atomic
def change_letter(membership: Membership, letter: FeedbackLetter, seen: int, text: str) -> FeedbackLetter:
    """Change a draft.

    Raises:
        EditConflict: somebody was first.
        UserError: it has been sent.
    """
    _not_sent(letter)
    changed = conflicts.bump(letter, seen, text=text)
    audit.record("scenes.letter_changed", letter, actor=membership.user, collaboration=membership.collaboration.slug)
    return changed


@transaction.atomic
def log_letter_sent(membership: Membership, letter: FeedbackLetter, *, to: str, on: date) -> None:
    """Write down that a letter was sent, to which registry or function. From then on it stands as it is.

    Raises:
        UserError: it has been sent already.
    """
    _not_sent(letter)
    if FeedbackLetter.objects.filter(pk=letter.pk, sent_on=None).update(sent_on=on, sent_to=to):
        slug = membership.collaboration.slug
        audit.record("scenes.letter_sent", letter, actor=membership.user, collaboration=slug, to=to, on=str(on))


def _create(owner: Organisation, text: OriginText, digest: str, actor: User | None) -> OriginTable:
    table = OriginTable.objects.create(
        collaboration_id=owner.collaboration_id,
        owner=owner,
        title=text.title,
        place=text.place,
        source=text.source,
        note=text.note,
        is_published=text.is_published,
        sharing=text.sharing,
        file_sha256=digest,
        recorded_at=clock.now(),
    )
    audit.record("scenes.origins_stored", table, actor=actor, collaboration=owner.collaboration.slug)
    return table


def _not_sent(letter: FeedbackLetter) -> None:
    if letter.sent_on is not None:
        raise UserError("scenes.letter_sent_already", gettext_lazy("The letter has been sent and stands as it is."))


def _text(table: OriginTable, origin: str, column: tuple[int, str], n: int) -> str:
    place = table.place.name if table.place else table.collaboration.name
    about = {"origin": origin, "place": place, "year": column[0], "n": n, "group": column[1], "source": table.source}
    parts = [
        _("To {origin}").format(**about),
        _("During {year}, {n} of those counted at {place} had their home with you.").format(**about),
        _("Who was counted: {group}.").format(**about) if column[1] else "",
        _("Source: {source}.").format(**about),
        _("The figures are counts; smaller numbers are not told, and we keep no register of persons."),
        _("We would like to hear who with you meets these people, and whether we can work together."),
        table.collaboration.name,
    ]
    return "\n\n".join(part for part in parts if part)
