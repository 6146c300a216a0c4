"""Promises to citizens with their public page, and the communication log."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lagesbild.accounts.access import Capability, access_collaboration
from lagesbild.accounts.models import Membership
from lagesbild.accounts.queries import collaboration_named
from lagesbild.actors import actions, agreements, lists
from lagesbild.actors.access import access_promise
from lagesbild.actors.models import Promise
from lagesbild.actors.record_forms import CommunicationForm, ProgressForm, PromiseForm
from lagesbild.actors.views.editing import Editor, edit, page
from lagesbild.core import clock

PER_PAGE = 30


@require_safe
def promise_list(request: HttpRequest, collaboration: str) -> HttpResponse:
    """The promises to citizens and what has been done for them."""
    membership = access_collaboration(request.user, collaboration)
    found = Paginator(agreements.promises_of(membership), PER_PAGE)
    context = {"tab": "promises", "page_obj": found.get_page(request.GET.get("page"))}
    return page(request, membership, "actors/promises.html", context)


@login_not_required
@require_safe
def promises_public(request: HttpRequest, collaboration: str) -> HttpResponse:
    """For everybody, without sign-in: the promises that are shared with the public, and how they are kept.

    A collaboration that has none looks as if it did not exist.
    """
    found = collaboration_named(collaboration)
    promises = list(agreements.public_promises(found)) if found else []
    if found is None or not promises:
        raise Http404
    context = {"about": found, "promises": promises, "exercise": any(each.is_exercise for each in promises)}
    return render(request, "actors/promises_public.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def promise_new(request: HttpRequest, collaboration: str) -> HttpResponse:
    """A new promise by one's own organisation."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    return _editor(request, membership, None)


@require_http_methods(["GET", "HEAD", "POST"])
def promise_edit(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Change a promise of one's own organisation."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    return _editor(request, membership, access_promise(membership, pk, write=True))


def _editor(request: HttpRequest, membership: Membership, promise: Promise | None) -> HttpResponse:
    today = clock.today(membership.collaboration.time_zone)
    form = PromiseForm(
        request.POST or None,
        record=promise,
        choices={"place": lists.places(membership)},
        initial={} if promise else {"given_on": today},
    )

    def save() -> Promise:
        if promise is None:
            return actions.give_promise(membership, **form.values())
        return actions.change_promise(membership, promise, form.seen, **form.values())

    address = reverse("actors:promises", args=[membership.collaboration.slug])
    title = _("Change promise") if promise else _("New promise")
    return edit(request, membership, form, Editor(title, "promises", address), save, lambda _made: address)


@require_http_methods(["GET", "HEAD", "POST"])
def promise_progress(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Write what has been done for a promise of one's own organisation."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    promise = access_promise(membership, pk, write=True)
    form = ProgressForm(request.POST or None, initial={"on": clock.today(membership.collaboration.time_zone)})
    address = reverse("actors:promises", args=[collaboration])
    return edit(
        request,
        membership,
        form,
        Editor(_("What has been done"), "promises", address),
        lambda: actions.note_progress(membership, promise, **form.values()),
        lambda _made: address,
    )


@require_safe
def communication_list(request: HttpRequest, collaboration: str) -> HttpResponse:
    """What has been said in public, and the check of what it does to fear."""
    membership = access_collaboration(request.user, collaboration)
    found = Paginator(agreements.communications_of(membership), PER_PAGE)
    context = {"tab": "communication", "page_obj": found.get_page(request.GET.get("page"))}
    return page(request, membership, "actors/communications.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def communication_new(request: HttpRequest, collaboration: str) -> HttpResponse:
    """Log something said in public, or decided not to be said."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    form = CommunicationForm(
        request.POST or None,
        choices={"promise": agreements.promises_of(membership)},
        initial={"on": clock.today(membership.collaboration.time_zone)},
    )
    address = reverse("actors:communications", args=[collaboration])
    return edit(
        request,
        membership,
        form,
        Editor(_("New line in the log"), "communication", address),
        lambda: actions.log_communication(membership, **form.values()),
        lambda _made: address,
    )
