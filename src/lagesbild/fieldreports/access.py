"""The door to a field report."""

from __future__ import annotations

from lagesbild.accounts.access import access_owned
from lagesbild.accounts.models import Membership
from lagesbild.fieldreports.models import FieldReport


def access_report(membership: Membership, pk: int, *, write: bool = False) -> FieldReport:
    """The report with what its page shows; 404 if the member may not see it.

    Review is no change of what was written: it takes the capability to coordinate, not ownership.
    """
    reports = FieldReport.objects.select_related(
        "category__parent", "place", "owner", "collaboration", "function__organisation", "reported_by", "lead"
    )
    return access_owned(membership, reports, write=write, pk=pk)
