"""Reads the files of SaTScan: parameters, cases, coordinates, population. Any parameter file of the kind goes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lagesbild.stats import Population, ScanResult, ScanWindows, scan_permutation, scan_poisson

Array = npt.NDArray[np.float64]
KM = 1_000.0
POISSON, PERMUTATION = "0", "2"
YEAR, MONTH, DAY = "1", "2", "3"


@dataclass(frozen=True)
class Sample:
    """A parameter file with its data, ready to be scanned."""

    settings: dict[str, str]
    names: list[str]
    x: Array
    y: Array
    cases: list[list[str]]
    population: list[list[str]]

    @property
    def lonlat(self) -> bool:
        return self.settings["CoordinatesType"] == "1"


def read(path: Path) -> Sample:
    lines = path.read_text(encoding="utf-8").splitlines()
    settings = dict(line.strip().split("=", 1) for line in lines if "=" in line and not line.startswith(";"))
    places = _rows(path.parent / settings["CoordinatesFile"])
    lonlat = settings["CoordinatesType"] == "1"
    first, second = (np.array([float(row[column]) for row in places]) for column in (1, 2))
    return Sample(
        settings=settings,
        names=[row[0] for row in places],
        x=second if lonlat else first * KM,
        y=first if lonlat else second * KM,
        cases=[row for row in _rows(path.parent / settings["CaseFile"]) for _ in range(int(row[1]))],
        population=_rows(path.parent / settings["PopulationFile"]) if settings["PopulationFile"] else [],
    )


def run(sample: Sample, **options: Any) -> ScanResult:
    """The analysis that the parameters describe."""
    place = {name: at for at, name in enumerate(sample.names)}
    at = np.array([place[row[0]] for row in sample.cases])
    t = np.array([day_of(row[2]) for row in sample.cases], dtype=np.float64)
    windows = windows_of(sample)
    if sample.settings["ModelType"] == PERMUTATION:
        everywhere = (sample.x, sample.y)
        return scan_permutation(sample.x[at], sample.y[at], t, places=everywhere, windows=windows, **options)
    assert sample.settings["ModelType"] == POISSON
    groups = sorted({tuple(row[3:]) for row in sample.population})
    dates = sorted({day_of(row[1]) for row in sample.population})
    people = np.zeros((len(sample.names), len(dates), len(groups)))
    for row in sample.population:
        people[place[row[0]], dates.index(day_of(row[1])), groups.index(tuple(row[3:]))] += float(row[2])
    return scan_poisson(
        sample.x[at],
        sample.y[at],
        t,
        population=Population(sample.x, sample.y, people, t=dates),
        category=np.array([groups.index(tuple(row[3:])) for row in sample.cases]),
        windows=windows,
        **options,
    )


def windows_of(sample: Sample) -> ScanWindows:
    settings, edges = sample.settings, edges_of(sample.settings)
    length, longest = int(settings["TimeAggregationLength"]), float(settings["MaxTemporalSize"])
    in_units = settings["MaxTemporalSizeInterpretation"] == "1"
    units = {YEAR: 366.0, MONTH: 31.0, DAY: 1.0}[settings["TimeAggregationUnits"]]
    return ScanWindows(
        max_radius_m=float(settings["MaxSpatialSizeInDistanceFromCenter"]) * KM
        if settings["UseDistanceFromCenterOption"] == "y"
        else None,
        max_share=float(settings["MaxSpatialSizeInPopulationAtRisk"]) / 100,
        max_days=longest // length * length * units if in_units else None,
        max_time_share=1.0 if in_units else longest / 100,
        time_edges=edges,
        prospective=settings["AnalysisType"] == "4",
        min_cases=int(settings["MinimumCasesInHighRateClusters"]),
        lonlat=sample.lonlat,
    )


def edges_of(settings: dict[str, str]) -> list[int]:
    """Intervals from the end backwards; what is left over makes the first one longer."""
    start, end = (dt.date(*map(int, settings[name].split("/"))) for name in ("StartDate", "EndDate"))
    after, length = end + dt.timedelta(days=1), int(settings["TimeAggregationLength"])
    edges = [after]
    while (before := _back(edges[-1], length, settings["TimeAggregationUnits"])) > start:
        edges.append(before)
    if before < start and len(edges) > 1:
        edges.pop()
    return [each.toordinal() for each in [start, *reversed(edges)]]


def day_of(text: str) -> int:
    """A day; the first of July of a year known alone, the middle of a month."""
    parts = [int(part) for part in text.split("/")]
    if parts[0] < 100:
        parts[0] += 1900
    return dt.date(*(parts + [[7, 1], [15]][len(parts) - 1] if len(parts) < 3 else parts)).toordinal()


def _back(day: dt.date, length: int, unit: str) -> dt.date:
    if unit == DAY:
        return day - dt.timedelta(days=length)
    months = day.year * 12 + day.month - 1 - length * (12 if unit == YEAR else 1)
    return dt.date(months // 12, months % 12 + 1, day.day)


def _rows(path: Path) -> list[list[str]]:
    return [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
