"""Difference in differences, 999 random assignments of 1,000 areas and 104 weeks, beside a loop over statsmodels.

Run: python benchmarks/bench_effects.py [--quick]

The peer fits the Poisson regression treated x after by statsmodels' GLM on all area-weeks for every assignment; so many
as `PEER_FITS` of them are timed and the rest reckoned from these. Both must have the same ratio for the areas that are
treated, and for every assignment that the peer fits. Wall time is the best of five for us and the mean for the peer;
processor time is the mean for both. Growth with areas, the other methods, and memory follow.
"""

from __future__ import annotations

import argparse
import math
import time

import numpy as np
import numpy.typing as npt
import statsmodels.api as sm
from measuring import memory_mb, seconds

from lagesbild.stats import (
    before_after,
    difference_in_differences,
    interrupted_series,
    match_blocks,
    randomise,
    trial_effect,
)

WEEKS, PEER_FITS = 104, 10
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def panel(m: int) -> tuple[Ints, Bools]:
    rng = np.random.default_rng(1)
    treated = rng.permutation(m) < m // 4
    rate = np.repeat(rng.gamma(2, 1, m)[:, None], WEEKS, axis=1)
    rate[treated, WEEKS // 2 :] *= 0.9
    return rng.poisson(rate), treated


def fitted(counts: Ints, treated: Bools) -> float:
    """The peer's ratio."""
    m = len(counts)
    after = np.tile(np.arange(WEEKS) >= WEEKS // 2, m).astype(float)
    ours = np.repeat(treated, WEEKS).astype(float)
    design = np.column_stack([np.ones(m * WEEKS), ours, after, ours * after])
    return math.exp(sm.GLM(counts.ravel(), design, family=sm.families.Poisson()).fit().params[3])


def compare(m: int, *, n_replicates: int) -> None:
    counts, treated = panel(m)

    def ours() -> object:
        return difference_in_differences(counts, treated=treated, start=WEEKS // 2, n_replicates=n_replicates, rng=1)

    result = difference_in_differences(counts, treated=treated, start=WEEKS // 2, n_replicates=n_replicates, rng=1)
    busy = time.process_time()
    took = seconds(ours, repeats=5)
    our_busy = (time.process_time() - busy) / 5
    rng = np.random.default_rng(2)
    others = [rng.permutation(treated) for _ in range(PEER_FITS)]
    start, busy = time.perf_counter(), time.process_time()
    theirs = [fitted(counts, each) for each in others]
    peer = (time.perf_counter() - start) / PEER_FITS * n_replicates
    peer_busy = (time.process_time() - busy) / PEER_FITS * n_replicates
    same = math.isclose(fitted(counts, treated), result.ratio or 0, rel_tol=1e-6) and all(
        math.isclose(each, crossed(counts, chosen), rel_tol=1e-6) for each, chosen in zip(theirs, others, strict=True)
    )
    print(f"{m:,} areas, {WEEKS} weeks, {n_replicates} assignments: ratio {result.ratio:.4f}, p {result.pvalue:.3f}")
    print(f"  ours                {took:10.4f} s ({our_busy:.4f} s processor)   memory {memory_mb(ours):.1f} MB")
    print(f"  statsmodels, loop   {peer:10.1f} s ({peer_busy:.1f} s processor; from {PEER_FITS} fits)")
    print(f"  same answer         {'yes' if same else 'NO'}")
    print(f"  times faster        {peer / took:10,.0f} ({peer_busy / our_busy:,.0f} in processor time)\n")


def crossed(counts: Ints, treated: Bools) -> float:
    half = WEEKS // 2
    a, b = counts[treated, half:].sum(), counts[treated, :half].sum()
    c, d = counts[~treated, half:].sum(), counts[~treated, :half].sum()
    return float(a / b / (c / d))


def growth(sizes: tuple[int, ...]) -> None:
    print("Growth (ours, 999 assignments):")
    for m in sizes:
        counts, treated = panel(m)
        took = seconds(
            lambda c=counts, t=treated: difference_in_differences(c, treated=t, start=52, rng=1),  # type: ignore[misc]
            repeats=3,
        )
        print(f"  {m:>8,} areas {took:9.4f} s")


def others() -> None:
    rng = np.random.default_rng(3)
    weeks, places = rng.poisson(9, 260), [str(at) for at in range(56)]
    points = rng.lognormal(0, 0.7, (56, 2))
    block = match_blocks(points).block
    draw = randomise(places, block=block, seed=1).treated
    after, before = rng.poisson(20, 56), rng.poisson(20, 56)
    print("\nOthers (ours):")
    for name, work in (
        ("before and after, 260 weeks", lambda: before_after(weeks[:156], weeks[156:])),
        ("interrupted series, 260 weeks", lambda: interrupted_series(weeks, start=156, season_length=52.18)),
        ("pairs of 56 places", lambda: match_blocks(points)),
        ("pairs of 1,000 places", lambda: match_blocks(np.random.default_rng(4).normal(size=(1000, 2)))),
        ("draw of 56 places", lambda: randomise(places, block=block, seed=1)),
        (
            "trial of 56 places, 9,999 draws",
            lambda: trial_effect(after, treated=draw, block=block, baseline=before, rng=1),
        ),
    ):
        print(f"  {name:34} {seconds(work, repeats=3):9.4f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="100 areas beside statsmodels, growth to 10,000")
    quick = parser.parse_args().quick
    compare(100, n_replicates=99)
    if not quick:
        compare(1_000, n_replicates=999)
    growth((1_000, 10_000) if quick else (1_000, 10_000, 100_000))
    others()


if __name__ == "__main__":
    main()
