"""Forums: the list by level, one forum, and what those who lead it change."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lagesbild.accounts.access import Capability, access_collaboration, may
from lagesbild.accounts.models import Membership
from lagesbild.cooperation import agendas
from lagesbild.cooperation.access import access_forum, leads
from lagesbild.cooperation.actions import forums as actions
from lagesbild.cooperation.forms.forums import AgendaFormSet, ForumForm, MemberForm, initial_of, points_in
from lagesbild.cooperation.models import Forum
from lagesbild.cooperation.queries import forums as queries
from lagesbild.core import clock
from lagesbild.core.conflicts import EditConflict, differences, with_version
from lagesbild.core.errors import UserError

INVALID = 422
PAST_SHOWN = 5


@require_GET
def forums(request: HttpRequest, collaboration: str) -> HttpResponse:
    """Every forum, the steering group above and the field below."""
    membership = access_collaboration(request.user, collaboration)
    context = {
        "membership": membership,
        "section": "forums",
        "levels": queries.levels(membership),
        "may_create": may(membership, Capability.COOPERATE),
    }
    return render(request, "cooperation/forums/forums.html", context)


@require_GET
def forum(request: HttpRequest, collaboration: str, slug: str) -> HttpResponse:
    """What the forum is for, who takes part, when it meets, and what came of it."""
    membership = access_collaboration(request.user, collaboration)
    return _page(request, membership, access_forum(membership, slug))


def _page(
    request: HttpRequest, membership: Membership, found: Forum, member_form: MemberForm | None = None, status: int = 200
) -> HttpResponse:
    may_lead = leads(membership, found)
    members = queries.members(found, clock.today(membership.collaboration.time_zone))
    past = queries.past(membership, found)
    upcoming = queries.upcoming(membership, found)
    adds = may_lead and "add" in request.GET  # the choices are many: asked for when wanted
    if adds and member_form is None:
        member_form = _member_form(membership)
    context = {
        "membership": membership,
        "section": "forums",
        "forum": found,
        "parties": queries.parties(members),
        "upcoming": upcoming,
        "next_dates": [] if upcoming else queries.next_dates(found),
        "past": list(past[:PAST_SHOWN]),
        "points": queries.points(found),
        "receives_from": list(queries.forums(membership).filter(lifts_to=found)),
        "may_lead": may_lead and found.retired_on is None,
        "form": member_form,
        "interviews": [] if member_form else queries.interviews(membership, found),
        "today": clock.today(membership.collaboration.time_zone),
    }
    return render(request, "cooperation/forums/forum.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def forum_new(request: HttpRequest, collaboration: str) -> HttpResponse:
    """A new forum of one's own organisation."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    form = _form(
        request, membership, {"level": "operational", "frequency": "WEEKLY-1", "convenor": membership.function}
    )
    if form.is_valid():
        try:
            made = actions.create_forum(membership, form.text())
        except UserError as error:
            _tell(form, error)
        else:
            messages.success(request, _("The forum is stored. Now say who takes part."))
            return redirect("cooperation:forum", collaboration, made.slug)
    return _editor(request, membership, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
def forum_edit(request: HttpRequest, collaboration: str, slug: str) -> HttpResponse:
    """Change a forum that one leads."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    found = access_forum(membership, slug, write=True)
    form = _form(request, membership, initial_of(found), found)
    differing = None
    if form.is_valid():
        try:
            text = form.text()
            if text.rhythm == found.rhythm:  # the words that somebody chose for it still hold
                text = replace(text, rhythm_text=found.rhythm_text)
            actions.change_forum(membership, found, text, seen=form.cleaned_data["version"] or 0)
        except EditConflict as conflict:
            labels = {name: form.fields[name].label for name in ("name", "purpose", "room", "source")}
            differing = differences(conflict.current, form.cleaned_data, labels)
            form.data = with_version(request.POST, getattr(conflict.current, "version", 0))
        except UserError as error:
            _tell(form, error)
        else:
            messages.success(request, _("The forum is stored."))
            return redirect("cooperation:forum", collaboration, slug)
    return _editor(request, membership, form, found, differing)


@require_POST
def forum_retire(request: HttpRequest, collaboration: str, slug: str) -> HttpResponse:
    """End a forum that holds nothing."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    found = access_forum(membership, slug, write=True)
    try:
        actions.retire_forum(membership, found)
    except UserError as error:
        messages.error(request, error.message)
        return redirect("cooperation:forum", collaboration, slug)
    messages.success(request, _("The forum has ended."))
    return redirect("cooperation:forums", collaboration)


@require_POST
def forum_member_add(request: HttpRequest, collaboration: str, slug: str) -> HttpResponse:
    """Have an organisation or function take part."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    found = access_forum(membership, slug, write=True)
    form = _member_form(membership, request.POST)
    if form.is_valid():
        actions.add_member(membership, found, form.text())
        return redirect("cooperation:forum", collaboration, slug)
    return _page(request, membership, found, form, INVALID)


@require_POST
def forum_member_end(request: HttpRequest, collaboration: str, slug: str, pk: int) -> HttpResponse:
    """Have a member leave from today."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    found = access_forum(membership, slug, write=True)
    member = queries.member_of(found, pk)
    if member is None:
        raise Http404
    actions.end_member(membership, found, member)
    return redirect("cooperation:forum", collaboration, slug)


@require_http_methods(["GET", "HEAD", "POST"])
def forum_agenda(request: HttpRequest, collaboration: str, slug: str) -> HttpResponse:
    """The fixed points, version by version; a long agenda is warned of."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    found = access_forum(membership, slug, write=True)
    template = queries.agenda(found)
    stored = queries.points(found)
    points = AgendaFormSet(
        request.POST if request.method == "POST" else None, initial=[vars(point) for point in stored], prefix="points"
    )
    problem = ""
    if request.method == "POST" and points.is_valid():
        try:
            seen = int(request.POST.get("seen", "0") or 0)
            actions.set_agenda(membership, found, points_in(points), note=request.POST.get("note", "")[:500], seen=seen)
        except (UserError, ValueError) as error:
            problem = str(error)
        else:
            return redirect("cooperation:forum", collaboration, slug)
    context = {
        "membership": membership,
        "section": "forums",
        "forum": found,
        "points": points,
        "template": template,
        "is_long": agendas.is_long(stored),
        "many": agendas.MANY,
        "problem": problem,
    }
    return render(
        request,
        "cooperation/forums/agenda.html",
        context,
        status=INVALID if problem or points.total_error_count() else 200,
    )


def _form(
    request: HttpRequest, membership: Membership, initial: dict[str, Any], found: Forum | None = None
) -> ForumForm:
    others = queries.forums(membership)
    return ForumForm(
        request.POST if request.method == "POST" else None,
        initial=initial,
        functions=queries.functions(membership.collaboration),
        others=others.exclude(pk=found.pk) if found else others,
    )


def _member_form(membership: Membership, data: Any = None) -> MemberForm:
    return MemberForm(data, organisations=queries.organisations(membership.collaboration))


def _tell(form: ForumForm, error: UserError) -> None:
    form.add_error(error.field if error.field in form.fields else None, error.message)


def _editor(
    request: HttpRequest, membership: Membership, form: ForumForm, found: Forum | None, differing: Any = None
) -> HttpResponse:
    context = {
        "membership": membership,
        "section": "forums",
        "form": form,
        "forum": found,
        "differences": differing,
    }
    status = INVALID if form.errors or differing is not None else 200
    return render(request, "cooperation/forums/forum_form.html", context, status=status)
