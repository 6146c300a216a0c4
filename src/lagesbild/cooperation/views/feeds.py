"""Calendar feeds: the page where one makes and revokes addresses, and the feed itself, which needs no sign-in."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lagesbild.accounts.access import access_collaboration
from lagesbild.cooperation import ical
from lagesbild.cooperation.access import access_forum
from lagesbild.cooperation.actions import feeds as actions
from lagesbild.cooperation.queries import feeds as queries
from lagesbild.cooperation.queries import forums as forum_queries


@require_http_methods(["GET", "HEAD", "POST"])
def feeds(request: HttpRequest, collaboration: str) -> HttpResponse:
    """One's own calendar addresses. A new one is shown this once."""
    membership = access_collaboration(request.user, collaboration)
    made = ""
    if request.method == "POST":
        slug = request.POST.get("forum", "")
        forum = access_forum(membership, slug) if slug else None
        _feed, secret = actions.make_feed(membership, forum)
        made = _base(request) + reverse("cooperation:feed", args=[collaboration, secret])
    context = {
        "membership": membership,
        "section": "forums",
        "feeds": queries.feeds_of(membership),
        "forums": list(forum_queries.forums(membership)),
        "made": made,
    }
    response = render(request, "cooperation/forums/feeds.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def feed_revoke(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """The address answers nothing from now on."""
    membership = access_collaboration(request.user, collaboration)
    found = queries.feed_of(membership, pk)
    if found is None:
        raise Http404
    actions.revoke_feed(membership, found)
    return redirect("cooperation:feeds", collaboration)


@login_not_required
@require_GET
def feed(request: HttpRequest, collaboration: str, secret: str) -> HttpResponse:
    """The calendar behind a secret address. Whoever does not have the secret learns nothing."""
    found = queries.feed_with(collaboration, secret)
    if found is None:
        raise Http404
    membership = found.membership
    name = found.forum.name if found.forum else _("Forums of {name}").format(name=membership.collaboration.name)
    events = queries.events_of(found, _base(request))
    data = ical.calendar(name, events, time_zone=membership.collaboration.time_zone)
    response = HttpResponse(data, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="forum.ics"'
    response["Cache-Control"] = "private, max-age=600"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _base(request: HttpRequest) -> str:
    return str(settings.LAGESBILD["base_url"]) or request.build_absolute_uri("/").rstrip("/")
