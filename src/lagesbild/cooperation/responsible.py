"""Who answers for an object at a place: asks the register of `actors`."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from lagesbild.accounts.models import Collaboration, Organisation
from lagesbild.places.models import Place


@dataclass(frozen=True)
class Found:
    """``organisation`` is None when nobody is known; ``why`` says where the answer comes from."""

    organisation: Organisation | None
    why: str


def find(collaboration: Collaboration, kind: str, *, place: Place | None, x: float | None, y: float | None) -> Found:
    """The organisation that answers for objects of this kind there, if the register knows."""
    if not kind or find_spec("lagesbild.actors.responsibility") is None:
        return Found(None, "")
    answer = import_module("lagesbild.actors.responsibility").responsible_for(
        collaboration, kind, place=place, x=x, y=y
    )
    return Found(answer.organisation, answer.why)
