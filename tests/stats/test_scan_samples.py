"""The scan beside SaTScan 10.3.2: its sample data, and robberies in Memphis, by their own parameter files.

Data and result files: scanstatistics/satscan, installers/sample_data; Memphis: mpjashby/sfhotspot, run in
SaTScan 10.3.2.
Clusters, expected cases and statistics must agree to the printed digits; p-values within Monte Carlo error.
"""

from __future__ import annotations

import datetime as dt
import json
import math
from typing import Any

import pytest

from lagesbild.stats import ScanCluster, ScanResult
from tests.shared_data import shared_data
from tests.stats import satscan

pytestmark = pytest.mark.one_database

SAMPLES = {
    "nyc_fever_space_time_permutation": ("NYCSpaceTimePermutation.prm", 207, 999),
    "new_mexico_space_time_poisson": ("NewMexicoSpaceTimePoisson.prm", 999, 199),
    "memphis_q1_space_time_permutation": ("memphis-robberies-q1/memphis_q1.prm", 999, 499),
}


def scan(name: str, **options: Any) -> tuple[satscan.Sample, ScanResult, list[dict[str, Any]]]:
    folder = shared_data("satscan-samples")
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["results"][name]
    sample = satscan.read(folder / SAMPLES[name][0])
    return sample, satscan.run(sample, **({"rng": 1, "n_replicates": 9} | options)), expected


def time_frame(cluster: ScanCluster) -> str:
    first, last = (dt.date.fromordinal(int(day)) for day in (cluster.t_from, cluster.t_to - 1))
    return f"{first.year}/{first.month}/{first.day} to {last.year}/{last.month}/{last.day}"


@pytest.mark.parametrize("name", SAMPLES)
def test_clusters_are_those_of_the_program(name: str) -> None:
    sample, result, expected = scan(name)
    for ours, theirs in zip(result.clusters, expected, strict=False):
        assert {sample.names[at] for at in ours.places} == set(theirs["locations"])
        assert time_frame(ours) == theirs["time_frame"]
        assert ours.observed == theirs["observed"] == len(ours.events)
        digits = len(str(theirs["expected"]).split(".")[1])
        assert round(ours.expected, digits) == theirs["expected"]
        assert round(ours.statistic, 6) == theirs["statistic"]
    assert len(result.clusters) >= len(expected)
    assert result.notes == ()


def test_places_are_listed_nearest_first() -> None:
    sample, result, expected = scan("nyc_fever_space_time_permutation")
    assert [sample.names[at] for at in result.clusters[0].places] == expected[0]["locations"]
    assert round(result.clusters[0].radius_m / 1_000, 2) == 2.90


@pytest.mark.parametrize("name", SAMPLES)
def test_pvalues_agree_within_monte_carlo_error(name: str) -> None:
    _, theirs_drawn, ours_drawn = SAMPLES[name]
    _, result, expected = scan(name, n_replicates=ours_drawn)
    for ours, theirs in zip(result.clusters, expected, strict=False):
        noise = math.sqrt(ours.p * (1 - ours.p) * (1 / ours_drawn + 1 / theirs_drawn))
        assert abs(ours.p - theirs["p"]) < 4 * noise + 0.005


def test_risks_and_recurrence_are_those_of_the_program() -> None:
    _, result, _ = scan("new_mexico_space_time_poisson")
    assert [round(each.relative_risk, 2) for each in result.clusters[:3]] == [1.42, 2.68, 2.44]
    assert [round(each.ratio, 2) for each in result.clusters[:3]] == [1.34, 2.65, 2.42]
    assert round(result.clusters[0].radius_m / 1_000, 2) == 125.60
    _, fever, expected = scan("nyc_fever_space_time_permutation", n_replicates=99)
    # It prints 1 / p in whole days: 4 days for 0.242.
    assert round(1 / expected[0]["p"]) == 4
    assert fever.clusters[0].recurrence_days == pytest.approx(1 / fever.clusters[0].p)


def test_early_stopping_stops_as_the_program_does() -> None:
    # It stopped after 207 replicates, 50 of which were at least as large: p = 50 / 207 = 0.242.
    _, result, _ = scan("nyc_fever_space_time_permutation", n_replicates=999, stop_after=50)
    assert result.stopped_early
    assert result.clusters[0].p == pytest.approx(50 / result.n_replicates)
    assert 100 < result.n_replicates < 500


def test_the_settings_of_a_parameter_file_cut_time_as_the_program_does() -> None:
    days = {
        "StartDate": "2001/11/1",
        "EndDate": "2001/11/24",
        "TimeAggregationUnits": "3",
        "TimeAggregationLength": "7",
    }
    assert [each - dt.date(2001, 11, 1).toordinal() for each in satscan.edges_of(days)] == [0, 10, 17, 24]
    months = days | {"StartDate": "2001/01/01", "EndDate": "2001/12/31", "TimeAggregationUnits": "2"}
    edges = satscan.edges_of(months | {"TimeAggregationLength": "5"})
    assert [dt.date.fromordinal(each).isoformat() for each in edges] == ["2001-01-01", "2001-08-01", "2002-01-01"]
