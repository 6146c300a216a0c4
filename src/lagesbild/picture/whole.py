"""A picture with what stands beside it: field reports and zones, for the one who looks or for a frozen one's readers.

The picture itself is kept for the next who asks; reports are counted each time, since they change at any moment.
"""

from __future__ import annotations

from dataclasses import replace

from lagesbild.accounts.models import Membership
from lagesbild.picture import disclosure, offers, zones
from lagesbild.picture.answer import Answer, Prepared
from lagesbild.picture.beside import Reports, Zones
from lagesbild.picture.content import PictureContent
from lagesbild.picture.offers import Asked, ZoneRow


def asked_of(prepared: Prepared, content: PictureContent, membership: Membership, sharing: str = "") -> Asked:
    """Which reports the picture is about."""
    question = content.question
    before = question.comparison_period if content.totals.days_before else None
    return Asked(membership, prepared.events, question.period, before, sharing)


def whole(prepared: Prepared, found: Answer, membership: Membership) -> PictureContent:
    """As this member may see it, now. Two queries more, and those for chosen areas."""
    rows = offers.zones_told(membership, found.full.question.period.last_on)
    compared = zones.compared(prepared, found.full, rows)
    reports = _reports(asked_of(prepared, found.full, membership))
    return together(found.content, reports, compared, found.content.disclosure.threshold)


def frozen_reports(prepared: Prepared, content: PictureContent, membership: Membership, sharing: str) -> Reports | None:
    """The reports that everyone sees who will see the picture."""
    return _reports(asked_of(prepared, content, membership, sharing))


def frozen_zones(full: PictureContent, membership: Membership, sharing: str) -> tuple[ZoneRow, ...]:
    """The zones that everyone sees who will see the picture."""
    return offers.zones_told(membership, full.question.period.last_on, sharing)


def together(
    content: PictureContent, reports: Reports | None, compared: Zones | None, threshold: int | None
) -> PictureContent:
    """The picture with both; numbers of events in zones are hidden as all others."""
    if compared is not None and threshold:
        compared = disclosure.hidden_zones(compared, threshold)
    exercise = content.is_exercise or (reports is not None and reports.is_exercise)
    return replace(content, reports=reports, zones=compared, is_exercise=exercise)


def _reports(asked: Asked) -> Reports | None:
    teller = offers.report_teller()
    return teller.counted(asked) if teller else None
