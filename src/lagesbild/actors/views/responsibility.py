"""The responsibility register, its editor, and the queue of what nobody knows."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lagesbild.accounts.access import Capability, access_collaboration
from lagesbild.accounts.models import Membership
from lagesbild.actors import actions, lists
from lagesbild.actors.access import access_responsibility_entry, access_responsibility_question
from lagesbild.actors.models import ResponsibilityEntry, ResponsibilityQuestion
from lagesbild.actors.record_forms import ResponsibilityForm
from lagesbild.actors.responsibility import responsible_for
from lagesbild.actors.views.editing import Editor, edit, page

PER_PAGE = 50


@require_safe
def register(request: HttpRequest, collaboration: str) -> HttpResponse:
    """Who answers for what; ask for one object at one place."""
    membership = access_collaboration(request.user, collaboration)
    kind = request.GET.get("kind", "")[:40]
    kinds = list(lists.kinds(membership.collaboration))
    places = list(lists.places(membership))
    place = next((each for each in places if str(each.pk) == request.GET.get("place")), None)
    found = Paginator(lists.register(membership, kind=kind if not place else ""), PER_PAGE)
    context = {
        "tab": "responsibility",
        "kinds": kinds,
        "kind": kind,
        "places": places,
        "place": place,
        "page_obj": found.get_page(request.GET.get("page")),
        "n_questions": lists.questions(membership).count(),
        "answer": responsible_for(membership.collaboration, kind, place=place, x=None, y=None)
        if kind and place
        else None,
    }
    return page(request, membership, "actors/register.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def entry_new(request: HttpRequest, collaboration: str) -> HttpResponse:
    """A new line of the register; with ``?question=`` it answers one from the queue."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    asked = request.GET.get("question", "")
    question = access_responsibility_question(membership, int(asked)) if asked.isdecimal() else None
    return _editor(request, membership, None, question)


@require_http_methods(["GET", "HEAD", "POST"])
def entry_edit(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Change a line that one's own organisation keeps."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    return _editor(request, membership, access_responsibility_entry(membership, pk, write=True), None)


def _editor(
    request: HttpRequest,
    membership: Membership,
    entry: ResponsibilityEntry | None,
    question: ResponsibilityQuestion | None,
) -> HttpResponse:
    form = ResponsibilityForm(
        request.POST or None,
        record=entry,
        choices={
            "kind": lists.kinds(membership.collaboration),
            "organisation": lists.organisations(membership.collaboration),
            "place": lists.places(membership),
            "area": lists.areas(membership),
            "zone": lists.zones(membership),
        },
        initial=_asked(question) if question else {},
    )

    def save() -> ResponsibilityEntry:
        if entry is not None:
            return actions.change_entry(membership, entry, form.seen, **form.values())
        made = actions.create_entry(membership, **form.values())
        if question is not None:
            actions.answer_question(membership, question, made)
        return made

    address = reverse("actors:questions" if question else "actors:register", args=[membership.collaboration.slug])
    title = _("Change responsibility") if entry else _("New responsibility")
    return edit(request, membership, form, Editor(title, "responsibility", address), save, lambda _made: address)


def _asked(question: ResponsibilityQuestion) -> dict[str, Any]:
    return {"kind": question.kind_id, "place": question.place_id}


@require_safe
def questions(request: HttpRequest, collaboration: str) -> HttpResponse:
    """The queue: what nobody is known to answer for."""
    membership = access_collaboration(request.user, collaboration)
    found = Paginator(lists.questions(membership), PER_PAGE)
    context = {
        "tab": "responsibility",
        "page_obj": found.get_page(request.GET.get("page")),
        "answered": lists.questions(membership, answered=True)[:10],
    }
    return page(request, membership, "actors/questions.html", context)


@require_POST
def ask(request: HttpRequest, collaboration: str) -> HttpResponse:
    """Put a question in the queue."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.REPORT)
    kind = request.POST.get("kind", "")[:40]
    place = lists.place_with(membership, request.POST.get("place", ""))
    if place is None or kind not in {each.code for each in lists.kinds(membership.collaboration)}:
        messages.error(request, _("Choose a kind of object and a place to ask about."))
        return redirect("actors:register", collaboration)
    actions.ask_who(membership, kind, place=place)
    messages.success(request, _("The question waits in the queue until somebody answers it."))
    return redirect("actors:questions", collaboration)
