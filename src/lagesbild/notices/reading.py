"""Having read a notice. One's own reading is no event for the log."""

from __future__ import annotations

from lagesbild.accounts.models import Membership
from lagesbild.core import clock
from lagesbild.notices.models import Notice


def read(notice: Notice) -> None:
    """It has been seen."""
    Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=clock.now())


def read_all(membership: Membership) -> int:
    """Everything has been seen; how many that were new."""
    return Notice.objects.filter(membership=membership, read_at=None).update(read_at=clock.now())
