"""Who answers for an object at a place, from the register of `actors`."""

from __future__ import annotations

from lagesbild.accounts.models import Collaboration
from lagesbild.actors.responsibility import Responsible, responsible_for
from lagesbild.places.models import Place

NOBODY = Responsible(None, "", None)


def find(
    collaboration: Collaboration, kind: str, *, place: Place | None, x: float | None, y: float | None
) -> Responsible:
    """The organisation that answers for objects of this kind there. Without kind or place nobody can know."""
    if not kind or (place is None and x is None):
        return NOBODY
    return responsible_for(collaboration, kind, place=place, x=x, y=y)
