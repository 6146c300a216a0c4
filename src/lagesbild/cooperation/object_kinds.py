"""The kinds of objects that matters are about: those of the collaboration, or else the ordinary ones."""

from __future__ import annotations

from django.utils.translation import get_language

from lagesbild.accounts.models import Collaboration
from lagesbild.actors.responsibility import object_kinds
from lagesbild.actors.vocabulary import OBJECT_KINDS


def kinds_of(collaboration: Collaboration) -> list[tuple[str, str]]:
    """(code, name in the reader's language), as the collaboration has them. One query."""
    english = (get_language() or "").startswith("en")
    own = [(kind.code, kind.name, kind.name_en) for kind in object_kinds(collaboration)]
    return [(code, name_en if english and name_en else name) for code, name, name_en in own or OBJECT_KINDS]


def name_of(collaboration: Collaboration, code: str) -> str:
    """What the kind is called; the code itself if nobody knows it any more."""
    return dict(kinds_of(collaboration)).get(code, code) if code else ""
