"""Secret calendar addresses: made, shown once, revoked."""

from __future__ import annotations

import hashlib
import secrets

from django.db import transaction

from lagesbild.accounts.models import Membership
from lagesbild.cooperation.models import Feed, Forum
from lagesbild.core import audit, clock

SECRET_BYTES = 24


@transaction.atomic
def make_feed(membership: Membership, forum: Forum | None) -> tuple[Feed, str]:
    """A new address for the member's forums, or one of them; the secret is told this once and not kept."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    feed = Feed.objects.create(membership=membership, forum=forum, digest=digest(secret), made_at=clock.now())
    audit.record("feeds.made", feed, actor=membership.user, collaboration=membership.collaboration.slug)
    return feed, secret


@transaction.atomic
def revoke_feed(membership: Membership, feed: Feed) -> None:
    """From now on the address answers nothing."""
    Feed.objects.filter(pk=feed.pk, revoked_at=None).update(revoked_at=clock.now())
    audit.record("feeds.revoked", feed, actor=membership.user, collaboration=membership.collaboration.slug)


def digest(secret: str) -> str:
    """What is stored of a secret. It is long and random, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()
