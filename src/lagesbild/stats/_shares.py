"""Two rows of counts over the same categories or areas: do their shares differ, and where?

Here lives what `category_mix` and `spp_test` have in common: chi-square of the whole with p by random labels, and the
test of each column. Random labels: all events are pooled and dealt out anew to the two rows, so both the totals of
the rows and those of the columns stay.
"""

from __future__ import annotations

import numpy as np

from lagesbild.stats._arrays import FloatArray, IntArray
from lagesbild.stats._replicates import Progress, Rng, UIntArray, replicates

SMALLEST_P = float(np.finfo(np.float64).tiny)
BLOCK_SIZE = 32
# Drawing event by event costs about 4 ns for each, a count at once about 300 ns for each column.
EVENTS_PER_COLUMN = 75
# NumPy draws from no more.
MOST_EVENTS = 999_999_999


def chi_square(base: IntArray, test: IntArray) -> float:
    """Pearson's X² of the table of two rows. Columns without events add nothing; 0 when a row has none."""
    n, m = int(base.sum()), int(test.sum())
    if n == 0 or m == 0:
        return 0.0
    return _chi_square(_squares(base, base + test), n, m)


def dealt_out(
    base: IntArray,
    test: IntArray,
    *,
    n_replicates: int,
    rng: Rng,
    threads: int | None,
    scheduler: str | None,
    progress: Progress | None = None,
) -> float:
    """p of chi-square: (b + 1) / (r + 1), b deals with at least the observed value. Rounding makes no difference."""
    pooled = base + test
    used = pooled > 0
    if int(used.sum()) < 2 or not base.any() or not test.any():
        return 1.0
    sums = replicates(
        _deal,
        (pooled[used], int(base.sum())),
        n_replicates=n_replicates,
        rng=rng,
        block_size=BLOCK_SIZE,
        threads=threads,
        scheduler=scheduler,
        progress=progress,
    )
    observed = _squares(base, pooled)
    as_extreme = int(np.count_nonzero(sums >= observed * (1 - 1e-12)))
    return (as_extreme + 1) / (n_replicates + 1)


def residuals(base: IntArray, test: IntArray) -> FloatArray:
    """Adjusted residual of the second row in each column: above 0 where its share is larger. 0 where nothing varies."""
    pooled = (base + test).astype(np.float64)
    n, m = int(base.sum()), int(test.sum())
    total = float(n + m)
    if n == 0 or m == 0:
        return np.zeros(len(base))
    expected = pooled * (m / total)
    variance = expected * (n / total) * (1 - pooled / total)
    return np.where(variance > 0, (test - expected) / np.sqrt(np.where(variance > 0, variance, 1.0)), 0.0)


def normal_p(base: IntArray, test: IntArray) -> FloatArray:
    """Two-sided p of each column against the rest, from the N - 1 chi-square of the 2 x 2 table."""
    from scipy.special import erfc

    total = int(base.sum() + test.sum())
    scale = np.sqrt((total - 1) / total / 2) if total > 1 else 0.0
    return np.maximum(np.asarray(erfc(np.abs(residuals(base, test)) * scale), dtype=np.float64), SMALLEST_P)


def exact_p(base: IntArray, test: IntArray) -> FloatArray:
    """Two-sided p of each column against the rest, by Fisher's exact test: twice the smaller tail, at most 1."""
    n, m = int(base.sum()), int(test.sum())
    pvalue = np.ones(len(base))
    if n and m:
        from lagesbild.stats._shares_kernel import fisher

        fisher(base + test, test, n + m, m, pvalue)
    return np.maximum(pvalue, SMALLEST_P)


def _squares(base: IntArray, pooled: IntArray) -> float:
    used = pooled > 0
    return float(np.sum(base[used].astype(np.float64) ** 2 / pooled[used]))


def _chi_square(squares: float, n: int, m: int) -> float:
    """X² = N² / (n m) (Σ b² / (b + t) - n² / N), which orders tables as the sum alone does."""
    total = float(n + m)
    return max(total * total / (float(n) * m) * (squares - n * n / total), 0.0)


def drawn(counts: IntArray, size: int, seeds: UIntArray) -> IntArray:
    """How many of `size` events drawn without replacement lie in each column; one row for each seed."""
    total = int(counts.sum())
    if total > MOST_EVENTS:
        raise ValueError(f"At most {MOST_EVENTS} events can be dealt out. Got {total}.")
    rows = np.empty((len(seeds), len(counts)), dtype=np.int64)
    if total < EVENTS_PER_COLUMN * len(counts):
        from lagesbild.stats._shares_kernel import draw_events

        draw_events(counts, size, seeds, rows)
        return rows
    for at, seed in enumerate(seeds):
        random = np.random.Generator(np.random.PCG64(seed))
        rows[at] = random.multivariate_hypergeometric(counts, size, method="marginals")
    return rows


def _deal(pooled: IntArray, n: int, seeds: UIntArray) -> FloatArray:
    """Σ b² / (b + t) of each deal."""
    squares = drawn(pooled, n, seeds).astype(np.float64) ** 2
    return np.asarray(squares @ (1.0 / pooled), dtype=np.float64)
