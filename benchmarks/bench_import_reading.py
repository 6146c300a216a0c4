"""How long it takes to read and check a file of a million incidents, beside plain ``polars.read_csv`` of the same file.

The file is made here, out of a fixed seed: Swedish columns, dates with minutes, SWEREF 99 TM with decimal comma, and
one row in a thousand wrong. Processor seconds are all threads together; on a busy machine they say more than the clock.
Run: ``python benchmarks/bench_import_reading.py [rows]``.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

import numpy as np
import polars as pl
from django.conf import settings

if not settings.configured:
    settings.configure(USE_I18N=False)

from lagesbild.observations.importing import check, guess_mapping, read_table

Result = TypeVar("Result")
TYPES = ["Narkotikabrott", "Stöld/snatteri", "Misshandel", "Skadegörelse", "Rån", "Ofredande"]


def write_file(path: Path, n: int) -> None:
    rng = np.random.default_rng(20260228)
    minutes = pl.Series(rng.integers(0, 5 * 365 * 24 * 60, n))
    moment = pl.datetime(2021, 1, 1) + pl.duration(minutes=pl.col("minutes"))
    east, north = rng.uniform(667_000, 681_000, n).round(1), rng.uniform(6_574_000, 6_588_000, n).round(1)
    frame = pl.DataFrame({"minutes": minutes, "e": east, "n": north}).with_row_index("i")
    wrong = pl.col("i") % 1000 == 999
    frame.select(
        pl.concat_str(pl.lit("K-"), pl.col("i") + 1_000_000).alias("Ärendenr"),
        pl.Series(rng.choice(TYPES, n)).alias("Brottstyp"),
        pl.when(wrong).then(pl.lit("31 feb")).otherwise(moment.dt.to_string("%Y-%m-%d %H:%M")).alias("Brottsdatum"),
        pl.col("n").cast(pl.String).str.replace(".", ",", literal=True).alias("N"),
        pl.col("e").cast(pl.String).str.replace(".", ",", literal=True).alias("E"),
        pl.concat_str(pl.lit("Vasagatan "), pl.col("i") % 80).alias("Adress"),
        pl.lit("Patrull på plats, inget ytterligare att notera.").alias("Anteckning"),
    ).write_csv(path, separator=";")


def timed(label: str, call: Callable[[], Result]) -> tuple[Result, float]:
    started, worked = time.perf_counter(), time.process_time()
    result = call()
    seconds, processor = time.perf_counter() - started, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{label:<32} {seconds:8.2f} s   processor {processor:8.2f} s   peak so far {peak:7.0f} MB")
    return result, seconds


def main() -> None:
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "million.csv"
        write_file(path, n)
        print(f"{n:,} rows, {path.stat().st_size / 1e6:.0f} MB")
        _peer, plain = timed("polars.read_csv (peer)", lambda: pl.read_csv(path, separator=";"))
        del _peer
        raw, reading = timed("read_table", lambda: read_table(path))
        mapping, guessing = timed(
            "guess_mapping", lambda: guess_mapping(raw, time_zone="Europe/Stockholm", working_crs=3006)
        )
        result, checking = timed(
            "check",
            lambda: check(raw, mapping, working_crs=3006, time_zone="Europe/Stockholm", today=date(2026, 11, 22)),
        )
        total = reading + guessing + checking
        print(f"{'all':<32} {total:8.2f} s   {total / plain:.1f} times plain reading, {n / total:,.0f} rows/s")
        print(f"problems {result.problems.height:,}, good rows {result.frame.height:,}")


if __name__ == "__main__":
    main()
