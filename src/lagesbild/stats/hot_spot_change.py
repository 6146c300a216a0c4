"""What became of hot spots: new, persistent or fading since an earlier period.

Here lives the comparison of two sets of clusters. Whether the numbers changed is in `change`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
import numpy.typing as npt

from lagesbild.stats._arrays import ArrayLike, BoolArray, IntArray
from lagesbild.stats._result import Result
from lagesbild.stats.hot_spots import connected

Fate = Literal["new", "persistent", "fading"]


@dataclass(frozen=True, kw_only=True)
class ClusterFate:
    """One cluster and what became of it.

    ``label`` is its number after (before, when it is fading); ``met`` the labels of the clusters of the other period
    that it overlaps; ``n_shared`` how many of its cells were part of one.
    """

    fate: Fate
    label: int
    met: tuple[int, ...]
    n_cells: int
    n_shared: int


@dataclass(frozen=True, eq=False, kw_only=True)
class HotSpotChangeResult(Result):
    """Clusters after, in order of label, then those of before that are gone."""

    method: ClassVar[str] = "hot_spot_change"
    version: ClassVar[str] = "1"

    clusters: tuple[ClusterFate, ...]
    labels_before: IntArray
    labels_after: IntArray

    def with_fate(self, fate: Fate) -> tuple[ClusterFate, ...]:
        """The clusters of one kind."""
        return tuple(cluster for cluster in self.clusters if cluster.fate == fate)


def hot_spot_change(before: ArrayLike, after: ArrayLike, *, reach_cells: int = 0) -> HotSpotChangeResult:
    """Which hot spots are new, which remain and which have faded?

    Parameters
    ----------
    before, after : array of shape (n_rows, n_cols), bool or int
        Hot cells of the earlier and the later period on the same grid: a mask, or labels with 0 or less for
        cells that are not hot (as ``HotSpotsResult.labels``).
    reach_cells : int >= 0
        Clusters this many cells apart, diagonals included, still count as the same. 0 asks for a shared cell.

    Returns
    -------
    HotSpotChangeResult
        ``clusters``, each with ``fate``, ``label``, ``met``, ``n_cells``, ``n_shared``.

    Raises
    ------
    ValueError
        If the shapes differ.

    Notes
    -----
    A cluster after that meets none before is new, one that meets any is persistent. A cluster before that meets
    none after is fading. One cluster may meet several: that is how a split and a merger show.

    "Fading" says that the cells no longer stand out, not that events stopped; "new" may be a place just under the limit
    last time. Read them with `compare_counts` for the same cells. Cost: O(m) time and memory for m cells.

    References
    ----------
    .. [1] Ord, J. K. and Getis, A. (1995). Local spatial autocorrelation statistics: distributional issues and an
       application. Geographical Analysis 27(4), 286-306. doi:10.1111/j.1538-4632.1995.tb00912.x.
    """
    if reach_cells < 0:
        raise ValueError(f"`reach_cells` must be zero or a positive number of cells. Got {reach_cells}.")
    earlier, later = _labelled("before", before), _labelled("after", after)
    if earlier.shape != later.shape:
        raise ValueError(f"`before` and `after` must have the same shape. Got {earlier.shape} and {later.shape}.")
    met_by_later = _meetings(later, earlier, reach_cells)
    met_by_earlier = _meetings(earlier, later, reach_cells)
    clusters = [
        _fate(later, earlier, label, met, "persistent" if met else "new") for label, met in met_by_later.items()
    ]
    clusters += [_fate(earlier, later, label, (), "fading") for label, met in met_by_earlier.items() if not met]
    return HotSpotChangeResult(
        clusters=tuple(clusters),
        labels_before=earlier,
        labels_after=later,
        parameters={"reach_cells": reach_cells},
    )


def _labelled(name: str, values: ArrayLike) -> IntArray:
    given: npt.NDArray[np.generic] = np.asarray(values)
    if given.ndim != 2:
        raise ValueError(f"`{name}` must have two dimensions. Got {given.ndim}.")
    if given.dtype == np.bool_:
        return connected(given.astype(np.bool_))[0]
    if given.dtype.kind not in "iu":
        raise TypeError(f"`{name}` must be a mask or whole numbers. Got {given.dtype}.")
    return np.maximum(given.astype(np.int64), 0)


def _meetings(own: IntArray, other: IntArray, reach_cells: int) -> dict[int, tuple[int, ...]]:
    """For each label of `own`, the labels of `other` within reach."""
    pairs: set[tuple[int, int]] = set()
    n_rows, n_cols = own.shape
    for down in range(-reach_cells, reach_cells + 1):
        for right in range(-reach_cells, reach_cells + 1):
            here = own[max(0, -down) : max(0, n_rows - down), max(0, -right) : max(0, n_cols - right)]
            there = other[max(0, down) : max(0, n_rows + down), max(0, right) : max(0, n_cols + right)]
            both = (here > 0) & (there > 0)
            pairs.update(zip(here[both].tolist(), there[both].tolist(), strict=True))
    found: dict[int, list[int]] = {int(label): [] for label in np.unique(own[own > 0])}
    for label, met in sorted(pairs):
        found[label].append(met)
    return {label: tuple(met) for label, met in found.items()}


def _fate(own: IntArray, other: IntArray, label: int, met: tuple[int, ...], fate: Fate) -> ClusterFate:
    cells: BoolArray = np.asarray(own == label)
    return ClusterFate(
        fate=fate,
        label=label,
        met=met,
        n_cells=int(np.count_nonzero(cells)),
        n_shared=int(np.count_nonzero(other[cells] > 0)),
    )
