"""Changes: a picture is frozen, an actor says what it sees. One transaction and one audit row each."""

from __future__ import annotations

from django.db import transaction

from lagesbild.accounts.models import Membership
from lagesbild.core import audit, clock
from lagesbild.picture import answer, overlaps, queries
from lagesbild.picture.answer import Prepared
from lagesbild.picture.asking import Ask
from lagesbild.picture.freezing import Frost, freeze, packed, published
from lagesbild.picture.models import FrozenPicture, PictureComment, Stance
from lagesbild.picture.overlaps import Published


def freeze_picture(membership: Membership, ask: Ask, *, title: str, note: str, sharing: str) -> FrozenPicture:
    """Keep the picture as it is now, for a forum. The computing is done before anything is written."""
    prepared = answer.prepare_open(membership, ask)
    frost = freeze(prepared, membership, sharing)
    _refuse_narrowing(membership, prepared, frost, sharing)
    previous = queries.latest_alike(membership, frost.parameters["ask"])
    return _store(membership, frost, title=title, note=note, sharing=sharing, previous=previous)


def _refuse_narrowing(membership: Membership, prepared: Prepared, frost: Frost, sharing: str) -> None:
    """Refuse what earlier pictures and this one would give away together. Nothing to look at where all is shown."""
    if not frost.parameters["threshold"]:
        return
    new = Published("", frost.content, prepared.events, prepared.ground, prepared.data_version)
    titles = {picture.pk: picture.title for picture in queries.frozen_pictures(membership)}
    beside = queries.frozen_beside(membership, sharing)
    overlaps.refuse_narrowing(new, [published(each, title=titles.get(each.pk, "")) for each in beside])


@transaction.atomic
def _store(
    membership: Membership, frost: Frost, *, title: str, note: str, sharing: str, previous: FrozenPicture | None
) -> FrozenPicture:
    content = frost.content
    picture = FrozenPicture.objects.create(
        collaboration=membership.collaboration,
        owner=membership.organisation,
        sharing=sharing,
        title=title,
        note=note,
        parameters=frost.parameters,
        data_version=content.basis.data_version,
        method_versions=content.basis.method_versions,
        content=packed(content),
        content_sha256=content.sha256,
        is_exercise=content.is_exercise,
        previous=previous,
        created_by=membership.user,
        created_at=clock.now(),
    )
    audit.record(
        "pictures.frozen",
        picture,
        actor=membership.user,
        collaboration=membership.collaboration.slug,
        data_version=picture.data_version,
        sha256=picture.content_sha256,
        sharing=sharing,
    )
    return picture


@transaction.atomic
def comment_on_picture(
    membership: Membership, picture: FrozenPicture, *, stance: Stance | str, text: str
) -> PictureComment:
    """Say what one's function sees. Earlier comments stay: the newest of each function is what it says now."""
    comment = PictureComment.objects.create(
        collaboration=membership.collaboration,
        owner=membership.organisation,
        sharing=picture.sharing,
        picture=picture,
        function=membership.function,
        stance=stance,
        text=text,
        created_by=membership.user,
        created_at=clock.now(),
    )
    audit.record(
        "pictures.commented",
        picture,
        actor=membership.user,
        collaboration=membership.collaboration.slug,
        comment=comment.pk,
        stance=str(stance),
    )
    return comment
