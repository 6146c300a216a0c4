"""The audit log is written in the transaction of the change, or not at all."""

from __future__ import annotations

import pytest
from django.db import transaction

from lagesbild.core import audit
from lagesbild.core.models import AuditEvent
from tests.cast import Cast


@pytest.mark.django_db(transaction=True)
def test_an_audit_row_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match=r"places\.renamed"):
        audit.record("places.renamed", actor=None)
    assert not AuditEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_taken_back_leaves_no_audit_row() -> None:
    with transaction.atomic():
        audit.record("places.renamed", actor=None)
        transaction.set_rollback(True)
    assert not AuditEvent.objects.exists()


def test_a_row_says_who_did_what_to_which_object_in_which_collaboration(cast: Cast) -> None:
    audit.record("organisations.renamed", cast.police, actor=cast.anna.user, collaboration="ekby", was="Polis")
    row = AuditEvent.objects.latest("pk")
    assert (row.actor, row.code, row.collaboration) == (cast.anna.user, "organisations.renamed", "ekby")
    assert (row.target_kind, row.target_id) == ("accounts.Organisation", str(cast.police.pk))
    assert row.details == {"was": "Polis"}


def test_the_cast_itself_was_audited(cast: Cast) -> None:
    codes = set(AuditEvent.objects.values_list("code", flat=True))
    assert codes == {
        "collaborations.created",
        "organisations.created",
        "functions.created",
        "users.created",
        "memberships.set",
    }
