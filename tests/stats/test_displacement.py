"""Displacement from counts: the quotient with its reading, and the difference with its interval."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, norm, ttest_ind

from lagesbild.stats import READINGS, Note, displacement, weighted_difference
from tests.shared_data import shared_data
from tests.stats.untimed import untimed

pytestmark = pytest.mark.one_database

COUNT = st.integers(0, 300)
PAIR = st.tuples(COUNT, COUNT)


def ring(before: int, after: int, **how: Any) -> Any:
    """The place fell from 100 to 70 while its control stood still at 200."""
    return displacement((100, 70), (200, 200), catchments={"ring": (before, after)}, **how)


def codes(notes: tuple[Note, ...]) -> list[str]:
    return [note.code for note in notes]


def test_success_and_diffusion_by_the_quotient_may_still_be_chance() -> None:
    result = ring(80, 76)
    found = result.catchments[0]
    assert found.wdq == pytest.approx(0.1333, abs=5e-5)
    assert found.reading == "diffusion"
    assert (result.gross_effect, result.net_effect) == (30, pytest.approx(0.15))
    assert result.success == pytest.approx(-0.15)
    assert found.total_net_effect == pytest.approx(34)
    assert (found.total.estimate, found.total.direction) == (-34, "unclear")
    assert found.total.se == pytest.approx(26.944, abs=5e-4)
    assert found.total.z == pytest.approx(-1.262, abs=5e-4)
    assert (found.total.low, found.total.high) == (pytest.approx(-86.8, abs=0.05), pytest.approx(18.8, abs=0.05))
    assert "displacement.unclear" in codes(result.notes)


@pytest.mark.parametrize(
    ("after", "wdq", "reading"),
    [
        (40, 1.3333, "diffusion_larger"),
        (50, 1.0, "diffusion"),
        (80, 0.0, "none"),
        (95, -0.5, "displacement_smaller"),
        (110, -1.0, "displacement_cancels"),
        (120, -1.3333, "displacement_larger"),
    ],
)
def test_the_quotient_is_read_by_the_rule(after: int, wdq: float, reading: str) -> None:
    found = ring(80, after).catchments[0]
    assert found.wdq == pytest.approx(wdq, abs=5e-5)
    assert found.reading == reading
    assert found.reading in READINGS


@pytest.mark.parametrize("treated", [(100, 100), (100, 130), (0, 0)])
def test_without_an_effect_there_is_no_quotient_but_still_a_difference(treated: tuple[int, int]) -> None:
    result = displacement(treated, (200, 200), catchments={"ring": (80, 120)})
    found = result.catchments[0]
    assert (found.wdq, found.reading) == (None, "no_effect")
    assert found.total.estimate == treated[1] - treated[0] + 40
    assert "displacement.no_effect" in codes(result.notes)


def test_a_place_that_fell_less_than_its_control_had_no_effect() -> None:
    assert displacement((100, 90), (200, 150), catchments={"ring": (80, 120)}).catchments[0].reading == "no_effect"
    # Equal shares, which rounding could tell apart: 49/7 and 21/3.
    assert displacement((49, 21), (7, 3), catchments={"ring": (9, 9)}).catchments[0].reading == "no_effect"


@pytest.mark.parametrize("control", [(0, 200), (200, 0), (0, 0)])
def test_a_control_without_events_leaves_the_quotient_undefined(control: tuple[int, int]) -> None:
    result = displacement((100, 70), control, catchments={"ring": (80, 76)})
    assert (result.success, result.net_effect) == (None, None)
    assert (result.catchments[0].wdq, result.catchments[0].reading) == (None, "undefined")
    assert result.catchments[0].total.estimate == -30 - (control[1] - control[0]) - 4
    assert "displacement.control_zero" in codes(result.notes)


def cases() -> list[dict[str, Any]]:
    path = shared_data("reference-statistics") / "expected.json"
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["wdd"]["cases"]
    return found


@pytest.mark.parametrize("at", range(4))
def test_the_published_differences_with_their_errors_and_limits(at: int) -> None:
    # Wheeler and Ratcliffe (2018), worked example (-118), and the tests of the R package ptools, which round.
    case = cases()[at]
    time = case.get("time_weights", [1, 1])
    area = case.get("area_weights", [1, 1, 1, 1])
    sizes = {"control": area[0], "treated": area[1]}
    if "disp_treated" in case:
        how: dict[str, Any] = {
            "catchments": {"ring": case["disp_treated"]},
            "catchment_controls": {"ring": case["disp_control"]},
        }
        sizes |= {"control of ring": area[2], "ring": area[3]}
    else:
        how = {}
    how |= {"exposure_before": time[0], "exposure_after": time[1], "sizes": sizes, "conf": 1 - case["alpha"]}
    result = displacement(case["treated"], case["control"], **how)
    found = result.catchments[0].total if result.catchments else result.local
    assert found.estimate == pytest.approx(case["Est_Total"], abs=1e-8)
    assert found.se == pytest.approx(case["SE_Total"], abs=1e-5)
    for ours, theirs, loose in ((found.z, "Z", 5e-4), (found.low, "LowCI", 0.5), (found.high, "HighCI", 0.5)):
        if theirs in case:
            assert ours == pytest.approx(case[theirs], abs=loose if float(case[theirs]).is_integer() else 1e-4)


def test_the_published_sum_weighted_by_harm() -> None:
    path = shared_data("reference-statistics") / "expected.json"
    case = json.loads(path.read_text(encoding="utf-8"))["wdd_harm"]
    parts = [displacement(each["treated"], each["control"]).local for each in case["components"]]
    found = weighted_difference(parts, weights=[each["weight"] for each in case["components"]])
    assert found.estimate == case["HarmEst"]
    assert found.se == pytest.approx(case["SE"])
    assert found.z == pytest.approx(case["Z"])
    assert (found.low, found.high) == (pytest.approx(case["LowCI"]), pytest.approx(case["HighCI"]))


@untimed
@given(r=PAIR, c=PAIR, d=PAIR, cd=PAIR, exposures=st.sampled_from([(1, 1), (3, 1), (1, 2)]))
def test_every_number_agrees_with_fractions(
    r: tuple[int, int],
    c: tuple[int, int],
    d: tuple[int, int],
    cd: tuple[int, int],
    exposures: tuple[int, int],
) -> None:
    result = displacement(
        r,
        c,
        catchments={"d": d},
        catchment_controls={"d": cd},
        exposure_before=exposures[0],
        exposure_after=exposures[1],
    )
    found = result.catchments[0]
    rates = [[Fraction(pair[0], exposures[0]), Fraction(pair[1], exposures[1])] for pair in (r, c, d, cd)]
    change = [after - before for before, after in rates]
    variance = sum(Fraction(p[0], exposures[0] ** 2) + Fraction(p[1], exposures[1] ** 2) for p in (r, c, d, cd))
    assert found.total.estimate == pytest.approx(float(change[0] - change[1] + change[2] - change[3]), abs=1e-9)
    assert found.total.se == pytest.approx(math.sqrt(variance))
    assert found.displaced.estimate == pytest.approx(float(change[2] - change[3]), abs=1e-9)
    assert result.local.estimate == pytest.approx(float(change[0] - change[1]), abs=1e-9)
    if found.total.se > 0:
        assert found.total.pvalue == pytest.approx(2 * norm.sf(abs(found.total.estimate) / found.total.se), rel=1e-9)
    if 0 in c:
        assert found.wdq is None
    else:
        success = Fraction(r[1], c[1]) - Fraction(r[0], c[0])
        buffer = Fraction(d[1], c[1]) - Fraction(d[0], c[0])
        assert found.wdq == (pytest.approx(float(buffer / success), abs=1e-9) if success < 0 else None)


@untimed
@given(r=PAIR, c=PAIR, d=PAIR)
def test_the_direction_is_known_exactly_when_p_is_below_five_per_cent(
    r: tuple[int, int], c: tuple[int, int], d: tuple[int, int]
) -> None:
    total = displacement(r, c, catchments={"d": d}).catchments[0].total
    if abs(total.pvalue - 0.05) > 1e-9:
        assert (total.direction != "unclear") == (total.pvalue < 0.05)


def test_several_catchments_are_given_each_and_together() -> None:
    result = displacement(
        (207, 110),
        (308, 318),
        catchments={"near": (100, 90), "square": (78, 67)},
        catchment_controls={"near": (90, 80), "square": (60, 60)},
    )
    assert [each.name for each in result.catchments] == ["near", "square"]
    whole = displacement((207, 110), (308, 318), catchments={"d": (178, 157)}, catchment_controls={"d": (150, 140)})
    assert result.together is not None
    assert result.together.total.estimate == whole.catchments[0].total.estimate == -118
    assert result.together.total.se == pytest.approx(whole.catchments[0].total.se)
    assert result.together.wdq == pytest.approx(whole.catchments[0].wdq)
    assert result.together.reading == whole.catchments[0].reading
    assert "displacement.many_catchments" in codes(result.notes)
    assert whole.together is None


def test_without_catchments_the_local_effect_stands_alone() -> None:
    result = displacement((20, 10), (20, 20), conf=0.9)
    assert (result.catchments, result.together) == ((), None)
    assert result.local.estimate == -10
    assert result.to_dict()["local"]["high"] == pytest.approx(3.761833, abs=1e-6)  # type: ignore[index]


def test_slices_give_the_interval_of_welch() -> None:
    rng = np.random.default_rng(2)
    zones = [(rng.poisson(20, 12), rng.poisson(15, 8)) for _ in range(4)]
    result = displacement(
        zones[0],
        zones[1],
        catchments={"d": zones[2]},
        catchment_controls={"d": zones[3]},
        exposure_before=12,
        exposure_after=8,
    )
    found = result.catchments[0].total.slices
    series = [a - b + c - d for a, b, c, d in zip(*zones, strict=True)]
    welch = ttest_ind(series[1], series[0], equal_var=False)
    assert found is not None
    assert found.pvalue == pytest.approx(welch.pvalue)
    assert found.degrees == pytest.approx(welch.df)
    limits = welch.confidence_interval(0.95)
    assert (found.low, found.high) == (pytest.approx(limits.low), pytest.approx(limits.high))
    assert result.catchments[0].total.estimate == pytest.approx(series[1].mean() - series[0].mean())


def test_slices_do_not_change_the_rest() -> None:
    one = displacement((24, 12), (30, 32), catchments={"d": (10, 14)})
    cut = displacement(([6] * 4, [3] * 4), ([7, 8, 7, 8], [8] * 4), catchments={"d": ([1, 2, 3, 4], [2, 3, 4, 5])})
    assert cut.local.estimate == one.local.estimate
    assert cut.catchments[0].wdq == one.catchments[0].wdq
    assert cut.catchments[0].total.se == one.catchments[0].total.se
    assert one.local.slices is None
    assert displacement(([8] * 3, [4] * 3), ([10] * 3, [11] * 3)).local.slices is None  # three are too few


def burst(rng: np.random.Generator, mean: float, n: int) -> np.ndarray:
    """Counts with twice the variance of Poisson counts, and more."""
    return rng.poisson(rng.gamma(2.0, mean / 2.0, n))


def test_bursts_are_told_of_and_the_interval_from_slices_holds_while_that_of_poisson_does_not() -> None:
    rng = np.random.default_rng(4)
    poisson = slices = told = 0
    for _ in range(600):
        result = displacement(
            (burst(rng, 8, 26), burst(rng, 8, 26)),
            (burst(rng, 8, 26), burst(rng, 8, 26)),
        )
        assert result.local.slices is not None
        poisson += result.local.pvalue < 0.05
        slices += result.local.slices.pvalue < 0.05
        told += "displacement.dispersed" in codes(result.notes)
    assert poisson > 0.2 * 600
    assert binomtest(slices, 600, 0.05).pvalue > 0.001
    assert told > 0.95 * 600


def test_when_nothing_changed_p_is_below_five_per_cent_that_often() -> None:
    rng = np.random.default_rng(5)
    small = 0
    for _ in range(1_500):
        r, c, d, cd = rng.poisson(40, (4, 2))
        small += displacement(r, c, catchments={"d": d}, catchment_controls={"d": cd}).catchments[0].total.pvalue < 0.05
    assert binomtest(small, 1_500, 0.05).pvalue > 0.001


def test_a_town_wide_change_is_no_effect_when_the_control_is_alike() -> None:
    rng = np.random.default_rng(6)
    small = 0
    for _ in range(1_500):
        r, c = ((rng.poisson(50), rng.poisson(30)) for _ in range(2))
        small += displacement(r, c).local.pvalue < 0.05
    assert binomtest(small, 1_500, 0.05).pvalue > 0.001


def test_a_control_that_is_not_alike_is_told_of_and_sizes_make_it_alike() -> None:
    result = displacement((50, 30), (200, 120))
    assert "displacement.unlike_control" in codes(result.notes)
    assert result.local.direction == "more"  # the danger that the note tells of
    scaled = displacement((50, 30), (200, 120), sizes={"control": 4})
    assert scaled.local.estimate == 0
    assert "displacement.unlike_control" not in codes(scaled.notes)


def test_few_events_and_a_missing_control_are_told_of() -> None:
    result = displacement((30, 20), (30, 30), catchments={"d": (4, 9)})
    assert codes(result.notes) == [
        "displacement.unclear",
        "displacement.few_events",
        "displacement.catchment_without_control",
    ]
    assert result.notes[1].values["n"] == 4


def test_longer_observed_before_does_not_look_like_a_fall() -> None:
    result = displacement((200, 100), (220, 110), catchments={"d": (80, 40)}, exposure_before=2)
    assert result.gross_effect == 0
    assert result.catchments[0].total.estimate == 0


def test_nothing_at_all_is_an_answer() -> None:
    result = displacement((0, 0), (0, 0), catchments={"d": (0, 0)})
    assert (result.local.estimate, result.local.pvalue, result.local.direction) == (0, 1, "unclear")
    assert result.catchments[0].reading == "undefined"


def test_inputs_are_left_alone_and_their_order_does_not_matter() -> None:
    before = np.array([4, 5, 6, 7])
    kept = before.copy()
    first = displacement((before, [1, 2, 3, 4]), ([3] * 4, [3] * 4))
    assert np.array_equal(before, kept)
    turned = displacement((before[::-1], [4, 3, 2, 1]), ([3] * 4, [3] * 4))
    assert turned.local == first.local


def test_wrong_arguments_are_refused_with_what_is_allowed() -> None:
    with pytest.raises(ValueError, match="`treated` must hold whole numbers"):
        displacement((-1, 2), (3, 4))
    with pytest.raises(ValueError, match="`control` must be a pair"):
        displacement((1, 2), (3, 4, 5))
    with pytest.raises(ValueError, match="same slices"):
        displacement(([1, 2], [3, 4]), (3, 7))
    with pytest.raises(ValueError, match="`catchment_controls` must name a catchment"):
        displacement((1, 2), (3, 4), catchments={"d": (1, 2)}, catchment_controls={"other": (1, 2)})
    with pytest.raises(ValueError, match="names of their own"):
        displacement((1, 2), (3, 4), catchments={"control": (1, 2)})
    with pytest.raises(ValueError, match="`sizes` must name one of treated, control"):
        displacement((1, 2), (3, 4), sizes={"ring": 2})
    with pytest.raises(ValueError, match="`exposure_before` must be a positive number"):
        displacement((1, 2), (3, 4), exposure_before=0)
    with pytest.raises(ValueError, match="`weights` must have one number for each part"):
        weighted_difference([displacement((1, 2), (3, 4)).local], weights=[1, 2])
