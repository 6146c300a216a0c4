"""Import of a CSV of 1,000,000 incidents end to end, beside plain Polars and GeoPandas.

Run: python benchmarks/bench_import.py [--rows 1000000]

Ours reads, checks every row, projects from WGS 84 to SWEREF 99 TM, assigns to about 6,000 areas, compares with what is
stored and commits, through the same actions as the page and the command line. The peer only reads the columns
(``polars.read_csv``), projects and joins (``geopandas.sjoin``): no checks, no store. Each runs in a process of its own;
memory is the most that the process held, and what it holds before it starts is shown beside it. Then ours once more:
the same file (nothing changes), and a file in which 20,000 rows have changed.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt

N_AREAS = 6_000
WEST, SOUTH, EAST, NORTH = 17.8, 59.2, 18.3, 59.5  # central Stockholm, degrees
KINDS = ["Skadegörelse", "Narkotikabrott", "Misshandel", "Stöld", "Ofredande", "Rån", "Olovlig körning", "Brand"]


def write_csv(path: Path, n: int, *, changed: int = 0) -> None:
    import polars as pl

    rng = np.random.default_rng(7)
    minutes = rng.integers(0, 3 * 365 * 1440, n)
    # no times in the hour that does not exist: 02-03 is left out
    minutes = np.where((minutes % 1440) // 60 == 2, minutes + 60, minutes)
    when = np.datetime64("2023-01-01T00:00:00.000000") + minutes.astype("timedelta64[m]")
    frame = pl.DataFrame(
        {
            "Ärendenr": np.arange(n),
            "Händelse": np.array(KINDS)[rng.integers(0, len(KINDS), n)],
            "Tidpunkt": pl.Series(when).dt.to_string("%Y-%m-%d %H:%M"),
            "Latitud": np.round(rng.uniform(SOUTH, NORTH, n), 6),
            "Longitud": np.round(rng.uniform(WEST, EAST, n), 6),
            "Plats": [f"Gatan {k % 5000}" for k in range(n)],
        }
    )
    if changed:
        which = pl.Series(np.arange(n) < changed)
        frame = frame.with_columns(Plats=pl.when(which).then(pl.lit("Rättad plats")).otherwise("Plats"))
    frame.write_csv(path, separator=";")


def write_areas(path: Path) -> None:
    """A Voronoi division of the ground, so that neighbours share their borders."""
    import pyogrio.raw
    import shapely

    rng = np.random.default_rng(3)
    points = shapely.multipoints(
        np.column_stack([rng.uniform(WEST, EAST, N_AREAS), rng.uniform(SOUTH, NORTH, N_AREAS)])
    )
    ground = shapely.box(WEST - 0.01, SOUTH - 0.01, EAST + 0.01, NORTH + 0.01)
    cells = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=ground))
    cells = shapely.intersection(cells, ground)
    codes: npt.NDArray[np.object_] = np.array([f"A{k:05d}" for k in range(len(cells))], dtype=object)
    pyogrio.raw.write(
        path,
        shapely.to_wkb(cells),
        [codes, codes],
        ["kod", "namn"],
        geometry_type="Polygon",
        crs="EPSG:4326",
        driver="GPKG",
    )


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def peer(csv: Path, areas: Path) -> dict[str, float]:
    import geopandas
    import polars as pl

    polygons = geopandas.read_file(areas).to_crs(3006)
    before = peak_mb()
    start, cpu = time.perf_counter(), time.process_time()
    frame = pl.read_csv(csv, separator=";", try_parse_dates=True)
    read_s = time.perf_counter() - start
    points = geopandas.GeoDataFrame(
        {"id": frame["Ärendenr"].to_numpy()},
        geometry=geopandas.points_from_xy(frame["Longitud"].to_numpy(), frame["Latitud"].to_numpy()),
        crs=4326,
    ).to_crs(3006)
    joined = geopandas.sjoin(points, polygons, how="left", predicate="within")
    total_s, cpu_s = time.perf_counter() - start, time.process_time() - cpu
    assert joined["kod"].notna().mean() > 0.999
    return {"read": read_s, "total": total_s, "cpu": cpu_s, "before_mb": before, "peak_mb": peak_mb()}


def ours(csv: Path, areas: Path, changed: Path) -> dict[str, object]:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from lagesbild.accounts import actions as accounts
    from lagesbild.observations import actions, imports
    from lagesbild.observations.content_hash import content_hash
    from lagesbild.places.actions import import_areas

    collaboration = accounts.ensure_collaboration("bench", name="Bench", actor=None)
    owner = accounts.ensure_organisation(collaboration, "bench", name="Bench", actor=None)
    import_areas(
        collaboration, owner, slug="areas", name="Areas", file=areas, source="bench", valid_from=None,
        code_field="kod", name_field="namn", accept_repairs=True, actor=None,
    )  # fmt: skip
    source = actions.ensure_source(owner, "bench", name="Bench", actor=None)
    import polars as pl

    content_hash(pl.DataFrame({"x": ["compiled before the clock starts"]}), ["x"])
    before = peak_mb()
    stages: dict[str, float] = {}

    def run(path: Path) -> tuple[float, float, object]:
        stages.clear()
        last = ["", time.perf_counter()]

        def progress(_done: int, _total: int, stage: str) -> None:
            now = time.perf_counter()
            if last[0]:
                stages[str(last[0])] = stages.get(str(last[0]), 0) + now - float(last[1])
            last[:] = [stage, now]

        start, cpu = time.perf_counter(), time.process_time()
        batch = imports.import_file(source, path, actor=None, progress=progress)
        now = time.perf_counter()
        stages[str(last[0])] = stages.get(str(last[0]), 0) + now - float(last[1])
        return now - start, time.process_time() - cpu, batch

    first_s, cpu_s, batch = run(csv)
    told = {"total": first_s, "cpu": cpu_s, "stages": dict(stages), "before_mb": before, "peak_mb": peak_mb()}
    told["added"] = batch.n_added  # type: ignore[attr-defined]
    again_s, _cpu_s, batch = run(csv)
    told |= {"again": again_s, "unchanged": batch.n_unchanged}  # type: ignore[attr-defined]
    update_s, _cpu_s, batch = run(changed)
    told |= {"update": update_s, "updated": batch.n_updated, "peak_all_mb": peak_mb()}  # type: ignore[attr-defined]
    return told


def in_process(what: str, folder: Path) -> dict[str, object]:
    environment = {
        **os.environ,
        "LAGESBILD_DATA_DIR": str(folder / "data"),
        "DJANGO_SETTINGS_MODULE": "lagesbild.settings",
    }
    done = subprocess.run(
        [sys.executable, __file__, "--part", what, "--folder", str(folder)],
        env=environment, stdout=subprocess.PIPE, check=True, text=True,
    )  # fmt: skip
    answer: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return answer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--part", choices=["ours", "peer"])
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    if options.part:
        files = options.folder / "a.csv", options.folder / "areas.gpkg"
        print(json.dumps(ours(*files, options.folder / "b.csv") if options.part == "ours" else peer(*files)))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_csv(folder / "a.csv", options.rows)
        write_csv(folder / "b.csv", options.rows, changed=20_000)
        write_areas(folder / "areas.gpkg")
        size_mb = (folder / "a.csv").stat().st_size / 1e6
        print(f"{options.rows:,} rows, {size_mb:.0f} MB of CSV, {N_AREAS:,} areas, {os.cpu_count()} cores")
        theirs = in_process("peer", folder)
        mine = in_process("ours", folder)
    tell(mine, theirs)


def tell(mine: dict[str, object], theirs: dict[str, object]) -> None:
    print(f"  polars.read_csv + geopandas.sjoin   {theirs['total']:7.1f} s  CPU {theirs['cpu']:5.1f} s            "
          f"   peak {theirs['peak_mb']:5.0f} MB, {theirs['before_mb']:.0f} MB before")  # fmt: skip
    ratio = mine["total"] / theirs["total"]  # type: ignore[operator]
    print(f"  Lagesbild, end to end               {mine['total']:7.1f} s   CPU {mine['cpu']:5.1f} s   ratio {ratio:.2f}"
          f"   peak {mine['peak_mb']:5.0f} MB, {mine['before_mb']:.0f} MB before")  # fmt: skip
    for stage, took in mine["stages"].items():  # type: ignore[attr-defined]
        print(f"      {stage:<33} {took:6.1f} s")
    print(f"  the same file again                 {mine['again']:7.1f} s   ({mine['unchanged']:,} unchanged)")
    print(f"  a file with 20,000 changed rows     {mine['update']:7.1f} s   ({mine['updated']:,} updated)"
          f"   peak {mine['peak_all_mb']:5.0f} MB")  # fmt: skip


if __name__ == "__main__":
    main()
