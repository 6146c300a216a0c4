"""Pages of goals: all of them with their tables for a year, one goal, one indicator."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lagesbild.accounts.access import access_collaboration
from lagesbild.core import clock
from lagesbild.goals import queries
from lagesbild.goals.access import access_goal, access_indicator


@require_safe
def goals(request: HttpRequest, collaboration: str) -> HttpResponse:
    """The vision, and every goal with its tables as known for the chosen year."""
    membership = access_collaboration(request.user, collaboration)
    years = queries.years_of(membership) or [clock.today(membership.collaboration.time_zone).year]
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and int(asked) in years else years[0]
    context = {
        "membership": membership,
        "section": "goals",
        "year": year,
        "years": years,
        "visions": queries.visions_of(membership),
        "goals": queries.goal_views(membership, year),
    }
    return render(request, "goals/goals.html", context)


@require_safe
def goal(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """One goal: what it comes from, what belongs to it, and its judgements over the years."""
    membership = access_collaboration(request.user, collaboration)
    found = access_goal(membership, pk)
    context = {"membership": membership, "section": "goals", "goal": found, "judgements": queries.judgements_of(found)}
    return render(request, "goals/goal.html", context)


@require_safe
def indicator(request: HttpRequest, collaboration: str, code: str) -> HttpResponse:
    """One indicator: how it is measured, what is aimed at, and every measurement with its source."""
    membership = access_collaboration(request.user, collaboration)
    found = access_indicator(membership, code)
    context = {
        "membership": membership,
        "section": "goals",
        "indicator": found,
        "measurements": found.measurements.select_related("recorded_by"),
    }
    return render(request, "goals/indicator.html", context)
