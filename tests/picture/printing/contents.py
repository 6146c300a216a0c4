"""A small picture by hand, for printing: two hot spots, three categories, a caveat."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from lagesbild.picture.content import (
    Basis,
    CategoryRow,
    CaveatFact,
    Change,
    DensityClass,
    Disclosure,
    GridFacts,
    HotSpot,
    HotSpots,
    MonthRow,
    NoteFact,
    Period,
    PictureContent,
    Question,
    Season,
    Series,
    SeriesPoint,
    SourceFact,
    SpotName,
    Totals,
    WeekProfile,
)

PERIOD = Period(from_on=date(2026, 1, 1), to_on=date(2026, 4, 1))
BEFORE = Period(from_on=date(2025, 1, 1), to_on=date(2025, 4, 1))


def square(lon: float, lat: float, size: float = 0.002) -> dict[str, Any]:
    """A small GeoJSON square."""
    ring = [[lon, lat], [lon + size, lat], [lon + size, lat + size], [lon, lat + size], [lon, lat]]
    return {"type": "Polygon", "coordinates": [ring]}


def hot_spot(rank: int, name: str, status: str, lon: float) -> HotSpot:
    """One hot spot near Sergels torg."""
    change = Change(ratio=1.5, low=1.1, high=2.0, pvalue=0.004, p_adjusted=0.008)
    return HotSpot(
        rank=rank,
        key=f"spot-{rank}",
        name=SpotName(name=name, kind="place", near=True),
        status=status,  # type: ignore[arg-type]
        n=42 // rank,
        n_before=28 // rank,
        expected=6.0,
        change=change,
        p_adjusted=0.0004,
        z_max=5.5,
        area_m2=30_000.0,
        n_cells=3,
        x=674_000.0,
        y=6_580_000.0,
        lon=lon + 0.001,
        lat=59.333,
        geometry=square(lon, 59.332),
    )


def make_content(**changes: Any) -> PictureContent:
    """The picture, with any part replaced."""
    change = Change(ratio=1.2, low=1.05, high=1.37, pvalue=0.007, p_adjusted=0.02)
    return replace(
        PictureContent(
            question=Question(
                collaboration="ekby",
                collaboration_name="Trygga Ekby",
                period=PERIOD,
                comparison="year",
                comparison_period=BEFORE,
                filters={},
            ),
            basis=Basis(
                data_version=7,
                method_versions={"gi_star": "1"},
                mapping_digest="a" * 64,
                sources=(SourceFact(slug="polisen", name="Anmälda brott", owner="Polisen", is_exercise=False),),
                data_from_on=date(2024, 1, 1),
                data_to_on=date(2026, 4, 1),
            ),
            totals=Totals(
                n=1234,
                n_before=1028,
                change=change,
                days=90,
                days_before=90,
                n_points=1200,
                n_area_only=30,
                n_municipality_only=0,
                n_withheld=4,
                n_outside_study_area=0,
                n_hour_unknown=10,
            ),
            series=Series(
                unit="month",
                points=(
                    SeriesPoint(
                        from_on=date(2026, 1, 1),
                        to_on=date(2026, 2, 1),
                        n=400,
                        n_before=350,
                        partial=False,
                        days_covered=31,
                    ),
                    SeriesPoint(
                        from_on=date(2026, 2, 1),
                        to_on=date(2026, 3, 1),
                        n=434,
                        n_before=330,
                        partial=True,
                        days_covered=20,
                    ),
                ),
            ),
            week=WeekProfile(
                hours=tuple(tuple(float(hour) for hour in range(24)) for _ in range(7)),
                hour_unknown=(0,) * 7,
                by_hour=tuple(7.0 * hour for hour in range(24)),
                by_weekday=(276.0,) * 7,
            ),
            season=Season(
                period=PERIOD,
                months=tuple(
                    MonthRow(month=month, n=100, index=1.0, low=0.8, high=1.2, days=30.0) for month in range(1, 13)
                ),
            ),
            hot_spots=HotSpots(
                spots=(
                    hot_spot(1, "Vasagatan 24", "persistent", 18.056),
                    hot_spot(2, "Sergels torg", "fading", 18.063),
                ),
                density=(DensityClass(low=1.0, high=50.0, geometry=square(18.05, 59.33, 0.02)),),
                grid=GridFacts(
                    cell_m=100.0,
                    radius_m=150.0,
                    bandwidth_m=200.0,
                    n_cells=2400,
                    n_significant=6,
                    alpha=0.05,
                    min_count=5,
                    n_points=1200,
                    n_points_before=1000,
                    study_area="basområden",
                ),
            ),
            areas=None,
            categories=(
                CategoryRow(
                    code="narkotika",
                    name="Narkotika",
                    name_en="Narcotics",
                    depth=0,
                    detection="detected",
                    n=500,
                    n_before=400,
                    change=change,
                ),
                CategoryRow(code="", name="", name_en="", depth=0, detection="mixed", n=None, n_before=3, change=None),
            ),
            caveats=(
                CaveatFact(
                    about="Narkotika",
                    about_en="Narcotics",
                    text="Följer polisens insatser.",
                    text_en="Follows police activity.",
                    citation="V, Anmälda brott",
                ),
            ),
            notes=(NoteFact(code="picture.outside_study_area", values={"n": 3}),),
            disclosure=Disclosure(threshold=5, n_hidden=1),
            is_exercise=False,
        ),
        **changes,
    )
