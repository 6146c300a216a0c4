"""Telling people something, within the transaction of what happened: both are stored, or neither."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection

from lagesbild.accounts.models import Membership
from lagesbild.core import clock
from lagesbild.notices import kinds
from lagesbild.notices.models import MailChoice, Notice, Preference


def tell(
    recipients: Iterable[Membership], code: str, *, text: str, path: str, about: str = "", **params: Any
) -> list[Notice]:
    """Tell each recipient once.

    ``text`` is an English source text marked with ``gettext_noop``, with ``{name}`` fields for ``params`` (plain
    values); it is translated when shown. It is seen in the page only; a mail holds the title of the kind and a link.
    ``path`` is the local address of what it is about. Those who muted the kind find the notice in their list, read.

    Raises:
        KeyError: no app has registered the kind ``code``.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"The notice {code!r} must be written in the transaction of what it tells of.")
    kind = kinds.kind(code)
    people = {membership.pk: membership for membership in recipients}
    wishes = {each.membership_id: each for each in Preference.objects.filter(membership__in=people)}
    now = clock.now()
    return Notice.objects.bulk_create(
        [
            Notice(
                membership=membership,
                code=code,
                text=text,
                params=params,
                path=path,
                about=about,
                at=now,
                read_at=now if _muted(wishes.get(pk), kind.code) else None,
                wants_mail=_wants_mail(wishes.get(pk), kind.code),
            )
            for pk, membership in people.items()
        ]
    )


def _muted(wish: Preference | None, code: str) -> bool:
    return wish is not None and code in wish.muted


def _wants_mail(wish: Preference | None, code: str) -> bool:
    return wish is None or (wish.mail != MailChoice.NEVER and code not in wish.muted)
