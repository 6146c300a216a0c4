"""The deep dive of a place: one page for all that is written, two parts that are computed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lagesbild.accounts.access import access_collaboration
from lagesbild.accounts.models import Membership
from lagesbild.actors.coverage import duty_week
from lagesbild.actors.gathering import gather
from lagesbild.actors.help_now import Asked, who_can_help
from lagesbild.actors.weekdays import WEEKDAYS
from lagesbild.core import clock
from lagesbild.observations.filters import EventFilter
from lagesbild.picture import answer
from lagesbild.picture.asking import Ask
from lagesbild.places.access import access_place
from lagesbild.places.models import Place
from lagesbild.scenes import deep, deep_chart, deep_items
from lagesbild.scenes.views.pages import page


@require_safe
def deep_dive(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """All that is known of a place, on one axis of time and as a list."""
    membership = access_collaboration(request.user, collaboration)
    place = access_place(membership, pk)
    found = deep.dive(membership, place)
    today = clock.today(membership.collaboration.time_zone)
    span = deep_chart.domain(found.items, today)
    title = _("Everything known of {name}").format(name=place.name)
    only = request.GET.get("only", "")
    context = {
        "place": place,
        "dive": found,
        "only": only if only in deep_items.lanes() else "",
        "shown": [item for item in found.items if item.lane == only] if only in deep_items.lanes() else found.items,
        "span": span,
        "chart": deep_chart.tracks(found.items, span, description=title),
        "exercise": found.is_exercise,
        "now": clock.now(),
    }
    return page(request, membership, "scenes/deep.html", context)


@require_safe
def deep_incidents(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """The incidents at the place by month, on the axis of the page that asks: the numbers of the picture."""
    membership = access_collaboration(request.user, collaboration)
    place = access_place(membership, pk)
    today = clock.today(membership.collaboration.time_zone)
    first = _date(request.GET.get("from", ""), date(today.year - 3, 1, 1))
    ask = Ask(EventFilter(place=place.pk, from_on=first.replace(day=1), to_on=today), comparison="none")
    span = (first, max(today, _date(request.GET.get("to", ""), today)))
    return page(request, membership, "scenes/deep_incidents.html", _incidents(membership, place, ask, span))


def _incidents(membership: Membership, place: Place, ask: Ask, span: tuple[date, date]) -> dict[str, Any]:
    prepared = answer.prepare(membership.collaboration, membership, ask)
    shown = answer.answer(prepared, membership).content if prepared.covered.spans else None
    slug = membership.collaboration.slug
    title = _("Incidents")
    return {
        "place": place,
        "content": shown,
        "chart": deep_chart.incidents(shown.series.points, span, title=title) if shown else None,
        "picture": f"{reverse('picture:picture', args=[slug])}?{ask.to_query()}",
        "exercise": any(source.is_exercise for source in prepared.ground.sources),
    }


@require_safe
def deep_duty(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Who is on duty at the place now, who comes next, and how many are there in each hour of an ordinary week."""
    membership = access_collaboration(request.user, collaboration)
    place = access_place(membership, pk)
    data = gather(membership)
    asked = Asked(place=place.pk, x=place.x, y=place.y)
    week = duty_week(data, asked, time_zone=membership.collaboration.time_zone)
    context = {
        "place": place,
        "answer": who_can_help(data, asked),
        "at": data.at,
        "hours": range(24),
        "rows": list(zip(WEEKDAYS, week.rows, strict=True)) if week.functions else [],
    }
    return page(request, membership, "scenes/deep_duty.html", context)


def _date(text: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return otherwise
