"""Pages that show: the goals of a year with their tables, the tree, one goal, one indicator, the proposals."""

from __future__ import annotations

from collections import Counter

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lagesbild.accounts.access import Capability, access_collaboration, may, may_write
from lagesbild.accounts.models import Membership
from lagesbild.core import clock
from lagesbild.goals import computing, lines, queries, rates, readers
from lagesbild.goals.access import access_goal, access_indicator
from lagesbild.goals.forms.goals import JudgementForm
from lagesbild.goals.models import Goal, GoalKind, Indicator, ProposalState
from lagesbild.goals.queries import target_text
from lagesbild.goals.tree import flags_of, tree_of


@require_safe
def goals(request: HttpRequest, collaboration: str) -> HttpResponse:
    """The vision, and every goal with its tables as known for the chosen year."""
    membership = access_collaboration(request.user, collaboration)
    years = queries.years_of(membership)
    year = chosen_year(request.GET.get("year", ""), years, membership)
    shown = queries.goal_views(membership, year)
    context = {
        "tab": "goals",
        "year": year,
        "years": years,
        "visions": queries.visions_of(membership),
        "goals": shown,
        "exercise": readers.rests_on_exercise(queries.indicators_in(shown)),
    }
    return page(request, membership, "goals/goals.html", context)


def chosen_year(asked: str, years: list[int], membership: Membership) -> int:
    """The year asked for if there is something of it, else the last one that was judged or measured."""
    if asked.isdecimal() and int(asked) in years:
        return int(asked)
    return years[0] if years else clock.today(membership.collaboration.time_zone).year


@require_safe
def tree(request: HttpRequest, collaboration: str) -> HttpResponse:
    """Every goal below the one it belongs to, with what it lacks, and the governing documents."""
    membership = access_collaboration(request.user, collaboration)
    today = clock.today(membership.collaboration.time_zone)
    context = {
        "tab": "tree",
        "nodes": tree_of(membership, today=today),
        "documents": queries.documents_of(membership),
        "may_edit": may(membership, Capability.COOPERATE),
    }
    return page(request, membership, "goals/tree.html", context)


@require_safe
def goal(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """One goal: what shows it, what it comes from, what it lacks, its judgements over the years."""
    membership = access_collaboration(request.user, collaboration)
    return show_goal(request, membership, access_goal(membership, pk))


def show_goal(
    request: HttpRequest,
    membership: Membership,
    found: Goal,
    *,
    form: JudgementForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a goal; with ``form``, a judgement that could not be signed is shown again."""
    year = chosen_year(request.GET.get("year", ""), queries.years_of(membership), membership)
    writes = may(membership, Capability.COOPERATE)
    view = None if found.kind == GoalKind.VISION else queries.goal_view(membership, found, year)
    context = {
        "goal": found,
        "year": year,
        "view": view,
        "exercise": readers.rests_on_exercise(queries.indicators_in([view] if view else [])),
        "judgements": queries.judgements_of(found),
        "parts": queries.goals_of(membership).filter(parent=found),
        "documents": found.documents.all(),
        "actions": queries.actions_of(membership, found),
        "flags": flags_of(membership, found, today=clock.today(membership.collaboration.time_zone)),
        "editable": writes and may_write(membership, found),
        "may_judge": writes and found.kind != GoalKind.VISION,
        "form": form or JudgementForm(initial={"year": year}),
    }
    return page(request, membership, "goals/goal.html", context, status=status)


@require_safe
def indicator(request: HttpRequest, collaboration: str, code: str) -> HttpResponse:
    """One indicator: how it is measured, what is aimed at, and every measurement with its source."""
    membership = access_collaboration(request.user, collaboration)
    return page(request, membership, "goals/indicator.html", indicator_context(membership, code))


def indicator_context(membership: Membership, code: str) -> dict[str, object]:
    """What the page of an indicator shows."""
    found = access_indicator(membership, code)
    readers.protect(membership, [found])
    rows = lines.measurement_rows(found)
    writes = may(membership, Capability.COOPERATE) and may_write(membership, found)
    return {
        "indicator": found,
        "rows": rows,
        "broken_down": any(row.measurement.gender or row.measurement.age_group for row in rows),
        "chart": lines.chart_of(found, rows),
        "target": found.target_printed or target_text(found),
        "group": found.compared_with.all(),
        "weakness": lines.weakness_of(found),
        "recomputed": rates.recomputed(membership, found, rows),
        "caveats": lines.caveats_of(found),
        "corrections": queries.corrections_of(found) if _sees_all(membership, found) else [],
        "made_from": computing.made_from(found),
        "exercise": readers.rests_on_exercise([found]),
        "is_made": found.series_id is not None or bool(found.definition),
        "may_write": writes,
    }


def _sees_all(membership: Membership, found: Indicator) -> bool:
    """Corrections tell figures as they were, so they follow the rule for small counts."""
    return found.is_published or found.owner_id == membership.function.organisation_id


@require_safe
def proposals(request: HttpRequest, collaboration: str) -> HttpResponse:
    """The proposals for development by year and heading."""
    membership = access_collaboration(request.user, collaboration)
    found = list(queries.proposals_of(membership))
    counted = Counter(each.state for each in found)
    context = {
        "tab": "proposals",
        "proposals": found,
        "actions": queries.actions_numbered(membership, [each.action_number for each in found]),
        "counts": [(state.value, state.label, counted[state.value]) for state in ProposalState],
        "may_edit": may(membership, Capability.COOPERATE),
    }
    return page(request, membership, "goals/proposals.html", context)


def page(
    request: HttpRequest, membership: Membership, template: str, context: dict[str, object], *, status: int = 200
) -> HttpResponse:
    """A page of this section."""
    shared = {"membership": membership, "section": "goals"}
    return render(request, template, {**shared, **context}, status=status)
