"""The yearly report of the example world Klara: content, PDF, Word, JSON; queries and memory. Goal: PDF under 5 s.

Run: python benchmarks/bench_report.py [--runs 3]

The world's parties, figures, goals and report are loaded first (no incidents, which the report does not read). The
first run loads fonts and libraries and is told apart. There is no peer: nothing else makes the same report. Needs no
network and leaves nothing behind.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from collections.abc import Callable
from typing import Any

YEAR = 2019


def load() -> Any:
    """The report of Klara, in a database of its own."""
    from lagesbild.publications import queries
    from lagesbild.worlds import load_forums, load_goals, load_observations, load_reports, load_scenes
    from lagesbild.worlds.actions import load_parties
    from lagesbild.worlds.description import read_world, worlds_folder

    world = read_world(worlds_folder() / "klara")
    collaboration, organisations = load_parties(world)
    owner = organisations[world.collaboration.owner]
    load_observations.load_figures(world, collaboration, owner, organisations)
    load_scenes.load(world, collaboration, owner)
    load_goals.load(world, collaboration, owner, organisations)
    load_forums.load(world, collaboration)
    load_reports.load(world, owner)
    return queries.report_of(collaboration, YEAR)


def timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """What was made, wall time and processor time."""
    start, busy = time.perf_counter(), time.process_time()
    made = work()
    return made, time.perf_counter() - start, time.process_time() - busy


def measure(report: Any, runs: int) -> None:
    from django.db import connection, reset_queries

    from lagesbild.core import clock
    from lagesbild.core.documents import render_pdf, render_word
    from lagesbild.goals.readers import reader_for
    from lagesbild.publications import content
    from lagesbild.publications.building import build, data_of
    from lagesbild.publications.rendering import make_document

    reader = reader_for(report.owner)

    def document() -> Any:
        return make_document(build(report, reader, language="sv"), made_at=clock.now())

    reset_queries()
    made = build(report, reader, language="sv")
    n_queries = len(connection.queries)
    numbers = content.numbers(made)
    assert numbers, "the report has numbers"
    assert all(each.trace for each in numbers), "and each of them has a trace"
    print(f"{len(numbers)} numbers, each with its trace; {n_queries} queries")
    works: dict[str, Callable[[], Any]] = {
        "content": lambda: build(report, reader, language="sv"),
        "PDF, content included": lambda: render_pdf(document()),
        "Word, content included": lambda: render_word(document()),
        "JSON of goals and figures": lambda: data_of(reader, YEAR),
    }
    for name, work in works.items():
        _made, first, _busy = timed(work)
        again = [timed(work) for _ in range(runs)]
        size = f", {len(again[0][0]) / 1000:.0f} kB" if isinstance(again[0][0], bytes) else ""
        best, busy = min(each[1] for each in again), min(each[2] for each in again)
        print(f"{name}: first {first:.2f} s, then {best:.2f} s ({busy:.2f} s processor){size}")
    print(f"peak of memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(DJANGO_SETTINGS_MODULE="lagesbild.settings", LAGESBILD_DATA_DIR=folder)
        import django
        from django.conf import settings

        django.setup()
        settings.DEBUG = True  # so that queries are counted
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        measure(load(), arguments.runs)


if __name__ == "__main__":
    main()
