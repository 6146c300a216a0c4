"""Pages that belong to no subject: the way in, the list of collaborations, and the choice of light or dark."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from lagesbild.accounts.access import access_collaboration
from lagesbild.accounts.queries import memberships_of
from lagesbild.web.menu import MENU
from lagesbild.web.theme import remember_theme


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """To the picture of one's collaboration, or to the list when there are several or none."""
    memberships = list(memberships_of(request.user))
    if len(memberships) == 1:
        return redirect(MENU[0].url_name, memberships[0].collaboration.slug)
    return _collaborations(request, memberships)


@require_GET
def start(request: HttpRequest, collaboration: str) -> HttpResponse:
    """The address of a collaboration alone leads to its picture."""
    membership = access_collaboration(request.user, collaboration)
    return redirect(MENU[0].url_name, membership.collaboration.slug)


@require_GET
def collaborations(request: HttpRequest) -> HttpResponse:
    """The collaborations one takes part in."""
    return _collaborations(request, list(memberships_of(request.user)))


def _collaborations(request: HttpRequest, memberships: object) -> HttpResponse:
    return render(request, "web/collaborations.html", {"memberships": memberships, "start": MENU[0].url_name})


@login_not_required
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Light, dark or as the device; then back to where one was."""
    response = HttpResponseRedirect(_next_address(request))
    remember_theme(response, request.POST.get("theme", ""), secure=bool(settings.SESSION_COOKIE_SECURE))
    return response


def _next_address(request: HttpRequest) -> str:
    address = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        return address
    return reverse("home")
