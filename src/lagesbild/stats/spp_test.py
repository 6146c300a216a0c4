"""The spatial point pattern test: are events spread over areas as they were before, and where not?

Here lives Andresen's S-index with its local result, and beside it tests that know of chance in both patterns. Events
are counted by area outside; `grid` does it for cells.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

import numpy as np

from lagesbild.stats._arrays import ArrayLike, BoolArray, FloatArray, IntArray, as_counts, require_share
from lagesbild.stats._replicates import Progress, Rng, UIntArray, blocks, seeds
from lagesbild.stats._result import Result
from lagesbild.stats._shares import chi_square, dealt_out, drawn, exact_p, normal_p
from lagesbild.stats.multiple import benjamini_hochberg
from lagesbild.stats.notes import Note

Resample = Literal["subsample", "bootstrap", "both"]
Test = Literal["exact", "chi2"]
BLOCK_SIZE = 32


@dataclass(frozen=True, eq=False, kw_only=True)
class SppTestResult(Result):
    """The indices, and for each area what changed. ``change`` is -1, 0 or 1: a smaller, similar or larger share of the
    test pattern than of the base.
    """

    method: ClassVar[str] = "spp_test"
    version: ClassVar[str] = "1"

    s_index: float | None
    s_robust: float | None
    s_generalised: float | None
    base: IntArray
    test: IntArray
    share_base: FloatArray
    share_test: FloatArray
    low: FloatArray
    high: FloatArray
    change: IntArray
    used: BoolArray
    p_area: FloatArray
    p_adjusted: FloatArray
    differs: BoolArray
    chi2: float
    pvalue: float
    n_areas: int
    n_used: int
    n_replicates: int


def spp_test(
    base: ArrayLike,
    test: ArrayLike,
    *,
    resample: Resample = "subsample",
    sample_share: float = 0.85,
    n_samples: int = 200,
    conf: float = 0.95,
    area_test: Test = "exact",
    alpha: float = 0.05,
    n_replicates: int = 999,
    rng: Rng,
    threads: int | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> SppTestResult:
    """Are events spread over areas as they were before, and which areas have another share of them?

    Null hypothesis of the p-values: each event, of either pattern, has the same chance to lie in each area.

    Parameters
    ----------
    base, test : array of shape (m,), int >= 0
        Events of the base pattern (such as last year) and of the test pattern (this year) in each area.
    resample : {"subsample", "bootstrap", "both"}
        How the intervals are made. "subsample" is Andresen's: samples of the test pattern without replacement.
        "bootstrap": of as many events as it has, with replacement. "both": base and test are drawn with replacement,
        and the interval is that of the difference of shares; then it does not matter which pattern is the base.
    sample_share : float in (0, 1)
        Share of the test events in a sample of "subsample".
    n_samples : int >= 1
        Samples drawn.
    conf : float in (0, 1)
        Share of the samples that an interval holds.
    area_test : {"exact", "chi2"}
        For the p-value of each area against the rest: Fisher's exact test, or the N - 1 chi-square.
    alpha : float in (0, 1)
        False discovery rate over the areas with events.
    n_replicates : int >= 1
        Random deals for the p-value of the whole.
    rng : numpy.random.Generator or int
        Source of samples and deals.
    threads, scheduler, progress : optional
        As for `knox`. They do not change the answer.

    Returns
    -------
    SppTestResult
        ``s_index`` (share of areas that are similar), ``s_robust`` (the same without areas empty in both patterns),
        ``s_generalised`` (similar areas with events, by the least of base events, test events and areas with events);
        arrays of shape (m,): ``change`` (-1, 0, 1), shares, ``low`` and ``high`` of the interval, ``used``, ``p_area``,
        ``p_adjusted``, ``differs``; ``chi2`` with ``pvalue`` (0, 1] for the whole; ``n_areas``, ``n_used``, ``notes``.

    Raises
    ------
    ValueError
        If lengths differ, counts are negative or not whole, or no such resampling or test.

    Notes
    -----
    1. An area is similar when the base's share lies within the interval of the samples' shares, ends included. Of r
       samples in order the ends are numbers ⌊r (1 - conf)/2⌋ + 1 from below and from above: 6 and 195 of 200 ([1]_,
       [2]_). A sample has sample_share times the test events, rounded half to even. Shares are compared exactly.
    2. **The S-index is a description, not a test.** Samples of 85 % vary less than patterns do, and the base is
       taken as free of chance. Two patterns of one process, with many events and equal totals, have S near 0.44: the
       chance that a normal value is within 1.96 √(0.15/0.85) / √2. ``pvalue`` and ``p_area`` know of chance in both
       ([3]_).
    3. An area without test events has the interval [0, 0]: any base event makes it different in "subsample".
    4. ``chi2`` is Pearson's for the table of two rows; its p-value comes from dealing all events out anew with both
       totals and those of the areas kept. ``p_area`` is corrected by Benjamini and Hochberg.
    5. Only shares are compared. If events double everywhere, nothing changes here.

    Cost: O((n_samples + n_replicates) m) time, whatever the number of events, and less with few of them in an area;
    O(n_samples m) memory, m the areas with events.

    References
    ----------
    .. [1] Andresen, M. A. (2009). Testing for similarity in area-based spatial patterns: a nonparametric Monte Carlo
       approach. Applied Geography. doi:10.1016/j.apgeog.2008.12.004.
    .. [2] Andresen, M. A. (2016). An area-based nonparametric spatial point pattern test: the test, its applications,
       and the future. Methodological Innovations 9. doi:10.1177/2059799116630659.
    .. [3] Wheeler, A., Steenbeek, W. and Andresen, M. A. (2018). Testing for similarity in area-based spatial patterns:
       alternative methods to Andresen's spatial point pattern test. Transactions in GIS.
    """
    old, new = as_counts("base", base), as_counts("test", test)
    _check(old, new, resample=resample, area_test=area_test, n_samples=n_samples, n_replicates=n_replicates)
    require_share("sample_share", sample_share)
    require_share("conf", conf)
    require_share("alpha", alpha)
    used = old + new > 0
    comparable = bool(old.any() and new.any())
    source = rng if isinstance(rng, np.random.Generator) else np.random.default_rng(int(seeds(rng, 1)[0]))
    low, high, change, pvalue = np.zeros(len(old)), np.zeros(len(old)), np.zeros(len(old), dtype=np.int64), 1.0
    if comparable:
        sampled = _Sampling(old[used], new[used], resample, sample_share, conf)
        every = seeds(source, n_samples)
        rows = blocks(_sample, sampled.data, every, block_size=BLOCK_SIZE, threads=threads, scheduler=scheduler)
        low[used], high[used], change[used] = sampled.compared(rows, n_samples)
        how = {"threads": threads, "scheduler": scheduler, "progress": progress}
        pvalue = dealt_out(old, new, n_replicates=n_replicates, rng=source, **how)  # type: ignore[arg-type]
    p_area = (exact_p if area_test == "exact" else normal_p)(old, new)
    corrected = benjamini_hochberg(p_area[used], alpha=alpha)
    p_adjusted, differs = np.ones(len(old)), np.zeros(len(old), dtype=np.bool_)
    p_adjusted[used], differs[used] = corrected.adjusted, corrected.rejected
    return SppTestResult(
        s_index=float(np.mean(change == 0)) if comparable else None,
        s_robust=float(np.mean(change[used] == 0)) if comparable else None,
        s_generalised=_generalised(old, new, change, used) if comparable else None,
        base=old,
        test=new,
        share_base=_shares(old),
        share_test=_shares(new),
        low=low,
        high=high,
        change=change,
        used=used,
        p_area=p_area,
        p_adjusted=p_adjusted,
        differs=differs,
        chi2=chi_square(old, new),
        pvalue=pvalue,
        n_areas=len(old),
        n_used=int(used.sum()),
        n_replicates=n_replicates,
        parameters={
            "resample": resample,
            "sample_share": float(sample_share),
            "n_samples": n_samples,
            "conf": float(conf),
            "area_test": area_test,
            "alpha": float(alpha),
            "correction": corrected.method,
            "n_replicates": n_replicates,
            "rng": int(rng) if isinstance(rng, (int, np.integer)) else "generator",
        },
        notes=_notes(old, new, used),
    )


def _check(base: IntArray, test: IntArray, *, resample: str, area_test: str, n_samples: int, n_replicates: int) -> None:
    if base.ndim != 1 or base.shape != test.shape:
        raise ValueError(f"`base` and `test` must have the same length. Got {base.shape} and {test.shape}.")
    for name, value, allowed in (("resample", resample, Resample), ("area_test", area_test, Test)):
        if value not in get_args(allowed):
            raise ValueError(f"`{name}` must be one of {', '.join(get_args(allowed))}. Got {value!r}.")
    for name, number in (("n_samples", n_samples), ("n_replicates", n_replicates)):
        if number < 1:
            raise ValueError(f"`{name}` must be 1 or more. Got {number}.")


@dataclass(frozen=True, eq=False)
class _Sampling:
    """Draws samples and keeps of each area only those beyond the ends of its interval."""

    base: IntArray
    test: IntArray
    resample: str
    share: float
    conf: float

    @property
    def size(self) -> int:
        """Events in a sample."""
        n = int(self.test.sum())
        return max(1, round(self.share * n)) if self.resample == "subsample" else n

    @property
    def data(self) -> tuple[IntArray, IntArray, str, int]:
        return self.base, self.test, self.resample, self.size

    def compared(self, rows: Iterator[IntArray], n_samples: int) -> tuple[FloatArray, FloatArray, IntArray]:
        """Interval of each area in shares, and -1, 0 or 1."""
        n_beyond = int(np.floor(n_samples * (1 - self.conf) / 2 + 1e-9)) + 1
        lowest = highest = np.empty((0, len(self.base)), dtype=np.int64)
        for block in rows:
            lowest = np.sort(np.concatenate((lowest, block)), axis=0)[:n_beyond]
            highest = np.sort(np.concatenate((highest, block)), axis=0)[-n_beyond:]
        low, high = lowest[-1], highest[0]
        if self.resample == "both":
            # Rows are differences of shares, times both totals.
            scale = float(self.base.sum()) * float(self.test.sum())
            return low / scale, high / scale, np.where(low > 0, 1, np.where(high < 0, -1, 0))
        share = self.base * self.size
        n = int(self.base.sum())
        return low / self.size, high / self.size, np.where(share < low * n, 1, np.where(share > high * n, -1, 0))


def _sample(base: IntArray, test: IntArray, resample: str, size: int, seeds_: UIntArray) -> IntArray:
    """Test events of each sample in each area; for "both", the difference of shares times both totals."""
    if resample == "subsample":
        return drawn(test, size, seeds_)
    rows = np.empty((len(seeds_), len(test)), dtype=np.int64)
    n, m = int(base.sum()), int(test.sum())
    for at, seed in enumerate(seeds_):
        random = np.random.Generator(np.random.PCG64(seed))
        rows[at] = random.multinomial(m, test / m)
        if resample == "both":
            rows[at] = rows[at] * n - random.multinomial(n, base / n) * m
    return rows


def _generalised(base: IntArray, test: IntArray, change: IntArray, used: BoolArray) -> float:
    """With fewer events than areas, not all areas can have one: only as many as there are events are asked for."""
    return int(np.count_nonzero(change[used] == 0)) / min(int(base.sum()), int(test.sum()), int(used.sum()))


def _shares(counts: IntArray) -> FloatArray:
    total = int(counts.sum())
    return counts / total if total else np.full(len(counts), np.nan)


def _notes(base: IntArray, test: IntArray, used: BoolArray) -> tuple[Note, ...]:
    if not base.any() or not test.any():
        return (Note("spp_test.no_events"),)
    notes = [Note("spp_test.description")]
    if not bool(used.all()):
        notes.append(Note("spp_test.empty_areas", {"n": int((~used).sum())}))
    gone = int(((test == 0) & (base > 0)).sum())
    if gone:
        notes.append(Note("spp_test.without_test_events", {"n": gone}))
    return tuple(notes)
