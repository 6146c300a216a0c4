"""Displacement from events: rings, named places and periods, and worlds where the truth is known."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import polars as pl
import pytest
from pyproj import Transformer
from scipy.spatial import cKDTree
from scipy.stats import binomtest

from lagesbild.stats import (
    Circle,
    DisplacementResult,
    PlantedMeasure,
    displacement,
    displacement_of_events,
    synthetic_world,
)
from tests.shared_data import shared_data

pytestmark = pytest.mark.one_database

TARGET = Circle(x=0, y=0, radius_m=100)
CONTROL = Circle(x=5_000, y=0, radius_m=100)
YEARS: dict[str, Any] = {"before": (0, 365), "after": (365, 730)}


def at(*distances: float, day: float = 10.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Events so far east of the target's centre, on one day."""
    return np.array(distances), np.zeros(len(distances)), np.full(len(distances), day)


def test_an_event_on_an_edge_belongs_to_the_inner_place() -> None:
    x, y, t = at(0, 100, 100.5, 200, 200.5, 300, 300.5)
    result = displacement_of_events(x, y, t, target=TARGET, control=CONTROL, rings_m=[100, 200], **YEARS)
    assert result.treated_before == 2
    assert [(each.name, each.before) for each in result.catchments] == [("0-100 m", 2), ("100-200 m", 2)]


def test_periods_are_half_open() -> None:
    x, y = np.zeros(5), np.zeros(5)
    t = np.array([-0.1, 0, 364.9, 365, 730])
    result = displacement_of_events(x, y, t, target=TARGET, control=CONTROL, **YEARS)
    assert (result.treated_before, result.treated_after) == (2, 1)


def test_several_circles_make_one_target_and_one_set_of_rings() -> None:
    x, y, t = at(-150, 60, 340, 400, 460, 640)
    pair = [TARGET, Circle(x=400, y=0, radius_m=50)]
    result = displacement_of_events(x, y, t, target=pair, control=CONTROL, rings_m=[100], **YEARS)
    assert result.treated_before == 2  # at 60 and 400
    assert result.catchments[0].before == 3  # at -150, 340, 460


def world(n: int = 3_000, seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.uniform(-600, 5_600, n), rng.uniform(-600, 600, n), rng.uniform(0, 730, n)


def test_masks_and_distances_stand_for_circles() -> None:
    x, y, t = world()
    circles = displacement_of_events(x, y, t, target=TARGET, control=CONTROL, rings_m=[100, 250], **YEARS)
    reach = np.hypot(x, y)
    masks = displacement_of_events(
        x,
        y,
        t,
        target=reach <= 100,
        control=np.hypot(x - 5_000, y) <= 100,
        rings_m=[100, 250],
        distance_m=np.maximum(reach - 100, 0),
        **YEARS,
    )
    assert masks.to_dict() == circles.to_dict()


def test_the_counts_are_those_of_counting_one_by_one() -> None:
    x, y, t = world(600)
    station = Circle(x=2_500, y=100, radius_m=400)
    result = displacement_of_events(
        x, y, t, target=TARGET, control=CONTROL, rings_m=[300], catchments={"station": station}, **YEARS
    )
    counts: dict[str, list[int]] = {name: [0, 0] for name in ("target", "ring", "control", "station")}
    for east, north, day in zip(x, y, t, strict=True):
        when = 0 if day < 365 else 1
        counts["target"][when] += math.hypot(east, north) <= 100
        counts["ring"][when] += 100 < math.hypot(east, north) <= 400
        counts["control"][when] += math.hypot(east - 5_000, north) <= 100
        counts["station"][when] += math.hypot(east - 2_500, north - 100) <= 400
    expected = displacement(
        counts["target"], counts["control"], catchments={"0-300 m": counts["ring"], "station": counts["station"]}
    )
    assert result.catchments == expected.catchments
    assert result.together == expected.together


def test_periods_of_unlike_length_are_scaled_to_the_second() -> None:
    x, y = np.zeros(30), np.zeros(30)
    t = np.concatenate([np.linspace(0, 199, 20), np.linspace(200, 299, 10)])
    result = displacement_of_events(x, y, t, target=TARGET, control=CONTROL, before=(0, 200), after=(200, 300))
    assert (result.treated_before, result.treated_after) == (20, 10)
    assert result.local.estimate == 0
    # 10 after, and 20 before at half weight each: 10 + 20/4.
    assert result.local.se == pytest.approx(math.sqrt(15))
    assert result.notes[0].code == "displacement.unequal_periods"
    assert result.notes[0].values == {"before": 200, "after": 100}
    assert "last 200 and 100 days" in result.notes[0].text


def test_slices_are_equal_parts_of_each_period() -> None:
    x, y, t = world(20_000)
    result = displacement_of_events(
        x, y, t, target=TARGET, control=CONTROL, before=(0, 365), after=(365, 547), slice_days=28
    )
    assert result.parameters["slices"] == [13, 6]  # of 28.1 and 30.3 days
    assert result.local.slices is not None
    assert (result.local.slices.n_before, result.local.slices.n_after) == (13, 6)
    whole = displacement_of_events(x, y, t, target=TARGET, control=CONTROL, before=(0, 365), after=(365, 547))
    assert result.local.estimate == whole.local.estimate
    assert result.local.se == whole.local.se


def test_places_that_share_events_are_refused_by_name() -> None:
    x, y, t = at(0, 150, 5_000)
    how: dict[str, Any] = {"target": TARGET, "control": CONTROL, **YEARS}
    near = Circle(x=200, y=0, radius_m=60)
    with pytest.raises(ValueError, match='"0-100 m" and "station" must share no ground'):
        displacement_of_events(x, y, t, rings_m=[100], catchments={"station": near}, **how)
    with pytest.raises(ValueError, match='"treated" and "control" must share no ground'):
        displacement_of_events(x, y, t, target=TARGET, control=Circle(x=50, y=0, radius_m=90), **YEARS)
    with pytest.raises(ValueError, match='"control" and "control of d" must share no ground'):
        displacement_of_events(x, y, t, catchments={"d": near}, catchment_controls={"d": CONTROL}, **how)


def test_order_and_origin_do_not_matter_and_inputs_are_left_alone() -> None:
    x, y, t = world()
    kept = x.copy(), y.copy(), t.copy()
    how: dict[str, Any] = {"rings_m": [200], "before": (0, 365), "after": (365, 730), "slice_days": 30}
    first = displacement_of_events(x, y, t, target=TARGET, control=CONTROL, **how)
    assert all(np.array_equal(now, then) for now, then in zip((x, y, t), kept, strict=True))
    order = np.random.default_rng(1).permutation(len(x))
    moved = displacement_of_events(
        x[order] + 674_000,
        y[order] + 6_580_000,
        t[order],
        target=Circle(x=674_000, y=6_580_000, radius_m=100),
        control=Circle(x=679_000, y=6_580_000, radius_m=100),
        **how,
    )
    assert moved.to_dict() == first.to_dict()


@pytest.mark.parametrize("n", [0, 1])
def test_no_event_or_one_is_an_answer(n: int) -> None:
    result = displacement_of_events(*at(*[0.0] * n), target=TARGET, control=CONTROL, rings_m=[100], **YEARS)
    assert result.treated_before == n
    assert result.catchments[0].reading == "undefined"


def test_wrong_arguments_are_refused_with_what_is_allowed() -> None:
    x, y, t = at(0, 10)
    how: dict[str, Any] = {"target": TARGET, "control": CONTROL}
    with pytest.raises(ValueError, match="`before` and `after` must not overlap"):
        displacement_of_events(x, y, t, before=(0, 10), after=(9, 20), **how)
    with pytest.raises(ValueError, match="`after` must be a period that ends after it begins"):
        displacement_of_events(x, y, t, before=(0, 10), after=(20, 20), **how)
    with pytest.raises(ValueError, match="`rings_m` must be rising"):
        displacement_of_events(x, y, t, rings_m=[200, 100], **how, **YEARS)
    with pytest.raises(ValueError, match="`distance_m` must be given"):
        displacement_of_events(x, y, t, target=[True, False], control=CONTROL, rings_m=[100], **YEARS)
    with pytest.raises(ValueError, match="`control` must have the shape"):
        displacement_of_events(x, y, t, target=TARGET, control=[True], **YEARS)
    with pytest.raises(ValueError, match="`slice_days` must be a positive"):
        displacement_of_events(x, y, t, slice_days=0, **how, **YEARS)
    with pytest.raises(ValueError, match="`radius_m` must be a positive"):
        Circle(x=0, y=0, radius_m=0)


# A town of 4 by 2 km: a measure at (1,000, 1,000), its control at (3,000, 1,000), a ring of equal ground round each.
INNER, OUTER = 300.0, 600.0


def evaluated(seed: int, *, rate_ratio: float, displaced_share: float) -> DisplacementResult:
    measure = PlantedMeasure(
        x=1_000,
        y=1_000,
        radius_m=INNER,
        t_from=365,
        rate_ratio=rate_ratio,
        displaced_share=displaced_share,
        ring_m=OUTER,
    )
    made = synthetic_world(width_m=4_000, height_m=2_000, days=730, n_background=4_800, measure=measure, rng=seed)
    far = np.hypot(made.x - 3_000, made.y - 1_000)
    return displacement_of_events(
        made.x,
        made.y,
        made.t,
        target=Circle(x=1_000, y=1_000, radius_m=INNER),
        control=far <= INNER,
        rings_m=[OUTER - INNER],
        catchment_controls={"0-300 m": (far > INNER) & (far <= OUTER)},
        before=(0, 365),
        after=(365, 730),
    )


# Events that the place has in a year when nothing is done.
YEARLY = 2_400 * math.pi * INNER**2 / 8e6


@pytest.mark.parametrize(("rate_ratio", "share"), [(1.0, 0.0), (0.5, 0.0), (0.5, 0.5), (0.3, 1.0)])
def test_the_intervals_hold_the_planted_effect_as_often_as_they_say(rate_ratio: float, share: float) -> None:
    results = [evaluated(seed, rate_ratio=rate_ratio, displaced_share=share) for seed in range(200)]
    prevented = (1 - rate_ratio) * YEARLY
    truths = {"local": -prevented, "displaced": share * prevented, "total": -(1 - share) * prevented}
    for name, truth in truths.items():
        found = [each.local if name == "local" else getattr(each.catchments[0], name) for each in results]
        held = sum(each.low <= truth <= each.high for each in found)
        assert binomtest(held, 200, 0.95).pvalue > 0.001, (name, held)


def test_displacement_of_a_known_size_is_found_and_told_from_none() -> None:
    moved = [evaluated(seed, rate_ratio=0.2, displaced_share=1.0) for seed in range(60)]
    stayed = [evaluated(seed, rate_ratio=0.2, displaced_share=0.0) for seed in range(60)]
    assert sum(each.local.direction == "fewer" for each in moved) > 50
    assert np.median([each.catchments[0].wdq or 0 for each in moved]) == pytest.approx(-1, abs=0.35)
    assert np.median([each.catchments[0].wdq or 0 for each in stayed]) == pytest.approx(0, abs=0.3)
    # Everything moved: the total stands still. Nothing moved: it falls.
    assert sum(each.catchments[0].total.direction == "unclear" for each in moved) > 50
    assert np.mean([each.catchments[0].total.estimate for each in stayed]) == pytest.approx(-0.8 * YEARLY, rel=0.25)


def test_on_ten_years_of_assaults_in_chicago_nothing_done_looks_like_an_effect_as_often_as_the_page_says() -> None:
    rows = pl.read_csv(shared_data("chicago-assaults-2010-2019") / "assaults.csv.gz", infer_schema_length=0)
    lon, lat = (rows[name].cast(pl.Float64).to_numpy() for name in ("longitude", "latitude"))
    x, y = Transformer.from_crs(4326, 26916, always_xy=True).transform(lon, lat)
    t = rows["date"].str.slice(0, 10).str.to_date().cast(pl.Int64).to_numpy()
    rng = np.random.default_rng(1)
    centres = rng.choice(len(x), 150, replace=False)
    tree = cKDTree(np.column_stack([x, y]))
    near = [t[tree.query_ball_point([x[at], y[at]], 500)] for at in centres]
    years = np.array([np.datetime64(f"{year}-01-01") for year in range(2010, 2021)]).astype(np.int64)
    poisson, slices = [], []
    for _ in range(1_500):
        one, other = rng.choice(150, 2, replace=False)
        start, middle, end = years[(at := rng.integers(0, 9)) : at + 3]
        pairs = [
            [np.histogram(days, 13, (first, last))[0] for first, last in ((start, middle), (middle, end))]
            for days in (near[one], near[other])
        ]
        apart = math.hypot(x[centres[one]] - x[centres[other]], y[centres[one]] - y[centres[other]]) > 1_000
        totals = [int(each.sum()) for pair in pairs for each in pair]
        if apart and min(totals) >= 20 and 0.5 <= totals[0] / totals[2] <= 2:
            local = displacement(*pairs).local
            assert local.slices is not None
            poisson.append(local.pvalue < 0.05)
            slices.append(local.slices.pvalue < 0.05)
    assert len(poisson) > 400
    assert np.mean(poisson) == pytest.approx(0.10, abs=0.04)
    assert np.mean(slices) == pytest.approx(0.075, abs=0.035)
    assert np.mean(slices) < np.mean(poisson)
