"""The references that can be put in a text, ready to copy, with what they stand for."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from lagesbild.accounts.models import Membership
from lagesbild.goals.queries import figure_text
from lagesbild.publications.resolving import Sources


@dataclass(frozen=True)
class Offer:
    """What one writes, and what then stands there."""

    written: str
    shows: str


@dataclass(frozen=True)
class OfferGroup:
    """Offers of one kind."""

    heading: str
    offers: tuple[Offer, ...]


def offers_of(membership: Membership, year: int) -> list[OfferGroup]:
    """All references that lead somewhere for this reader and year."""
    sources = Sources(membership, year)
    return [
        OfferGroup(_("On a line of its own"), tuple(Offer(f"[[{name}]]", text) for name, text in _blocks())),
        OfferGroup(
            _("Goals"),
            tuple(
                Offer(f"[[{name} {view.goal.number}]]", f"{text}: {view.goal.title}")
                for view in sources.goals
                for name, text in (("goal", _("tables and judgement")), ("judgement", _("the judgement in a sentence")))
            ),
        ),
        OfferGroup(
            _("Figures in a sentence"),
            tuple(
                Offer(f"[[value {code} {each.label}]]", f"{figure_text(indicator, each)} · {indicator.question}")
                for code, indicator in sources.indicators.items()
                for each in indicator.measurements.all()
                if each.value is not None and not each.gender and not each.age_group
            ),
        ),
        OfferGroup(
            _("Charts"),
            tuple(Offer(f"[[chart {code}]]", indicator.question) for code, indicator in sources.indicators.items()),
        ),
        OfferGroup(
            _("Tables of figures"),
            tuple(Offer(f"[[table {slug}]]", table.title) for slug, table in sources.tables.items()),
        ),
    ]


def _blocks() -> tuple[tuple[str, str], ...]:
    return (
        ("vision", _("the vision")),
        ("goal-list", _("the goals, one on each line")),
        ("goals", _("every goal with tables, judgement and analysis")),
        ("judgements", _("all judgements in one table")),
        ("documents", _("governing documents")),
        ("forums", _("forums with level, rhythm and convenor")),
        ("actions done", _("actions carried out until the end of the year")),
        ("actions open", _("actions planned and under way")),
        ("matters", _("number of matters by state")),
        ("mappings", _("how many open drug scenes each mapping found, by source")),
        ("guests", _("where people come from, as far as it may be shown")),
        ("proposals", _("this year's proposals")),
        ("proposals before", _("last year's proposals and what became of them")),
        ("tables", _("all tables of figures")),
        ("sources", _("the sources of what stands before it")),
    )
