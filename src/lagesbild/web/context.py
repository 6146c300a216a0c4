"""What every page needs: the menu, the way to the other collaborations, light or dark, and the texts of the scripts.

A view that has passed ``membership`` costs no query here; other pages cost at most one, and only if they ask.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from lagesbild.accounts.models import Membership
from lagesbild.accounts.queries import memberships_of
from lagesbild.web.menu import MENU
from lagesbild.web.texts import script_texts
from lagesbild.web.theme import chosen_theme


def page(request: HttpRequest) -> dict[str, Any]:
    """Context of the base template; what a view passes under the same name wins."""
    memberships = SimpleLazyObject(lambda: _memberships(request))
    membership = SimpleLazyObject(lambda: _current(request, memberships))
    return {
        "menu": MENU,
        "memberships": memberships,
        "membership": membership,
        "collaboration": SimpleLazyObject(lambda: membership.collaboration if membership else None),
        "theme": chosen_theme(request),
        "script_texts": script_texts,
    }


def _memberships(request: HttpRequest) -> list[Membership]:
    if not request.user.is_authenticated:
        return []
    return list(memberships_of(request.user))


def _current(request: HttpRequest, memberships: Any) -> Membership | None:
    """The membership in the collaboration that the address (or else the view) names, if the person has one."""
    kwargs = request.resolver_match.kwargs if request.resolver_match else {}
    slug = kwargs.get("collaboration") or getattr(request, "collaboration_slug", "")
    if not slug:
        return None
    return next((each for each in memberships if each.collaboration.slug == slug), None)
