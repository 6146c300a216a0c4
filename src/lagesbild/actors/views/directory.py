"""The directory: organisations, functions, contacts and routes for cases."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lagesbild.accounts.access import Capability, access_collaboration, may
from lagesbild.accounts.models import Function, Membership
from lagesbild.actors import actions, agreements, directory, sections
from lagesbild.actors.access import (
    access_case_route,
    access_function,
    access_function_profile,
    access_organisation,
)
from lagesbild.actors.models import CaseRoute, FunctionProfile, Mandate, MandateLevel
from lagesbild.actors.record_forms import ActorForm, ContactForm, FunctionForm, RouteForm
from lagesbild.actors.views.editing import INVALID, Editor, edit, page


@require_safe
def actors(request: HttpRequest, collaboration: str) -> HttpResponse:
    """Who they are: organisations with functions and how to reach them, searched by words."""
    membership = access_collaboration(request.user, collaboration)
    search = request.GET.get("q", "")[:100]
    rows = directory.directory(membership, search=search)
    context = {
        "tab": "directory",
        "search": search,
        "exercise": any(each.profile and each.profile.is_exercise for row in rows for each in row.functions),
        "rows": rows,
        "silent": [row for row in rows if not row.functions and not row.profile],
        "n_functions": sum(len(row.functions) for row in rows),
        "routes": directory.routes_of(membership),
    }
    template = "actors/_directory.html" if request.headers.get("HX-Request") else "actors/directory.html"
    response = page(request, membership, template, context)
    response["Vary"] = "HX-Request"
    return response


@require_safe
def organisation(request: HttpRequest, collaboration: str, slug: str) -> HttpResponse:
    """One organisation: mission, functions, forums with what sources say, and what it has taken upon itself."""
    membership = access_collaboration(request.user, collaboration)
    found = access_organisation(membership, slug)
    profile = directory.profile_of(membership, found)
    context = {
        "tab": "directory",
        "organisation": found,
        "profile": profile,
        "functions": directory.functions_of(membership, found),
        "stands": directory.forum_stands(profile),
        "commitments": agreements.commitments_by(found, membership),
        "sections": sections.of(membership, found),
        "editable": _may_edit(membership, found.pk),
    }
    return page(request, membership, "actors/organisation.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def organisation_edit(request: HttpRequest, collaboration: str, slug: str) -> HttpResponse:
    """What one's own organisation says of itself."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    found = access_organisation(membership, slug, write=True)
    address = reverse("actors:organisation", args=[collaboration, slug])
    form = ActorForm(request.POST or None, record=directory.profile_of(membership, found))
    return edit(
        request,
        membership,
        form,
        Editor(found.name, "directory", address),
        lambda: actions.change_actor_profile(membership, found, form.seen or 1, **form.values()),
        lambda _made: address,
    )


@require_safe
def function(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """One function: task, limits, whom it meets, how it is reached and when it is on duty."""
    membership = access_collaboration(request.user, collaboration)
    return _show_function(request, membership, access_function(membership, pk))


def _show_function(
    request: HttpRequest, membership: Membership, found: Function, *, form: ContactForm | None = None
) -> HttpResponse:
    profile = directory.function_profile(membership, found)
    editable = _may_edit(membership, found.organisation_id)
    context = {
        "tab": "directory",
        "function": found,
        "profile": profile,
        "own": [each.situation for each in _mandates(profile) if each.level == MandateLevel.OWN_TASK],
        "may_help": [each.situation for each in _mandates(profile) if each.level == MandateLevel.MAY_HELP],
        "schedules": directory.schedules_of(membership, found),
        "editable": editable,
        "contact_form": form or (ContactForm() if editable else None),
    }
    status = INVALID if form is not None and form.errors else 200
    return page(request, membership, "actors/function.html", context, status=status)


def _mandates(profile: FunctionProfile | None) -> list[Mandate]:
    return list(profile.mandates.all()) if profile else []


@require_http_methods(["GET", "HEAD", "POST"])
def function_edit(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Task, limits and mandate of a function of one's own organisation."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    found = access_function(membership, pk, write=True)
    profile = directory.function_profile(membership, found)
    levels = {each.situation.code: each.level for each in profile.mandates.all()} if profile else {}
    initial = {
        "own": [code for code, level in levels.items() if level == MandateLevel.OWN_TASK],
        "may": [code for code, level in levels.items() if level == MandateLevel.MAY_HELP],
    }
    form = FunctionForm(request.POST or None, record=profile, initial=initial)
    form.offer(directory.situations_of(membership))
    address = reverse("actors:function", args=[collaboration, pk])
    return edit(
        request,
        membership,
        form,
        Editor(found.name, "directory", address),
        lambda: actions.change_function_profile(
            membership, found, form.seen or 1, mandates=form.mandates(), **form.values()
        ),
        lambda _made: address,
    )


@require_POST
def contact_add(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """One more way to reach a function of one's own organisation."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    found = access_function(membership, pk, write=True)
    form = ContactForm(request.POST)
    if not form.is_valid():
        return _show_function(request, membership, found, form=form)
    profile = actions.ensure_function_profile(found, actor=membership.user)
    actions.add_contact(membership, profile, **form.values())
    messages.success(request, _("Stored."))
    return redirect("actors:function", collaboration, pk)


@require_POST
def contact_remove(request: HttpRequest, collaboration: str, pk: int, contact: int) -> HttpResponse:
    """Take away a contact that is no longer right."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    actions.remove_contact(membership, access_function_profile(membership, pk, write=True), contact)
    return redirect("actors:function", collaboration, pk)


@require_http_methods(["GET", "HEAD", "POST"])
def route_new(request: HttpRequest, collaboration: str) -> HttpResponse:
    """A route for individual cases."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    return _route(request, membership, None)


@require_http_methods(["GET", "HEAD", "POST"])
def route_edit(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Change a route of one's own organisation."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    return _route(request, membership, access_case_route(membership, pk, write=True))


def _route(request: HttpRequest, membership: Membership, route: CaseRoute | None) -> HttpResponse:
    form = RouteForm(request.POST or None, record=route)
    address = reverse("actors:actors", args=[membership.collaboration.slug])

    def save() -> CaseRoute:
        if route is None:
            return actions.create_route(membership, **form.values())
        return actions.change_route(membership, route, form.seen, **form.values())

    title = route.name if route else _("New route for cases")
    return edit(request, membership, form, Editor(title, "directory", address), save, lambda _made: f"{address}#routes")


@require_POST
def vocabulary_begin(request: HttpRequest, collaboration: str) -> HttpResponse:
    """Take the ordinary situations and kinds of object into use."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    actions.begin_vocabulary(membership.collaboration, actor=membership.user)
    messages.success(request, _("The ordinary situations and kinds of object are in use."))
    return redirect("actors:help_now", collaboration)


def _may_edit(membership: Membership, organisation: int) -> bool:
    own = membership.function.organisation_id == organisation
    return may(membership, Capability.COOPERATE) and (own or may(membership, Capability.ADMINISTER))
