"""The analysis library: arrays in, frozen results out.

Each statistic has a module with one public question; this file gathers their names. Nothing here knows Django, files,
clocks or networks. SciPy and Numba load when a function first needs them, so that importing is quick.
"""

from lagesbild.stats._change_date import ChangePoint
from lagesbild.stats._difference import SliceSpread, WeightedDifference
from lagesbild.stats._displacement_events import Circle, displacement_of_events
from lagesbild.stats.accuracy import CellChoice, ForecastAccuracyResult, forecast_accuracy, top_cells
from lagesbild.stats.alarm import AlarmResult, alarm
from lagesbild.stats.aoristic import HourWeekdayResult, hour_weekday_profile
from lagesbild.stats.category_mix import CategoryMixResult, category_mix
from lagesbild.stats.change import ChangeResult, ChangesResult, compare_counts, compare_counts_many
from lagesbild.stats.change_point_test import ChangePointTestResult, change_point_test
from lagesbild.stats.change_points import ChangePointsResult, change_points
from lagesbild.stats.circular import CircularResult, mean_time
from lagesbild.stats.coverage import DutyCoverageResult, GapHour, ShiftMove, duty_coverage
from lagesbild.stats.density import DensityResult, density, density_of_counts
from lagesbild.stats.differencing import (
    DifferencingResult,
    DifferencingRisk,
    HiddenNumber,
    OverlappingSuppressionResult,
    differencing,
    suppress_overlapping,
)
from lagesbild.stats.disclosure import SuppressionResult, suppress
from lagesbild.stats.displacement import READINGS, Catchment, DisplacementResult, displacement, weighted_difference
from lagesbild.stats.effects.before_after import BeforeAfterResult, before_after
from lagesbild.stats.effects.difference_in_differences import DifferenceInDifferencesResult, difference_in_differences
from lagesbild.stats.effects.follow_up import FollowUpResult, follow_up_power
from lagesbild.stats.effects.interrupted_series import InterruptedSeriesResult, RatioEstimate, interrupted_series
from lagesbild.stats.emerging_hot_spots import (
    EmergingHotSpotsResult,
    emerging_hot_spots,
    emerging_hot_spots_grid,
)
from lagesbild.stats.gi_star import GiStarResult, gi_star, gi_star_grid
from lagesbild.stats.gi_star_permutation import (
    GiStarPermutationResult,
    gi_star_permutation,
    gi_star_permutation_grid,
)
from lagesbild.stats.grid import Grid
from lagesbild.stats.hot_spot_change import ClusterFate, HotSpotChangeResult, hot_spot_change
from lagesbild.stats.hot_spots import HotSpot, HotSpotsResult, hot_spots
from lagesbild.stats.hour_shift import HourShiftResult, hour_shift
from lagesbild.stats.knox import KnoxResult, knox
from lagesbild.stats.local_knox import LocalKnoxResult, local_knox
from lagesbild.stats.local_moran import LocalMoranResult, local_moran
from lagesbild.stats.max_statistic import MaxStatisticResult, max_statistic
from lagesbild.stats.moran import MoranResult, moran
from lagesbild.stats.multiple import MultipleTestsResult, benjamini_hochberg
from lagesbild.stats.narrowing import NarrowingResult, SumRange, narrowing
from lagesbild.stats.near_repeat_chains import Chain, NearRepeatChainsResult, near_repeat_chains
from lagesbild.stats.notes import NOTES, Note
from lagesbild.stats.rates import RateResult, present_on_average, rate
from lagesbild.stats.scan import (
    Population,
    ScanCluster,
    ScanResult,
    ScanWindows,
    scan_bernoulli,
    scan_permutation,
    scan_poisson,
)
from lagesbild.stats.season import (
    MonthIndex,
    SeasonResult,
    observed_days,
    seasonal_profile,
    seasonal_profile_of_counts,
)
from lagesbild.stats.spp_test import SppTestResult, spp_test
from lagesbild.stats.survey_waves import WaveComparisonResult, compare_waves
from lagesbild.stats.surveys import SurveyResult, printed_mean, printed_share, survey_mean, survey_share
from lagesbild.stats.synthetic import (
    PlantedCluster,
    PlantedHotSpot,
    PlantedMeasure,
    PlantedNearRepeats,
    SyntheticTruth,
    SyntheticWorldResult,
    synthetic_world,
)
from lagesbild.stats.trials.balance import BalanceResult, MeasureBalance, covariate_balance
from lagesbild.stats.trials.matching import MatchingResult, match_blocks
from lagesbild.stats.trials.randomise import BlockDraw, RandomisationResult, randomise
from lagesbild.stats.trials.trial_effect import BlockEffect, TrialEffectResult, trial_effect
from lagesbild.stats.visits import Visit, VisitPlanResult, plan_visits, travel_minutes
from lagesbild.stats.window import Window

__all__ = [
    "NOTES",
    "READINGS",
    "AlarmResult",
    "BalanceResult",
    "BeforeAfterResult",
    "BlockDraw",
    "BlockEffect",
    "Catchment",
    "CategoryMixResult",
    "CellChoice",
    "Chain",
    "ChangePoint",
    "ChangePointTestResult",
    "ChangePointsResult",
    "ChangeResult",
    "ChangesResult",
    "Circle",
    "CircularResult",
    "ClusterFate",
    "DensityResult",
    "DifferenceInDifferencesResult",
    "DifferencingResult",
    "DifferencingRisk",
    "DisplacementResult",
    "DutyCoverageResult",
    "EmergingHotSpotsResult",
    "FollowUpResult",
    "ForecastAccuracyResult",
    "GapHour",
    "GiStarPermutationResult",
    "GiStarResult",
    "Grid",
    "HiddenNumber",
    "HotSpot",
    "HotSpotChangeResult",
    "HotSpotsResult",
    "HourShiftResult",
    "HourWeekdayResult",
    "InterruptedSeriesResult",
    "KnoxResult",
    "LocalKnoxResult",
    "LocalMoranResult",
    "MatchingResult",
    "MaxStatisticResult",
    "MeasureBalance",
    "MonthIndex",
    "MoranResult",
    "MultipleTestsResult",
    "NarrowingResult",
    "NearRepeatChainsResult",
    "Note",
    "OverlappingSuppressionResult",
    "PlantedCluster",
    "PlantedHotSpot",
    "PlantedMeasure",
    "PlantedNearRepeats",
    "Population",
    "RandomisationResult",
    "RateResult",
    "RatioEstimate",
    "ScanCluster",
    "ScanResult",
    "ScanWindows",
    "SeasonResult",
    "ShiftMove",
    "SliceSpread",
    "SppTestResult",
    "SumRange",
    "SuppressionResult",
    "SurveyResult",
    "SyntheticTruth",
    "SyntheticWorldResult",
    "TrialEffectResult",
    "Visit",
    "VisitPlanResult",
    "WaveComparisonResult",
    "WeightedDifference",
    "Window",
    "alarm",
    "before_after",
    "benjamini_hochberg",
    "category_mix",
    "change_point_test",
    "change_points",
    "compare_counts",
    "compare_counts_many",
    "compare_waves",
    "covariate_balance",
    "density",
    "density_of_counts",
    "difference_in_differences",
    "differencing",
    "displacement",
    "displacement_of_events",
    "duty_coverage",
    "emerging_hot_spots",
    "emerging_hot_spots_grid",
    "follow_up_power",
    "forecast_accuracy",
    "gi_star",
    "gi_star_grid",
    "gi_star_permutation",
    "gi_star_permutation_grid",
    "hot_spot_change",
    "hot_spots",
    "hour_shift",
    "hour_weekday_profile",
    "interrupted_series",
    "knox",
    "local_knox",
    "local_moran",
    "match_blocks",
    "max_statistic",
    "mean_time",
    "moran",
    "narrowing",
    "near_repeat_chains",
    "observed_days",
    "plan_visits",
    "present_on_average",
    "printed_mean",
    "printed_share",
    "randomise",
    "rate",
    "scan_bernoulli",
    "scan_permutation",
    "scan_poisson",
    "seasonal_profile",
    "seasonal_profile_of_counts",
    "spp_test",
    "suppress",
    "suppress_overlapping",
    "survey_mean",
    "survey_share",
    "synthetic_world",
    "top_cells",
    "travel_minutes",
    "trial_effect",
    "weighted_difference",
]
