"""Test of one change point: did the level of a series change at any time, and when?

Here lives the test with its p-value. Any number of changes is searched for in `change_points`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

import numpy as np

from lagesbild.stats._arrays import ArrayLike, FloatArray, require_share
from lagesbild.stats._change_date import ChangePoint, Series, dated, dispersion, series, too_little
from lagesbild.stats._replicates import Progress, Rng, UIntArray, replicates
from lagesbild.stats._result import Result

Null = Literal["exchangeable", "poisson"]
# Values that differ by rounding only count as equal.
SLACK = 1e-9


@dataclass(frozen=True, eq=False, kw_only=True)
class ChangePointTestResult(Result):
    """The most likely change, how far it stands out, and how often chance does as well. No change: None."""

    method: ClassVar[str] = "change_point_test"
    version: ClassVar[str] = "1"

    change: ChangePoint | None
    statistic: float
    pvalue: float
    dispersion: float
    n_periods: int
    n_replicates: int


def change_point_test(
    counts: ArrayLike,
    exposure: ArrayLike | None = None,
    *,
    null: Null = "exchangeable",
    min_length: int = 2,
    conf: float = 0.95,
    n_replicates: int = 999,
    rng: Rng,
    block_size: int = 64,
    threads: int | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> ChangePointTestResult:
    """Did the level of a series of counts change at some time?

    Null hypothesis: see `null`.

    Parameters
    ----------
    counts, exposure, min_length, conf
        As in `change_points`. Periods with exposure 0 take no part.
    null : {"exchangeable", "poisson"}
        Without a change, any order of the counts is as likely as any other; needs equal exposure. Or events fall
        independently, in proportion to the exposure: only where bursts are out of the question.
    n_replicates : int >= 1
        Random series to compare with.
    rng : Generator or int
        Start of the random numbers.

    Returns
    -------
    ChangePointTestResult
        ``change`` as in `change_points`; ``statistic``, twice the log of the likelihood ratio; ``pvalue`` (0, 1];
        ``dispersion``, ``n_periods``, ``notes``.

    Raises
    ------
    ValueError
        As `change_points`, or if `null` is exchangeable and exposures differ.

    Notes
    -----
    1. Statistic: the largest over all dates of 2 [x₁ ln(x₁/e₁) + x₂ ln(x₂/e₂) - N ln(N/e)], x and e events and exposure
       before and after, N and e of both: the likelihood ratio of two Poisson rates against one.
    2. p = (b + 1) / (r + 1), b random series in which the largest reaches as far. The search over dates is in it.
    3. The interval of the date as in `change_points`, with the dispersion measured there ("exchangeable") or 1.

    Season and trend also make changes, and so do periods that hang together. Cost: O(r n) time; O(n) memory
    times `block_size`.

    References
    ----------
    .. [1] Raftery, A. E. and Akman, V. E. (1986). Bayesian analysis of a Poisson process with a change-point.
       Biometrika 73.
    """
    if null not in get_args(Null):
        raise ValueError(f"`null` must be one of {', '.join(get_args(Null))}. Got {null!r}.")
    if n_replicates < 1:
        raise ValueError(f"`n_replicates` must be 1 or more. Got {n_replicates}.")
    require_share("conf", conf)
    given = series(counts, exposure, min_length=min_length)
    known = np.flatnonzero(given.known())
    found = Series(given.counts[known], given.exposure[known])
    if null == "exchangeable" and len(found) and float(np.ptp(found.exposure)) > SLACK * float(found.exposure.max()):
        raise ValueError("`null` must be poisson when exposures differ. Got exchangeable.")
    notes = too_little(found, min_length=min_length)
    phi = dispersion(found) if null == "exchangeable" else 1.0
    change, statistic, pvalue = None, 0.0, 1.0
    if not notes:
        ratios = _log_ratios(found.counts[None, :], found.exposure, min_length)[0]
        statistic = max(float(ratios.max()), 0.0)
        simulated = replicates(
            change_block,
            (found.counts, found.exposure, min_length, null == "poisson"),
            n_replicates=n_replicates,
            rng=rng,
            block_size=block_size,
            threads=threads,
            scheduler=scheduler,
            progress=progress,
        )
        pvalue = (int((simulated >= statistic * (1 - SLACK) - SLACK).sum()) + 1) / (n_replicates + 1)
        at = int(np.argmax(ratios)) + min_length
        if null == "exchangeable":
            phi = dispersion(found, [at])
        change = _placed(
            dated(found, at, span=(0, len(found)), min_length=min_length, phi=phi, conf=conf), known.tolist()
        )
    return ChangePointTestResult(
        change=change,
        statistic=statistic,
        pvalue=pvalue,
        dispersion=phi,
        n_periods=len(given),
        n_replicates=n_replicates,
        parameters={
            "null": null,
            "min_length": min_length,
            "conf": float(conf),
            "n_replicates": n_replicates,
            "rng": int(rng) if isinstance(rng, (int, np.integer)) else "generator",
        },
        notes=notes,
    )


def change_block(
    counts: FloatArray, exposure: FloatArray, min_length: int, poisson: bool, seeds: UIntArray
) -> FloatArray:
    """The largest log-likelihood ratio of random series without a change."""
    drawn = np.empty((len(seeds), len(counts)))
    for b, seed in enumerate(seeds):
        generator = np.random.Generator(np.random.PCG64(int(seed)))
        if poisson:
            drawn[b] = generator.multinomial(int(counts.sum()), exposure / exposure.sum())
        else:
            drawn[b] = generator.permutation(counts)
    largest: FloatArray = _log_ratios(drawn, exposure, min_length).max(axis=1)
    return largest


def _log_ratios(counts: FloatArray, exposure: FloatArray, min_length: int) -> FloatArray:
    """Notes, 1, for each series (rows) and each date (columns)."""
    from scipy.special import xlogy

    dates = slice(min_length - 1, counts.shape[1] - min_length)
    before = np.cumsum(counts, axis=1)
    total, observed = before[:, -1:], float(exposure.sum())
    x, e = before[:, dates], np.cumsum(exposure)[dates]
    parts = xlogy(x, x / e) + xlogy(total - x, (total - x) / (observed - e)) - xlogy(total, total / observed)
    return np.asarray(2.0 * parts, dtype=np.float64)


def _placed(change: ChangePoint, known: list[int]) -> ChangePoint:
    """The change in the numbering of all periods."""
    return ChangePoint(
        index=known[change.index],
        low=known[change.low],
        high=known[change.high],
        rate_before=change.rate_before,
        rate_after=change.rate_after,
        ratio=change.ratio,
    )
