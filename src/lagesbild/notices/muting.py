"""Muting a kind of notice: from the page, or with one click from a mail, where nobody is signed in."""

from __future__ import annotations

from typing import Any

from django.core import signing
from django.http import Http404

from lagesbild.accounts.models import Membership
from lagesbild.notices import kinds

_SALT = "lagesbild.notices.mute"


def token(membership: Membership, code: str) -> str:
    """What a mail's link carries: it can mute this kind for this person, and nothing else."""
    return signing.dumps([membership.pk, code], salt=_SALT)


def access_muting(token: str) -> tuple[Membership, kinds.Kind]:
    """Whom and what a link is about; 404 if it was not made here."""
    try:
        found: Any = signing.loads(token, salt=_SALT)
        pk, code = found
        kind = kinds.kind(code)
    except (signing.BadSignature, KeyError, ValueError, TypeError):
        raise Http404 from None
    membership = Membership.objects.select_related("user", "collaboration").filter(pk=pk).first()
    if membership is None or not membership.user.is_active:
        raise Http404
    return membership, kind
