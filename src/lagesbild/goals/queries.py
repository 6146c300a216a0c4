"""Reads about goals: the tables as they are printed, the rule's proposals, the judgements.

`goal_tables` is what pages and reports show. A cell knows its text, its flags and the address of its trace.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from lagesbild.accounts.access import visible_to
from lagesbild.accounts.models import Membership
from lagesbild.cooperation.models import Action
from lagesbild.core.models import AuditEvent
from lagesbild.goals import readers
from lagesbild.goals.comparison import mean_of_group
from lagesbild.goals.models import (
    Goal,
    GoalKind,
    GoverningDocument,
    Indicator,
    Judgement,
    Measurement,
    Missing,
    Proposal,
    Unit,
)
from lagesbild.goals.rule import Direction, Figure, Judged, Target, TargetKind, judge_goal, judge_indicator
from lagesbild.goals.rule import Proposal as RuleProposal

MEASURED = ("measurements", "compared_with__measurements")
MOST_COLUMNS = 13  # a year of months and the one before; what came earlier stands on the indicator's page


@dataclass(frozen=True)
class Cell:
    """One figure of a table. ``text`` is empty where a value is still to come and a dash where none was measured."""

    text: str
    value: float | None
    label: str
    missing: str = ""
    partial: bool = False
    provisional: bool = False
    uncertain: bool = False
    footnote: str = ""
    trace: str = ""

    @property
    def marked(self) -> bool:
        """Whether the figure needs a mark beside it."""
        return self.partial or self.provisional or self.uncertain


@dataclass(frozen=True)
class Row:
    """One indicator: its cells in the order of the table's columns, its target as printed, and what the rule says."""

    indicator: Indicator
    cells: tuple[Cell | None, ...]
    target: str
    judged: Judged
    trace: str


@dataclass(frozen=True)
class GoalTable:
    """The indicators of one goal that stand under one heading; ``columns`` are the periods."""

    heading: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def footnotes(self) -> tuple[str, ...]:
        """The footnotes of its indicators, each once, in order."""
        return tuple(dict.fromkeys(note for row in self.rows for note in row.indicator.footnotes))

    @property
    def remarks(self) -> tuple[tuple[Row, str], ...]:
        """What must be known of single figures; of missing ones only where they should have been computed."""
        return tuple(
            (row, f"{row.indicator.question}, {cell.label}: {cell.footnote}")
            for row in self.rows
            for cell in row.cells
            if cell is not None and cell.footnote and (cell.value is not None or row.indicator.definition)
        )


@dataclass(frozen=True)
class GoalView:
    """A goal with its tables, what the rule proposes for the year, and what people decided of it."""

    goal: Goal
    tables: tuple[GoalTable, ...]
    proposal: RuleProposal
    judgement: Judgement | None


def goals_of(membership: Membership) -> QuerySet[Goal]:
    """The goals that may be seen, in order."""
    return Goal.objects.filter(visible_to(membership)).select_related("parent", "responsible", "owner")


def goal_views(membership: Membership, year: int, *, goal: Goal | None = None) -> list[GoalView]:
    """Every goal (not the vision) with its tables as known for ``year``. Four queries, whatever the number."""
    wanted = goals_of(membership).exclude(kind=GoalKind.VISION)
    goals = (wanted if goal is None else wanted.filter(pk=goal.pk)).prefetch_related(
        Prefetch("indicators", _indicators(membership)),
        Prefetch("judgements", Judgement.objects.filter(year=year).select_related("organisation")),
    )
    readers.protect(membership, [indicator for each in goals for indicator in each.indicators.all()])
    return [_view(each, year) for each in goals]


def goal_view(membership: Membership, goal: Goal, year: int) -> GoalView:
    """One goal as `goal_views` shows it."""
    return next(view for view in goal_views(membership, year, goal=goal))


def indicators_in(views: Iterable[GoalView]) -> list[Indicator]:
    """The indicators that the tables show."""
    return [row.indicator for view in views for table in view.tables for row in table.rows]


def proposal_for(goal: Goal, year: int) -> RuleProposal:
    """What the rule says of one goal, from all its indicators in use."""
    indicators = Indicator.objects.filter(goal=goal, retired_on=None).prefetch_related(*MEASURED)
    return judge_goal([judge(each, year) for each in indicators])


def judge(indicator: Indicator, year: int) -> Judged:
    """What the rule says of one indicator. Uses the measurements that were prefetched."""
    return judge_indicator(figures_of(indicator), target_of(indicator, year), year=year)


def figures_of(indicator: Indicator) -> list[Figure]:
    """The measurements of everybody together, as the rule takes them. Only counts can be partial in its sense."""
    return [
        Figure(
            period_from=each.period_from,
            period_to=each.period_to,
            value=each.value,
            partial=each.is_partial,
            uncertain=each.is_uncertain or each.is_provisional,
            after_break=each.after_break,
            low=each.low,
            high=each.high,
        )
        for each in indicator.measurements.all()
        if not each.gender and not each.age_group
    ]


def target_of(indicator: Indicator, year: int) -> Target:
    """What is aimed at, as the rule takes it. A comparison group that is known by its members is computed."""
    kind, value = TargetKind(indicator.target_kind), indicator.target_value
    if kind is TargetKind.COMPARISON and indicator.compared_with.all():
        value = mean_of_group(indicator, year)
    return Target(kind, Direction(indicator.target_direction), value, indicator.target_base)


def proposals_of(membership: Membership, year: int | None = None) -> QuerySet[Proposal]:
    """Proposals for development, of one year or all."""
    found = Proposal.objects.filter(visible_to(membership)).select_related("holder", "owner")
    return found if year is None else found.filter(year=year)


def judgements_of(goal: Goal) -> list[Judgement]:
    """All judgements of a goal, newest first."""
    return list(goal.judgements.select_related("organisation", "signed_by").order_by("-year", "-signed_at", "-id"))


def actions_of(membership: Membership, goal: Goal) -> QuerySet[Action]:
    """The actions that serve the goal, as far as they may be seen."""
    return goal.actions.filter(visible_to(membership)).select_related("responsible").order_by("number")


def actions_numbered(membership: Membership, numbers: Iterable[int | None]) -> dict[int, Action]:
    """The actions with these numbers that may be seen."""
    wanted = [number for number in numbers if number is not None]
    found = Action.objects.filter(visible_to(membership), number__in=wanted) if wanted else []
    return {each.number: each for each in found}


@dataclass(frozen=True)
class Correction:
    """A figure that was corrected: when, by whom, from what to what, and why."""

    at: datetime
    by: str
    label: str
    before: str
    after: str
    reason: str


def corrections_of(indicator: Indicator) -> list[Correction]:
    """The corrected figures of an indicator, newest first, from the audit log."""
    kind, code = indicator._meta.label, "measurements.recorded"
    events = AuditEvent.objects.filter(target_kind=kind, target_id=str(indicator.pk), code=code)
    return [
        Correction(
            at=event.at,
            by=str(event.actor) if event.actor else "",
            label=" ".join(filter(None, (each["label"], each["gender"], each["age_group"]))),
            before="–" if each["before"] is None else value_text(indicator, each["before"]),
            after="–" if each["after"] is None else value_text(indicator, each["after"]),
            reason=event.details.get("reason", ""),
        )
        for event in events.select_related("actor").order_by("-at", "-pk")
        for each in event.details.get("corrected", ())
    ]


def writable_indicators(membership: Membership) -> dict[str, Indicator]:
    """The indicators whose figures the member's organisation may write, by code."""
    rows = Indicator.objects.filter(visible_to(membership), retired_on=None, owner=membership.function.organisation_id)
    return {each.code: each for each in rows.select_related("collaboration", "owner")}


def made_indicators() -> QuerySet[Indicator]:
    """Those whose figures are made from a table or computed, of all collaborations: for the daily refresh."""
    made = Q(series__isnull=False) | ~Q(definition={})
    return Indicator.objects.filter(made, retired_on=None).select_related(
        "collaboration", "owner__collaboration", "series__table", "goal"
    )


def _indicators(membership: Membership) -> QuerySet[Indicator]:
    return (
        Indicator.objects.filter(visible_to(membership), retired_on=None)
        .select_related("series__table", "area", "collaboration")
        .prefetch_related(*MEASURED)
    )


def _view(goal: Goal, year: int) -> GoalView:
    indicators = list(goal.indicators.all())
    judgements = list(goal.judgements.all())  # of this year, oldest first
    judged = {each.pk: judge(each, year) for each in indicators}
    tables = tuple(_table(heading, members, judged) for heading, members in _grouped(indicators))
    return GoalView(goal, tables, judge_goal(list(judged.values())), judgements[-1] if judgements else None)


def _grouped(indicators: Iterable[Indicator]) -> list[tuple[str, list[Indicator]]]:
    """By heading; figures of years never share columns with those of months or quarters."""
    groups: dict[tuple[str, int], list[Indicator]] = {}
    for each in indicators:
        groups.setdefault((each.group, _months(each)), []).append(each)
    return [(heading, members) for (heading, _length), members in groups.items()]


def _months(indicator: Indicator) -> int:
    """How long its newest period is; 12 where there is none yet."""
    newest = max(_whole(indicator), key=lambda each: each.period_to, default=None)
    if newest is None:
        return 12
    start, end = newest.period_from, newest.period_to
    return (end.year - start.year) * 12 + end.month - start.month


def _table(heading: str, indicators: Sequence[Indicator], judged: dict[int, Judged]) -> GoalTable:
    whole = {each.pk: _whole(each) for each in indicators}
    starts = {each.label: each.period_from for rows in whole.values() for each in rows}
    columns = tuple(sorted(starts, key=lambda label: (starts[label], label)))[-MOST_COLUMNS:]
    return GoalTable(
        heading, columns, tuple(_row(each, whole[each.pk], columns, judged[each.pk]) for each in indicators)
    )


def _whole(indicator: Indicator) -> list[Measurement]:
    return [each for each in indicator.measurements.all() if not each.gender and not each.age_group]


def _row(indicator: Indicator, figures: Sequence[Measurement], columns: tuple[str, ...], judged: Judged) -> Row:
    trace = reverse("goals:indicator", args=[indicator.collaboration.slug, indicator.code])
    cells = {each.label: _cell(indicator, each, f"{trace}#m{each.pk}") for each in figures}
    target = indicator.target_printed or target_text(indicator)
    return Row(indicator, tuple(cells.get(label) for label in columns), target, judged, trace)


def _cell(indicator: Indicator, each: Measurement, trace: str) -> Cell:
    return Cell(
        text=figure_text(indicator, each),
        value=each.value,
        label=each.label,
        missing=each.missing,
        partial=each.is_partial,
        provisional=each.is_provisional,
        uncertain=each.is_uncertain,
        footnote=each.footnote,
        trace=trace,
    )


def figure_text(indicator: Indicator, each: Measurement) -> str:
    """The figure in the reader's language: a dash where it was not measured, nothing where it is still to come."""
    if each.value is None:
        return {Missing.NOT_YET: "", Missing.SUPPRESSED: _hidden()}.get(Missing(each.missing), "–")
    return value_text(indicator, each.value)


def _hidden() -> str:
    return _("hidden")


def value_text(indicator: Indicator, value: float) -> str:
    """A value in the unit of the indicator."""
    if indicator.unit == Unit.YES_NO:
        return _("partly") if 0 < value < 1 else _("yes") if value else _("no")
    text = number_format(round(value, indicator.decimals), indicator.decimals, use_l10n=True, force_grouping=True)
    return f"{text} %" if indicator.unit == Unit.SHARE else text


def target_text(indicator: Indicator) -> str:
    """The target in words, where the source prints none."""
    kind, up = indicator.target_kind, indicator.target_direction == Direction.UP
    if kind == TargetKind.DIRECTION:
        return _("Increase") if up else _("Decrease")
    if indicator.target_value is None:
        return _("Not above the comparison group") if not up else _("Not below the comparison group")
    return value_text(indicator, indicator.target_value)


def documents_of(membership: Membership) -> QuerySet[GoverningDocument]:
    """The governing documents that may be seen."""
    return GoverningDocument.objects.filter(visible_to(membership))


def visions_of(membership: Membership) -> QuerySet[Goal]:
    """The vision, or visions."""
    return goals_of(membership).filter(kind=GoalKind.VISION)


def years_of(membership: Membership) -> list[int]:
    """The years with a judgement or a measurement, also one that says there is none, newest first."""
    judged = Judgement.objects.filter(goal__in=goals_of(membership)).values_list("year", flat=True).distinct()
    measured = Measurement.objects.filter(indicator__in=Indicator.objects.filter(visible_to(membership)))
    starts = measured.exclude(missing=Missing.NOT_YET).dates("period_from", "year")
    return sorted({*judged, *(each.year for each in starts)}, reverse=True)
