"""What became of field reports that matters were raised from, in words that the reader may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from lagesbild.accounts.models import Membership
from lagesbild.cooperation import telling, words
from lagesbild.cooperation.models import Feedback, Matter, Raiser
from lagesbild.cooperation.queries.matters import raisers_of_reports
from lagesbild.cooperation.seeing import sees
from lagesbild.fieldreports import became
from lagesbild.fieldreports.became import Became
from lagesbild.fieldreports.models import FieldReport


def register() -> None:
    """Have the reports ask here; called when the app starts."""
    became.register(news)


def news(membership: Membership, reports: Sequence[FieldReport]) -> Mapping[int, Sequence[Became]]:
    """Who sees the matter reads its path, whoever raised it what they were told; others that it was raised."""
    found: dict[int, list[Became]] = {}
    for report, raiser in raisers_of_reports([report.pk for report in reports]):
        found.setdefault(report, []).extend(_lines(membership, raiser))
    return found


def _lines(membership: Membership, raiser: Raiser) -> list[Became]:
    matter, told = raiser.matter, list(raiser.feedback.all())
    if sees(membership, matter):
        path = reverse("cooperation:matter", args=[membership.collaboration.slug, matter.number])
        raised = _("Raised as matter no. {number}: {title}").format(number=matter.number, title=matter.title)
        return [Became(raised, path, raiser.at), *(_line(each, matter, path, full=True) for each in told)]
    if raiser.membership_id == membership.pk:
        path = telling.raisers_page(matter)
        raised = _("Raised as matter no. {number}.").format(number=matter.number)
        return [Became(raised, path, raiser.at), *(_line(each, matter, path, full=False) for each in told)]
    return [Became(_("Raised as a matter."), "", raiser.at)]


def _line(feedback: Feedback, matter: Matter, path: str, *, full: bool) -> Became:
    text = words.sentence(feedback.step) if full else words.told(feedback)
    where = f"{path}#step-{feedback.step_id}" if full else path
    return Became(_("Matter no. {number}: {text}").format(number=matter.number, text=text), where, feedback.step.at)
