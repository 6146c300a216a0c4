"""The incident store at 1,000,000 and 5,000,000 incidents: commits and the questions that a picture asks.

Run: python benchmarks/bench_store.py [--rows 1000000 5000000]

Incidents are spread over five years, three sources, forty types and a city of 40 by 40 km with 300 centres. Each
question is asked through `Question.events`, as the pages do; the time is the best of three, all columns the answer
needs collected. Questions open the table anew each time.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl


def incidents(n: int, *, first: int = 0, seed: int = 1) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    centres = rng.uniform(2_000, 38_000, (300, 2)) + np.array([650_000, 6_560_000])
    points = centres[rng.integers(0, 300, n)] + rng.normal(0, 400, (n, 2))
    when = np.datetime64("2020-01-01T00:00:00.000000") + rng.integers(0, 5 * 365 * 1440, n).astype("timedelta64[m]")
    return pl.DataFrame(
        {
            "source_id": pl.int_range(first, first + n, eager=True).cast(pl.String),
            "source_type": np.array([f"Typ {k:02d}" for k in range(40)])[rng.integers(0, 40, n)],
            "occurred_from": pl.Series(when).cast(pl.Datetime("us")).dt.replace_time_zone("UTC"),
            "x": points[:, 0],
            "y": points[:, 1],
            "area_1": rng.integers(1, 6_000, n).astype(np.int32),
        }
    ).with_columns(
        occurred_to=pl.lit(None, pl.Datetime("us", "UTC")),
        time_precision=pl.lit("minute"),
        local_date=pl.col("occurred_from").dt.date(),
        local_hour=pl.col("occurred_from").dt.hour(),
        reported_at=pl.lit(None, pl.Datetime("us", "UTC")),
        precision=pl.lit("exact"),
        area_name=pl.lit(None, pl.String),
        place_text=pl.format("Gatan {}", pl.col("area_1")),
        note=pl.lit(None, pl.String),
        source_url=pl.lit(None, pl.String),
    )


def best(work: Callable[[], object], *, repeats: int = 3) -> float:
    took = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        took.append(time.perf_counter() - start)
    return min(took)


def once(work: Callable[[], object]) -> float:
    return best(work, repeats=1)


def say(what: str, seconds: float, note: str = "") -> None:
    print(f"  {what:<58} {seconds * 1000:9.0f} ms  {note}", flush=True)


def questions(n_rows: int) -> None:
    from lagesbild.observations.categories import CategoryMapping, CategoryNode
    from lagesbild.observations.filters import EventFilter
    from lagesbild.observations.listings import incident_page
    from lagesbild.observations.questions import PlaceShape, Question, point_events

    sources = ("a", "b", "c")
    pairs = tuple((source, f"Typ {k:02d}", f"k{k // 4}") for source in sources for k in range(40))
    mapping = CategoryMapping(tuple(CategoryNode(f"k{k}", f"K{k}", "", None, "mixed") for k in range(10)), pairs)
    year = {"from_on": date(2024, 1, 1), "to_on": date(2025, 1, 1)}

    def ask(**filters: object) -> Question:
        return Question("bench", EventFilter(**filters), sources, mapping)  # type: ignore[arg-type]

    def points(question: Question) -> pl.DataFrame:
        return point_events(question.events()).select("x", "y").collect()

    def profile(question: Question) -> pl.DataFrame:
        day = pl.col("local_date").dt.weekday().alias("weekday")
        return question.events().group_by(day, "local_hour").len().collect()

    one = ask(categories=frozenset({"k3"}), **year)
    say("points of one category and year", best(lambda: points(one)), f"{points(one).height:,} points")
    say(
        "points of all categories, one year",
        best(lambda: points(ask(**year))),
        f"{points(ask(**year)).height:,} points",
    )
    say("points of everything", best(lambda: points(ask())))
    say("hour by weekday of everything", best(lambda: profile(ask())))
    say("hour by weekday of one category and year", best(lambda: profile(one)))
    say(
        "incidents per day and category of everything",
        best(lambda: mapping.with_category(ask().events()).group_by("local_date", "category").len().collect()),
    )
    say(
        "incidents per area, two years",
        best(
            lambda: (
                ask(from_on=date(2023, 1, 1), to_on=date(2025, 1, 1))
                .events()
                .group_by("area_1", pl.col("local_date").dt.year())
                .len()
                .collect()
            )
        ),
    )
    area = Question("bench", EventFilter(**year), sources, mapping, areas=(("area_1", (5, 6, 7)),))  # type: ignore[arg-type]
    say("points of three areas, one year", best(lambda: points(area)), f"{points(area).height:,} points")
    circle = Question(
        "bench",
        EventFilter(**year),
        sources,
        mapping,
        place=PlaceShape("p", 670_000, 6_580_000, 500.0, ""),  # type: ignore[arg-type]
    )
    say("points within 500 m of a place, one year", best(lambda: points(circle)), f"{points(circle).height:,} points")
    say("first page of the list of everything", best(lambda: incident_page(ask(), 1)))
    say("page 200 of the list of everything", best(lambda: incident_page(ask(), 200)))
    assert ask().events().select(pl.len()).collect().item() == n_rows


def bench(n_rows: int) -> None:
    from django.conf import settings

    from lagesbild.observations.store import IncidentStore

    with tempfile.TemporaryDirectory() as name:
        settings.DATA_DIR = Path(name)
        store = IncidentStore("bench")
        share = n_rows // 10
        sizes = {"a": 6 * share, "b": 3 * share, "c": share}
        print(f"\n{n_rows:,} incidents, {os.cpu_count()} cores")
        frames = {source: incidents(n, seed=ord(source)) for source, n in sizes.items()}
        took = sum(
            once(lambda s=source, b=batch: store.commit(frames[s], source=s, batch_id=b))  # type: ignore[misc]
            for batch, source in enumerate(sizes, start=1)
        )
        disk = sum(path.stat().st_size for path in store.path.rglob("*.parquet")) / 1e6
        say(
            "commit of everything, three sources",
            took,
            f"{n_rows / took / 1e3:,.0f} thousand rows/s, {disk:.0f} MB on disk",
        )
        say(
            "the largest source again: nothing changed", once(lambda: store.commit(frames["a"], source="a", batch_id=9))
        )
        questions(n_rows)
        new = incidents(20_000, first=10**8, seed=5).filter(pl.col("local_date").dt.year() == 2024)
        say(
            "20,000 rows of which a fifth (one year) kept, all new",
            once(lambda: store.commit(new, source="a", batch_id=10)),
        )
        changed = frames["a"].filter(pl.col("local_date").dt.year() == 2024).head(20_000).with_columns(note=pl.lit("x"))
        say("20,000 changed rows of one year", once(lambda: store.commit(changed, source="a", batch_id=11)))
        spread = frames["a"].gather_every(max(1, frames["a"].height // 20_000)).with_columns(note=pl.lit("y"))
        say("20,000 changed rows over five years", once(lambda: store.commit(spread, source="a", batch_id=12)))
        say("areas of everything checked, nothing to change", once(lambda: store.reassign(lambda rows: rows.select())))
        say("areas of everything found anew and written", once(lambda: store.reassign(moved)))
        say("compaction", once(store.compact))


def moved(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(area_1=(pl.col("x") // 500).cast(pl.Int32))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, nargs="*", default=[1_000_000, 5_000_000])
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lagesbild.settings")
    with tempfile.TemporaryDirectory() as name:
        os.environ["LAGESBILD_DATA_DIR"] = name
        import django

        django.setup()
        for n_rows in options.rows:
            bench(n_rows)


if __name__ == "__main__":
    main()
