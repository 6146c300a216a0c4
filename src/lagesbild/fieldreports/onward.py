"""Ways on to later subjects, where they are there: field reports know their addresses only."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse

from lagesbild.accounts.models import Membership
from lagesbild.fieldreports.models import FieldReport

RAISE_MATTER = "cooperation:matter_raise"
HELP_NOW = "actors:help_now"


def raise_address(membership: Membership, report: FieldReport) -> str:
    """Where the report is raised as a matter; a joined one is raised by its lead. Empty if nobody keeps matters."""
    address = _address(RAISE_MATTER, membership)
    return f"{address}?report={report.lead_id or report.pk}" if address else ""


def help_address(membership: Membership) -> str:
    """Where one finds who can help an individual now. Empty if nobody keeps the directory."""
    return _address(HELP_NOW, membership)


def _address(name: str, membership: Membership) -> str:
    try:
        return reverse(name, args=[membership.collaboration.slug])
    except NoReverseMatch:
        return ""
