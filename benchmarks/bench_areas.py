"""Which area each of a million points lies in, beside geopandas.sjoin and Shapely's tree, in the same run.

    python -m benchmarks.bench_areas [--points 1000000] [--areas 6000]

About as many areas as Sweden has DeSO, each border with some 170 vertices; prints seconds and the ratio to the peer.
The answers are compared.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Any

import geopandas
import numpy as np
import shapely

from lagesbild.places.assignment import build_index

SIDE_M = 100_000


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    answer = work()
    return time.perf_counter() - began, answer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--points", type=int, default=1_000_000)
    parser.add_argument("--areas", type=int, default=6_000)
    options = parser.parse_args()
    rng = np.random.default_rng(1)
    seeds = shapely.multipoints(rng.uniform(0, SIDE_M, (options.areas, 2)))
    cells = shapely.segmentize(shapely.get_parts(shapely.voronoi_polygons(seeds)), 50)
    x, y = rng.uniform(0, SIDE_M, (2, options.points))
    codes = [f"{number:05d}" for number in range(len(cells))]
    print(
        f"{options.points:,} points, {len(cells):,} areas, {int(shapely.get_num_coordinates(cells).sum()):,} vertices"
    )

    build_s, index = timed(
        lambda: build_index(
            area_set_id=1,
            version_id=1,
            parent_set_id=None,
            ids=range(1, len(cells) + 1),
            codes=codes,
            names=codes,
            aliases=[[]] * len(cells),
            parents=[None] * len(cells),
            geometries=cells,
        )
    )
    first_s, ours = timed(lambda: index.assign(x, y))  # with preparing the areas, and compiling if never done
    again_s, _ = timed(lambda: index.assign(x, y))
    tree_s, by_tree = timed(lambda: index._by_tree(x, y))
    areas = geopandas.GeoDataFrame({"id": index.ids}, geometry=cells, crs=3006)
    peer_s, joined = timed(
        lambda: geopandas.sjoin(
            geopandas.GeoDataFrame(geometry=geopandas.points_from_xy(x, y), crs=3006), areas, predicate="intersects"
        )
    )
    assert (ours == by_tree).all()
    assert (joined.sort_index().groupby(level=0)["id"].min().to_numpy() == ours[ours > 0]).all()
    print(f"ours, first time   {build_s + first_s:8.2f} s")
    print(f"ours, prepared     {again_s:8.2f} s")
    print(f"Shapely's tree     {tree_s:8.2f} s   {tree_s / again_s:6.1f} × ours")
    print(f"geopandas.sjoin    {peer_s:8.2f} s   {peer_s / again_s:6.1f} × ours")


if __name__ == "__main__":
    main()
