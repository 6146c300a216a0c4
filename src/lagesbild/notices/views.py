"""The list of notices, opening one, and the choices. Muting from a mail needs no sign-in."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lagesbild.accounts.access import access_collaboration
from lagesbild.notices import actions, queries, reading
from lagesbild.notices.access import access_notice
from lagesbild.notices.forms import PreferenceForm
from lagesbild.notices.muting import access_muting

PER_PAGE = 30


@require_safe
def notices(request: HttpRequest, collaboration: str) -> HttpResponse:
    """What one was told, newest first."""
    membership = access_collaboration(request.user, collaboration)
    unread = request.GET.get("unread") == "1"
    page = Paginator(queries.notices_of(membership, unread=unread), PER_PAGE).get_page(request.GET.get("page"))
    muted = set(queries.preference_of(membership).muted)
    context = {
        "membership": membership,
        "section": "notices",
        "page_obj": page,
        "rows": [(each, each.code in muted) for each in page],
        "unread": unread,
        "new": queries.unread_count(membership),
    }
    return render(request, "notices/notices.html", context)


@require_safe
def bell(request: HttpRequest, collaboration: str) -> HttpResponse:
    """The number of unread ones, as a fragment."""
    membership = access_collaboration(request.user, collaboration)
    context = {"membership": membership, "count": queries.unread_count(membership)}
    return render(request, "notices/_bell.html", context)


@require_POST
def notice_open(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Mark as read and go to what it is about."""
    membership = access_collaboration(request.user, collaboration)
    found = access_notice(membership, pk)
    reading.read(found)
    local = url_has_allowed_host_and_scheme(found.path, allowed_hosts=None) and found.path.startswith("/")
    return redirect(found.path) if local else redirect("notices:notices", collaboration)


@require_POST
def read_all(request: HttpRequest, collaboration: str) -> HttpResponse:
    """Mark everything as read."""
    membership = access_collaboration(request.user, collaboration)
    reading.read_all(membership)
    return redirect("notices:notices", collaboration)


@require_POST
def notice_mute(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """No more of this notice's kind, or again."""
    membership = access_collaboration(request.user, collaboration)
    found = access_notice(membership, pk)
    muted = request.POST.get("muted") != "0"
    actions.mute(membership, found.code, muted=muted)
    text = _("No more messages of this kind: {kind}") if muted else _("Messages of this kind come again: {kind}")
    messages.success(request, text.format(kind=found.title))
    return redirect("notices:notices", collaboration)


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, collaboration: str) -> HttpResponse:
    """Mail, quiet hours and muted kinds."""
    membership = access_collaboration(request.user, collaboration)
    wish = queries.preference_of(membership)
    initial = {name: getattr(wish, name) for name in ("mail", "quiet_from", "quiet_to", "muted")}
    form = PreferenceForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.choose(membership, **form.cleaned_data)
        messages.success(request, _("Your choice is saved."))
        return redirect("notices:settings", collaboration)
    context = {"membership": membership, "section": "notices", "form": form}
    return render(request, "notices/settings.html", context, status=422 if form.errors else 200)


@csrf_exempt  # mail programs post here by themselves (RFC 8058); the signed link is what proves the right
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def mute(request: HttpRequest, token: str) -> HttpResponse:
    """From a mail: a question with one button; the button mutes."""
    membership, kind = access_muting(token)
    if request.method == "POST":
        actions.mute(membership, kind.code)
    context = {"kind": kind, "name": membership.collaboration.name, "done": request.method == "POST"}
    return render(request, "notices/mute.html", context)
