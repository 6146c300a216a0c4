"""Who answers for an object at a place, from the register of `actors`."""

from __future__ import annotations

from typing import Any

from lagesbild.accounts.models import Collaboration, Organisation
from lagesbild.actors.responsibility import Because, Responsible, responsible_for
from lagesbild.cooperation.models import Matter
from lagesbild.places.models import Place

NOBODY = Responsible(None, None, None)


def find(
    collaboration: Collaboration, kind: str, *, place: Place | None, x: float | None, y: float | None
) -> Responsible:
    """The organisation that answers for objects of this kind there. Without kind or place nobody can know."""
    if not kind or (place is None and x is None):
        return NOBODY
    return responsible_for(collaboration, kind, place=place, x=x, y=y)


def as_columns(found: Responsible) -> dict[str, Any]:
    """What a matter keeps of the answer. The words are made when shown."""
    because = found.because.to_dict() if found.because else {}
    return {"responsible": found.organisation, "responsible_why": "", "responsible_because": because}


def by_word(organisation: Organisation | None, why: str = "") -> dict[str, Any]:
    """What a matter keeps of what somebody says."""
    return {"responsible": organisation, "responsible_why": why.strip()[:300], "responsible_because": {}}


def why(matter: Matter) -> str:
    """Why this organisation answers for it, in the reader's language where the register says so."""
    because = Because.from_dict(matter.responsible_because)
    return matter.responsible_why or (because.text if because else "")
