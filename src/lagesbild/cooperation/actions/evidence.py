"""Evidence is added to an action and taken away from it. Its file is kept before, and forgotten after, the change."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import IO, Any, TypeVar

from django.db import transaction

from lagesbild.accounts.models import Membership
from lagesbild.cooperation import evidence as files
from lagesbild.cooperation.models import Action, ActionChange, Evidence
from lagesbild.core import audit, clock

Answer = TypeVar("Answer")


def with_evidence(
    membership: Membership,
    action: Action,
    upload: IO[bytes],
    name: str,
    *,
    note: str = "",
    then: Callable[[], Answer] | None = None,
) -> Evidence:
    """Add a photo or document; ``then`` is done in the same breath, such as saying that the action is done.

    If either is refused, neither is stored and the file is forgotten.
    """
    kept = files.keep(upload, name)
    try:
        with transaction.atomic():
            made = _add(membership, action, kept, note)
            if then is not None:
                then()
    except BaseException:
        files.forget(kept.file, kept.media_type)
        raise
    return made


def _add(membership: Membership, action: Action, kept: files.Kept, note: str) -> Evidence:
    made = Evidence.objects.create(
        action=action,
        at=clock.now(),
        by=membership.user,
        organisation=membership.organisation,
        note=note.strip(),
        **vars(kept),
    )
    _keep(membership, action, {"evidence": ["", kept.name]}, "actions.evidence_added")
    return made


@transaction.atomic
def remove_evidence(membership: Membership, action: Action, evidence: Evidence) -> None:
    """Take it away, with its file: it showed somebody, or something else than the action."""
    rows, _by_model = Evidence.objects.filter(pk=evidence.pk, action=action).delete()
    if rows:
        _keep(membership, action, {"evidence": [evidence.name, ""]}, "actions.evidence_removed")
        transaction.on_commit(partial(files.forget, evidence.file, evidence.media_type))


def _keep(membership: Membership, action: Action, fields: dict[str, Any], code: str) -> None:
    ActionChange.objects.create(
        action=action, at=clock.now(), by=membership.user, organisation=membership.organisation, fields=fields
    )
    audit.record(code, action, actor=membership.user, collaboration=membership.collaboration.slug, number=action.number)
