"""Hours of 1,000,000 events: profile, mean time and shift, beside pandas, SciPy and plain NumPy.

Run: python benchmarks/bench_profiles.py [--quick]

First the answers are compared, then the times. Each time is the best of several runs in this process. Peers that take
long are run in part, and the line says so: permutations on 10 of 999, intervals in pandas on 100,000 events.
"""

from __future__ import annotations

import argparse
import os
import time

import numpy as np
import numpy.typing as npt
from measuring import memory_mb, seconds

from lagesbild.stats import hour_shift, hour_weekday_profile, mean_time

Seconds = npt.NDArray[np.int64]
HOUR, DAY, WEEK = 3_600, 86_400, 604_800
N, N_PART, N_REPLICATES, N_PERMUTED = 1_000_000, 100_000, 999, 10


def events(n: int) -> tuple[Seconds, Seconds, npt.NDArray[np.bool_]]:
    """Evenings of three years, each somewhere in an interval of up to eight hours, and which of them are late."""
    rng = np.random.default_rng(1)
    start = (rng.normal(19, 4, n) * HOUR).astype(np.int64) + rng.integers(0, 1_095, n) * DAY + 20_089 * DAY
    return start, start + rng.integers(0, 8 * HOUR, n), rng.random(n) < 0.4


def pandas_profile(start: Seconds) -> npt.NDArray[np.int64]:
    import pandas as pd

    moments = pd.Series(start.astype("datetime64[s]"))
    counts = moments.groupby([moments.dt.day_of_week, moments.dt.hour]).size()
    return counts.unstack(fill_value=0).reindex(index=range(7), columns=range(24), fill_value=0).to_numpy()


def pandas_intervals(start: Seconds, end: Seconds) -> npt.NDArray[np.float64]:
    """One row for every hour that an interval touches, then a sum for each hour of the week."""
    import pandas as pd

    last = np.maximum(end, start + 1)
    hours = [np.arange(a // HOUR, (b - 1) // HOUR + 1) for a, b in zip(start, last, strict=True)]
    frame = pd.DataFrame({"start": start, "end": last, "hour": hours}).explode("hour")
    hour = frame["hour"].astype("int64")
    overlap = np.minimum(frame["end"], (hour + 1) * HOUR) - np.maximum(frame["start"], hour * HOUR)
    share = overlap / (frame["end"] - frame["start"])
    total = share.groupby((hour + 72) % 168).sum().reindex(range(168), fill_value=0)
    return np.asarray(total, dtype=np.float64).reshape(7, 24)


def permuted(start: Seconds, late: npt.NDArray[np.bool_], n_replicates: int) -> list[float]:
    """Chi-square of the hours with labels shuffled, as one writes it in NumPy."""
    rng, hour = np.random.default_rng(2), start // HOUR % 24
    total, share = np.bincount(hour, minlength=24), late.mean()
    out = []
    for _ in range(n_replicates):
        after = np.bincount(hour[rng.permutation(late)], minlength=24)
        out.append(float(((after - share * total) ** 2 / (share * (1 - share) * total)).sum()))
    return out


def row(name: str, took_s: float, ours_s: float, note: str = "") -> None:
    print(f"  {name:<52} {took_s:10.4f} s {took_s / ours_s:9.1f} x  {note}")


def compare_answers(start: Seconds, end: Seconds, late: npt.NDArray[np.bool_]) -> None:
    from scipy.stats import chi2_contingency, circmean

    print("Same answers?")
    print("  profile, points:   ", np.array_equal(hour_weekday_profile(start).hours, pandas_profile(start)))
    part, until = start[:N_PART], end[:N_PART]
    gap = np.abs(hour_weekday_profile(part, until).hours - pandas_intervals(part, until)).max()
    print(f"  profile, intervals: largest difference {gap:.1e} of {N_PART:,}")
    mean = circmean(start % DAY, high=DAY) / HOUR
    print(f"  mean time:          {mean_time(start).mean_hour:.9f} and {mean:.9f}")
    shift = hour_shift(start, is_after=late, n_replicates=9, rng=1)
    table = np.stack([shift.before, shift.after])
    print(f"  chi-square:         {shift.chi_square:.9f} and {chi2_contingency(table, correction=False).statistic:.9f}")


def compare_times(start: Seconds, end: Seconds, late: npt.NDArray[np.bool_], *, quick: bool) -> None:
    from scipy.stats import circmean

    print(f"\nHour and weekday, {N:,} moments:")
    ours = seconds(lambda: hour_weekday_profile(start), repeats=5)
    row("ours", ours, ours, f"{memory_mb(lambda: hour_weekday_profile(start)):.0f} MB")
    row("pandas groupby", seconds(lambda: pandas_profile(start), repeats=3), ours)
    print(f"\nHour and weekday, {N:,} intervals:")
    ours = seconds(lambda: hour_weekday_profile(start, end), repeats=5)
    row("ours", ours, ours, f"{memory_mb(lambda: hour_weekday_profile(start, end)):.0f} MB")
    took = seconds(lambda: pandas_intervals(start[:N_PART], end[:N_PART]), repeats=1) * (N / N_PART)
    row("pandas explode", took, ours, f"{N_PART:,} events, multiplied by {N // N_PART}")
    print(f"\nMean time of day, {N:,}:")
    ours = seconds(lambda: mean_time(start), repeats=5)
    row("ours, moments: mean, limits and test", ours, ours, f"{memory_mb(lambda: mean_time(start)):.0f} MB")
    row("ours, intervals", seconds(lambda: mean_time(start, end), repeats=3), ours)
    row("scipy.stats.circmean: the mean alone", seconds(lambda: circmean(start % DAY, high=DAY), repeats=3), ours)
    print(f"\nShift of the hour profile, {N:,}, {N_REPLICATES} random divisions:")
    how = {"is_after": late, "n_replicates": N_REPLICATES, "rng": 1}
    ours = seconds(lambda: hour_shift(start, **how), repeats=3)  # type: ignore[arg-type]
    row("ours, moments", ours, ours)
    took = seconds(lambda: permuted(start, late, N_PERMUTED), repeats=1) * (N_REPLICATES / N_PERMUTED)
    row("NumPy permutations", took, ours, f"{N_PERMUTED} divisions, multiplied by {N_REPLICATES / N_PERMUTED:.1f}")
    if not quick:
        begun = time.process_time()
        took = seconds(lambda: hour_shift(start, end, **how), repeats=1)  # type: ignore[arg-type]
        row("ours, intervals", took, ours, f"{time.process_time() - begun:.1f} s processor")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="leave out the shift of intervals")
    arguments = parser.parse_args()
    start, end, late = events(N)
    compare_answers(start, end, late)
    compare_times(start, end, late, quick=arguments.quick)
    print(f"\nLoad of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
