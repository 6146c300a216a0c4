"""The kinds of objects that matters are about: those of the collaboration, or else the ones the report names.

V, Platssamverkan Klara: "lampan, busken, räcket, soffan, papperskorgen, garageportarna".
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Collaboration

ORDINARY: dict[str, Any] = {
    "lampa": _("Lamp"),
    "buske": _("Bush or tree"),
    "racke": _("Railing"),
    "soffa": _("Bench"),
    "papperskorg": _("Litter bin"),
    "garageport": _("Garage door"),
    "klotter": _("Graffiti"),
    "mark": _("Ground"),
}


def kinds_of(collaboration: Collaboration) -> list[tuple[str, str]]:
    """(code, name in the reader's language), as the collaboration has them. One query."""
    own = _own(collaboration)
    return own or [(code, str(name)) for code, name in ORDINARY.items()]


def name_of(collaboration: Collaboration, code: str) -> str:
    """What the kind is called; the code itself if nobody knows it any more."""
    return dict(kinds_of(collaboration)).get(code, code) if code else ""


def _own(collaboration: Collaboration) -> list[tuple[str, str]]:
    if find_spec("lagesbild.actors.models") is None:
        return []
    model = getattr(import_module("lagesbild.actors.models"), "ObjectKind", None)
    if model is None:
        return []
    english = (get_language() or "").startswith("en")
    rows = model.objects.filter(collaboration=collaboration).values_list("code", "name", "name_en")
    return [(code, name_en if english and name_en else name) for code, name, name_en in rows]
