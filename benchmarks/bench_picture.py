"""The whole picture at 1,000,000 and 5,000,000 incidents: page data, map payload, queries, memory.

Run: python benchmarks/bench_picture.py [--rows 1000000 5000000]

Incidents are spread over five years and Stockholm's 419 real basområden (the example world's), gathered at 300
centres; a tenth are time intervals. Each question is asked through the door that the page uses: first with nothing kept
(the whole computing), then again (from what is kept). The first run of all, which loads the libraries, is not
counted. Needs no network and leaves nothing behind. The peak of memory includes making the data.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import tempfile
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

ROOT = Path(__file__).resolve().parent.parent
QUESTIONS = {
    "half a year, beside the year before": "from=2024-07-01&to=2024-12-31",
    "one category, half a year": "from=2024-07-01&to=2024-12-31&category=k3",
    "one category, a year, nights": "from=2024-01-01&to=2024-12-31&category=k3&hour=22-4",
    "one district, a year": "from=2024-01-01&to=2024-12-31&area={area}",
    "two years, beside the two before": "from=2023-01-01&to=2024-12-31",
    "all five years": "from=2020-01-01&to=2024-12-31&compare=none",
}


def incidents(n: int, *, index: Any, seed: int = 1) -> pl.DataFrame:
    """Points within the areas, round 300 centres, with the hours of a city."""
    rng = np.random.default_rng(seed)
    labels = np.array([[shape.centroid.x, shape.centroid.y] for shape in index.geometries])
    centres = labels[rng.integers(0, len(labels), 300)]
    weights = rng.pareto(1.2, 300) + 0.2
    points = centres[rng.choice(300, n, p=weights / weights.sum())] + rng.normal(0, 350, (n, 2))
    days = rng.integers(0, 5 * 365, n)
    hours = (rng.normal(19, 5, n) % 24).astype(np.int64)
    when = np.datetime64("2020-01-01T00:00:00.000000") + (days * 86_400 + hours * 3_600).astype("timedelta64[s]")
    length = np.where(rng.random(n) < 0.1, rng.integers(1, 12, n) * 3_600, 0)
    start = pl.Series(when).cast(pl.Datetime("us"))
    end = pl.Series(when + length.astype("timedelta64[s]")).cast(pl.Datetime("us"))
    return pl.DataFrame(
        {
            "source_id": pl.int_range(0, n, eager=True).cast(pl.String),
            "source_type": np.array([f"Typ {k:02d}" for k in range(40)])[rng.integers(0, 40, n)],
            "occurred_from": start.dt.replace_time_zone("UTC"),
            "occurred_to": end.dt.replace_time_zone("UTC"),
            "x": points[:, 0],
            "y": points[:, 1],
            index.column: index.assign(points[:, 0], points[:, 1]),
        }
    ).with_columns(
        time_precision=pl.lit("minute"),
        local_date=pl.col("occurred_from").dt.date(),
        local_hour=pl.col("occurred_from").dt.hour(),
        reported_at=pl.lit(None, pl.Datetime("us", "UTC")),
        precision=pl.lit("exact"),
        area_name=pl.lit(None, pl.String),
        place_text=pl.lit(None, pl.String),
        note=pl.lit(None, pl.String),
        source_url=pl.lit(None, pl.String),
    )


def ground() -> tuple[Any, Any]:
    """A collaboration with the real areas, ten categories and one source; and its area index."""
    from lagesbild.accounts import actions as accounts
    from lagesbild.observations.models import Category, Source, TypeMapping
    from lagesbild.places import queries as places
    from lagesbild.places.actions import import_areas

    collaboration = accounts.ensure_collaboration("bench", name="Bench", actor=None)
    owner = accounts.ensure_organisation(collaboration, "kommunen", name="Kommunen", actor=None)
    import_areas(
        collaboration,
        owner,
        slug="basomraden",
        name="Basområden",
        file=ROOT / "examples/klara/basomraden.gpkg",
        source="CC0",
        valid_from=None,
        code_field="code",
        name_field="name",
        accept_repairs=True,
        actor=None,
    )
    from lagesbild.core import clock

    source = Source.objects.create(
        collaboration=collaboration, owner=owner, slug="s", name="Källa", created_at=clock.now()
    )
    for k in range(10):
        category = Category.objects.create(collaboration=collaboration, code=f"k{k}", name=f"Kategori {k}")
        for each in range(4 * k, 4 * k + 4):
            TypeMapping.objects.create(source=source, source_type=f"Typ {each:02d}", category=category)
    (index,) = places.area_columns(collaboration).values()
    return collaboration, index


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    start = time.perf_counter()
    answer = work()
    return answer, time.perf_counter() - start


def ask(collaboration: Any, query: str) -> Any:
    from django.http import QueryDict

    from lagesbild.picture import answer
    from lagesbild.picture.asking import Ask

    return answer.answer(answer.prepare(collaboration, None, Ask.from_query(QueryDict(query))), None)


def measure(collaboration: Any, name: str, query: str) -> None:
    from django.db import connection, reset_queries

    from lagesbild.picture import kept
    from lagesbild.picture.maps import map_parts

    for path in kept.folder("pictures").glob("*"):
        path.unlink()
    reset_queries()
    busy = time.process_time()
    first, cold = timed(lambda: ask(collaboration, query))
    busy = time.process_time() - busy
    queries = len(connection.queries)
    _again, warm = timed(lambda: ask(collaboration, query))
    payload = json.dumps(map_parts(first.content, None)).encode()
    spots = len(first.content.hot_spots.spots) if first.content.hot_spots else 0
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    facts = [
        f"  {name:<38} {first.content.totals.n:>10,} events",
        f"computed {cold * 1000:5.0f} ms (processor {busy * 1000:5.0f} ms)",
        f"kept {warm * 1000:4.0f} ms",
        f"{queries} queries",
        f"map {len(payload) / 1000:4.0f} kB, packed {len(zlib.compress(payload)) / 1000:.0f}",
        f"{spots} hot spots",
        f"peak {memory:,.0f} MB",
    ]
    print("  ".join(facts), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, nargs="*", default=[1_000_000, 5_000_000])
    sizes = parser.parse_args().rows
    for rows in sizes:
        with tempfile.TemporaryDirectory() as folder:
            os.environ |= {"LAGESBILD_DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "lagesbild.settings"}
            if os.fork() == 0:  # each size in a process of its own, so that its memory is its own
                run(rows)
                os._exit(0)
            os.wait()


def run(rows: int) -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from lagesbild.observations.store import IncidentStore
    from lagesbild.picture import answer
    from lagesbild.places.models import Area

    call_command("migrate", verbosity=0)
    settings.DEBUG = True  # counts queries
    collaboration, index = ground()
    _commit, took = timed(lambda: IncidentStore("bench").commit(incidents(rows, index=index), source="s", batch_id=1))
    print(f"{rows:,} incidents stored in {took:.1f} s", flush=True)
    ask(collaboration, "from=2024-12-01&to=2024-12-31")
    for path in (settings.DATA_DIR / "kept" / "coverage").glob("*"):
        path.unlink()
    prepared, took = timed(lambda: answer.prepare(collaboration, None, _ask()))
    print(f"  {'what the data covers (once per data version)':<60} {took * 1000:6.0f} ms", flush=True)
    area = Area.objects.order_by("-area_m2")[40].pk
    for name, query in QUESTIONS.items():
        measure(collaboration, name, query.format(area=area))
    del prepared


def _ask() -> Any:
    from django.http import QueryDict

    from lagesbild.picture.asking import Ask

    return Ask.from_query(QueryDict("from=2024-12-01&to=2024-12-31"))


if __name__ == "__main__":
    main()
