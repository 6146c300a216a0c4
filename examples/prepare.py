"""Makes the geography and data files of the example worlds from the published originals.

The files it writes are kept in the repository, so nobody needs to run this to use the worlds. It is here so
that every simplification and renaming can be read and repeated: ``python examples/prepare.py ORIGINALS``, where
ORIGINALS is a folder with the data sets named in the README of each world. Hand-written files (world.toml,
categories.toml, places.geojson, series.csv, facts.csv of Klara) are not touched.
"""

import csv
import gzip
import shutil
import sys
from pathlib import Path

import geopandas as gpd
import polars as pl
import pyogrio
from shapely import make_valid, set_precision
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

HERE = Path(__file__).parent
RESIDENTS_COLUMNS = (
    *("kvinnor_0", "kvinnor_6", "kvinnor_16", "kvinnor_20", "kvinnor_45", "kvinnor_65", "kvinnor_80"),
    *("man_0_5", "man_6_15", "man_16_19", "man_20_44", "man_45_64", "man_65_79", "man_80"),
)
YEAR_SUFFIXES = {2014: "", 2015: "_1", 2016: "_2"}
FACT_COLUMNS = ("area_set", "area_code", "place", "kind", "value", "valid_from", "valid_to", "source", "note")
# The parts of the inner city whose statistical districts make up the district board area of Norrmalm. Its tenth
# statistical district cannot be told apart in the areas of 2016 (see the README).
NORRMALM_DISTRICTS = ("10102", "10103", "11101", "11102", "11201", "11202", "11301", "11401", "11402")


def polygons(geometry: BaseGeometry, *, grid: float) -> MultiPolygon:
    """The polygons of a geometry on a grid of that size, valid, without lines and points."""
    snapped = set_precision(make_valid(geometry), grid)
    parts = [part for part in getattr(snapped, "geoms", [snapped]) if part.geom_type in ("Polygon", "MultiPolygon")]
    return MultiPolygon([piece for part in parts for piece in getattr(part, "geoms", [part])])


def write(frame: gpd.GeoDataFrame, path: Path, *, layer: str) -> None:
    """One GeoPackage layer, replacing the file."""
    path.unlink(missing_ok=True)
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": "2026-01-01T00:00:00.000Z"})  # the same bytes every time
    frame.to_file(path, layer=layer, driver="GPKG")
    print(f"{path.relative_to(HERE)}: {len(frame)} rows, {path.stat().st_size / 1000:.0f} kB")


def statistical_areas(originals: Path) -> gpd.GeoDataFrame:
    """Stockholm's 419 basområden with residents per year; coordinate system as the city publishes it."""
    raw = gpd.read_file(originals / "storstad-basomraden" / "stockholm_3011.gpkg")
    areas = gpd.GeoDataFrame(
        {"code": raw["nyckelkod_1"].astype(str), "name": raw["namn"]},
        geometry=[polygons(geometry, grid=0.1) for geometry in raw.geometry],
        crs=raw.crs,
    )
    areas["parent_code"] = areas["code"].str[:5]
    for year, suffix in YEAR_SUFFIXES.items():
        areas[f"residents_{year}"] = raw[[column + suffix for column in RESIDENTS_COLUMNS]].sum(axis=1).astype(int)
    return areas.sort_values("code").reset_index(drop=True)


def dissolved(areas: gpd.GeoDataFrame, by: str) -> gpd.GeoDataFrame:
    """Areas joined by a column, residents added up, slivers between neighbours closed."""
    totals = {f"residents_{year}": "sum" for year in YEAR_SUFFIXES}
    joined = areas.dissolve(by=by, aggfunc=totals, as_index=False)
    joined["geometry"] = [polygons(shape.buffer(0.5).buffer(-0.5).simplify(1.0), grid=0.1) for shape in joined.geometry]
    return joined


def statistical_districts(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The districts at five digits ("nyko5"). Only Klara's name is published in our sources."""
    districts = dissolved(areas.drop(columns=["code", "name"]), "parent_code").rename(columns={"parent_code": "code"})
    first = areas.groupby("parent_code")["name"].first()
    districts["name"] = [
        "Klara" if code == "10102" else f"{code} ({first[code]} med flera)" for code in districts["code"]
    ]
    districts["alias"] = ["Stadsdelen Klara" if code == "10102" else "" for code in districts["code"]]
    districts["parent_code"] = ["norrmalm" if code in NORRMALM_DISTRICTS else "ovriga" for code in districts["code"]]
    return districts


def board_areas(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The district board area of Norrmalm, and the rest of the city as one."""
    inside = areas["parent_code"].isin(NORRMALM_DISTRICTS).map({True: "norrmalm", False: "ovriga"})
    parts = dissolved(areas.assign(code=inside).drop(columns=["name", "parent_code"]), "code")
    names = {"norrmalm": "Norrmalms stadsdelsnämndsområde", "ovriga": "Övriga stadsdelsnämndsområden"}
    return parts.assign(name=parts["code"].map(names), parent_code="0180")


def city(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The city of Stockholm as its statistical areas cover it."""
    return dissolved(areas.assign(code="0180").drop(columns=["name", "parent_code"]), "code").assign(
        name="Stockholms stad"
    )


def published_city(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """An area for the workers in "City", whose border is not published: Klara and its neighbour to the east."""
    inside = areas[areas["parent_code"].isin(("10102", "10103"))]
    shape = polygons(inside.geometry.buffer(0.5).union_all().buffer(-0.5).simplify(1.0), grid=0.1)
    frame = {"code": ["stockholm-city"], "name": ["Stockholm City (ungefärlig gräns)"]}
    return gpd.GeoDataFrame(frame, geometry=[shape], crs=areas.crs)


def prepare_klara(originals: Path) -> None:
    """Areas in the city's own coordinate system, water and named districts as background."""
    target = HERE / "klara"
    areas = statistical_areas(originals)
    write(areas, target / "basomraden.gpkg", layer="basomraden")
    write(statistical_districts(areas), target / "nyko5.gpkg", layer="nyko5")
    write(board_areas(areas), target / "namndsomraden.gpkg", layer="namndsomraden")
    write(city(areas), target / "kommun.gpkg", layer="kommun")
    published_city(areas).to_crs(4326).to_file(
        target / "stockholm_city.geojson", driver="GeoJSON", COORDINATE_PRECISION=6
    )
    write_residents(areas, target / "residents.csv")
    districts = gpd.read_file(originals / "stockholm-stadsdelar" / "stadsdelar_utan_vatten.geojson").to_crs(3006)
    named = gpd.GeoDataFrame(
        {"code": districts["name"].str.lower(), "name": districts["name"].str.title()},
        geometry=[polygons(shape.simplify(4.0), grid=0.1) for shape in districts.geometry],
        crs=3006,
    ).sort_values("code")
    write(named, target / "stadsdelar.gpkg", layer="stadsdelar")
    water = gpd.read_file(originals / "stockholm-stadsdelar" / "vatten_innerstan_3011.gpkg").to_crs(3006)
    simple = gpd.GeoDataFrame(
        geometry=[polygons(shape.simplify(2.0), grid=0.1) for shape in water.geometry if shape.area >= 200], crs=3006
    )
    simple.insert(0, "name", "vatten")
    write(simple, target / "vatten.gpkg", layer="vatten")


def prepare_san_francisco(originals: Path) -> None:
    """Incidents with an id of their own per row; block groups with residents and the published counts."""
    source, target = originals / "sf-crime-2012", HERE / "san-francisco"
    raw = pl.read_csv(source / "incidents.csv.gz", schema_overrides={"IncidntNum": pl.String})
    number = pl.col("IncidntNum")
    rows = raw.select(
        pl.format("{}-{}", number, pl.int_range(pl.len()).over("IncidntNum") + 1).alias("id"),
        pl.col("Date").alias("date"),
        pl.col("Category").alias("category"),
        pl.col("Descript").alias("description"),
        pl.col("Location").alias("address"),
        # All digits are kept: some points lie within millimetres of a block group's border.
        pl.col("lon"),
        pl.col("lat"),
    )
    path = target / "incidents.csv.gz"
    # mtime=0: the same input gives the same bytes.
    with path.open("wb") as raw_file, gzip.GzipFile("", "wb", 9, raw_file, mtime=0) as packed:
        packed.write(rows.write_csv().encode())
    print(f"san-francisco/incidents.csv.gz: {rows.height} rows, {path.stat().st_size / 1000:.0f} kB")
    groups = gpd.read_file(source / "block_groups_4269.gpkg")
    kept = gpd.GeoDataFrame(
        {
            "code": groups["GEO_id2"].astype(str).str.zfill(12),
            "name": [
                f"Tract {int(tract) / 100:g}, block group {group}"
                for tract, group in zip(groups["TRACT"], groups["BLKGRP"], strict=True)
            ],
            "residents_2010": groups["Population"].astype(int),
            **{f"published_{key.lower()}": groups[key] for key in ("Drugs", "Robbery", "Vandalism", "CarTheft")},
        },
        geometry=groups.geometry,
        crs=groups.crs,
    ).sort_values("code")
    write(kept, target / "block_groups.gpkg", layer="block_groups")


def prepare_sverige(originals: Path) -> None:
    """Police notices as archived; municipalities and counties; residents 2024."""
    target = HERE / "sverige"
    shutil.copyfile(originals / "polisen-events" / "events.jsonl.gz", target / "events.jsonl.gz")
    with (originals / "kommuner-lan" / "kommun_befolkning.csv").open(encoding="utf-8") as opened:
        population = list(csv.DictReader(opened))
    write_population([(row["kommun_kod"], row["population"]) for row in population], target / "facts.csv")
    names = {row["kommun_kod"]: row["kommun_namn"] for row in population}
    raw = gpd.read_file(originals / "kommuner-lan" / "kommuner_3006.gpkg")
    municipalities = gpd.GeoDataFrame(
        {
            "code": raw["kn_kod"],
            "name": raw["kn_kod"].map(names),  # the borders have one old name, Malung
            "alias": raw["kn_namn"].where(raw["kn_namn"] != raw["kn_kod"].map(names), ""),
            "parent_code": raw["ln_kod"],
        },
        geometry=[polygons(shape, grid=1.0) for shape in raw.geometry],
        crs=raw.crs,
    ).sort_values("code")
    write(municipalities, target / "kommuner.gpkg", layer="kommuner")
    counties = gpd.read_parquet(originals / "kommuner-lan" / "lan_4326.parquet").to_crs(3006)
    kept = gpd.GeoDataFrame(
        {"code": counties["lan_kod"], "name": counties["lan"]},
        geometry=[polygons(shape, grid=1.0) for shape in counties.geometry],
        crs=3006,
    ).sort_values("code")
    write(kept, target / "lan.gpkg", layer="lan")


def write_residents(areas: gpd.GeoDataFrame, path: Path) -> None:
    """Residents per statistical area and per district, at the end of each year."""
    source = "Stockholms stad, folkmängd per basområde, via filipwastberg/swemaps2 (CC0)"
    with path.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow(FACT_COLUMNS)
        for year in YEAR_SUFFIXES:
            column = f"residents_{year}"
            until = "" if year == max(YEAR_SUFFIXES) else f"{year + 1}-12-31"
            counted = {"basomraden": areas.set_index("code")[column]}
            counted["nyko5"] = areas.groupby("parent_code")[column].sum()
            inside = areas["parent_code"].isin(NORRMALM_DISTRICTS).map({True: "norrmalm", False: "ovriga"})
            counted["namndsomraden"] = areas.groupby(inside)[column].sum()
            counted["kommun"] = gpd.pd.Series({"0180": areas[column].sum()})
            for area_set, values in counted.items():
                for code, value in values.items():
                    writer.writerow((area_set, code, "", "residents", value, f"{year}-12-31", until, source, ""))


def write_population(population: list[tuple[str, str]], path: Path) -> None:
    """Residents per municipality as dated facts."""
    source = "SCB, folkmängd 31 december 2024, via dnouri/crimecity3k (public domain)"
    with path.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow(FACT_COLUMNS)
        for code, residents in population:
            writer.writerow(("kommuner", code, "", "residents", residents, "2024-12-31", "", source, ""))


if __name__ == "__main__":
    originals = Path(sys.argv[1])
    prepare_klara(originals)
    prepare_san_francisco(originals)
    prepare_sverige(originals)
