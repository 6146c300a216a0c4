"""Array types and the checks every argument passes on its way into the library.

Here live the aliases for NumPy arrays and the one wording of refusals. No statistics.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
ArrayLike = npt.ArrayLike
# Sums of a million larger counts would not be whole numbers of 64 bits.
LARGEST_COUNT = 10**12


def as_points(x: ArrayLike, y: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Coordinates as two float arrays of one length, without NaN."""
    east, north = as_vector("x", x), as_vector("y", y)
    if len(east) != len(north):
        raise ValueError(f"`x` and `y` must have the same length. Got {len(east)} and {len(north)}.")
    return east, north


def as_vector(name: str, values: ArrayLike) -> FloatArray:
    """One-dimensional float array of finite numbers."""
    vector = np.asarray(values, dtype=np.float64)
    if vector.ndim != 1:
        raise ValueError(f"`{name}` must have one dimension. Got {vector.ndim}.")
    require_finite(name, vector)
    return vector


def as_counts(name: str, values: ArrayLike) -> IntArray:
    """Array of whole numbers, zero or more, of any shape."""
    given = np.asarray(values)
    if given.size and not np.issubdtype(given.dtype, np.number):
        raise TypeError(f"`{name}` must hold numbers. Got {given.dtype}.")
    require_finite(name, given)
    if given.size and float(np.abs(given).max()) > LARGEST_COUNT:
        raise ValueError(f"`{name}` must hold whole numbers of at most {LARGEST_COUNT}.")
    counts = given.astype(np.int64)
    if given.size and (bool(np.any(counts != given)) or int(counts.min()) < 0):
        raise ValueError(f"`{name}` must hold whole numbers that are zero or more.")
    return counts


def as_mask(name: str, values: ArrayLike | None, *, shape: tuple[int, ...]) -> BoolArray:
    """A copy of a boolean mask of the wanted shape; all true when none is given."""
    if values is None:
        return np.ones(shape, dtype=np.bool_)
    mask = np.array(values)
    if mask.dtype != np.bool_:
        raise TypeError(f"`{name}` must be a boolean array. Got {mask.dtype}.")
    if mask.shape != shape:
        raise ValueError(f"`{name}` must have the shape {shape}. Got {mask.shape}.")
    return mask


def require_finite(name: str, values: npt.NDArray[np.generic]) -> None:
    """Refuse NaN and infinity."""
    if values.dtype.kind == "f" and not bool(np.isfinite(values).all()):
        raise ValueError(f"`{name}` must hold finite numbers only. Got NaN or infinity.")


def require_positive(name: str, value: float, *, unit: str) -> float:
    """Refuse what is not a positive, finite number."""
    if not (math.isfinite(value) and value > 0):
        raise ValueError(f"`{name}` must be a positive number of {unit}. Got {value}.")
    return float(value)


def require_share(name: str, value: float) -> float:
    """Refuse what does not lie strictly between 0 and 1."""
    if not 0 < value < 1:
        raise ValueError(f"`{name}` must lie between 0 and 1. Got {value}.")
    return float(value)
