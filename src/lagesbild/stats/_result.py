"""What every result has in common: method, version, parameters, notes and a plain form for JSON.

Here lives the base class. The numbers of each statistic live in its own module.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from lagesbild.stats.notes import Note


@dataclass(frozen=True, eq=False, kw_only=True)
class Result:
    """A frozen answer. Its arrays are read-only; `to_dict` has the same facts as plain Python."""

    method: ClassVar[str]
    version: ClassVar[str]
    parameters: Mapping[str, object]
    notes: tuple[Note, ...] = ()

    def __post_init__(self) -> None:
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, np.ndarray):
                locked = value.view()
                locked.setflags(write=False)
                object.__setattr__(self, each.name, locked)

    def to_dict(self) -> dict[str, object]:
        """Plain numbers, lists and texts; NaN and infinity become None."""
        named: dict[str, object] = {"method": self.method, "version": self.version}
        return named | {each.name: plain(getattr(self, each.name)) for each in fields(self)}


def plain(value: object) -> object:
    """The same value in types that JSON has."""
    if isinstance(value, np.ndarray):
        return _plain_array(value)
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, Result):
        return value.to_dict()
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    return value


def _plain_array(values: npt.NDArray[np.generic]) -> object:
    if values.dtype.kind == "f":
        finite = np.isfinite(values)
        if not bool(finite.all()):
            holes = values.astype(object)
            holes[~finite] = None
            return holes.tolist()
    return values.tolist()
