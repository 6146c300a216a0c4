"""What a result can add to its numbers: stable codes with their English sentences.

The library speaks codes; the product translates the sentence and fills in the values afterwards.
Here lives the list of notes. When a note is given is decided by the statistic.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

NOTES: Mapping[str, str] = {
    "accuracy.areas_differ": "Cells differ in size, so the best possible choice is an upper limit.",
    "accuracy.few_events": "The choices differ by fewer than {limit} events. The interval of the difference is rough.",
    "accuracy.no_events": "Nothing happened in the period, so there is nothing to catch.",
    "accuracy.nothing_chosen": "No cell was chosen.",
    "accuracy.ties": "{n} cells tied for last period's choice. The same part of each is taken.",
    "alarm.autocorrelated": "Neighbouring periods are alike (correlation {r}). False alarms come in clusters.",
    "alarm.few_events": "There are few events, so the level is taken as constant, without season and trend.",
    "alarm.no_fit": "Season and trend could not be told from chance, so the level is taken as constant.",
    "alarm.no_season": "The past is shorter than two years, so a season looks like an alarm.",
    "alarm.too_short": "Only {n} periods of the past are known, and {needed} are needed for a bound.",
    "aoristic.end_before_start": "{n} events end before they start. They count at their start.",
    "aoristic.long_interval": "{n} events may have happened at any time in a week or more. They are spread evenly.",
    "aoristic.no_events": "There are no events, so there is no profile.",
    "aoristic.hour_unknown": "{n} events have a date but no time of day. They count in weekdays, not in hours.",
    "balance.one_group": "There are not two places or more in both groups, so evenness cannot be measured.",
    "balance.uneven": "{n} measures differ by more than a quarter of a standard deviation between the groups.",
    "before_after.autocorrelated": (
        "Periods next to each other are alike (correlation {r}). The interval is too narrow."
    ),
    "before_after.few_periods": "There are only {n} periods. How much they vary is known roughly.",
    "category_mix.empty_categories": "{n} categories have no events in either period and are not tested.",
    "category_mix.no_events": "A period has no events, so there is no mix to compare.",
    "category_mix.one_category": "All events are of one category, so there is nothing to compare.",
    "change.both_zero": "No events in either period, so the change is unknown.",
    "change.before_zero": "No events before, so the ratio has no value, only a lower limit.",
    "change.areas_without_events": "{n} areas have no events in either period and are not tested.",
    "change.many_tests": "{n} areas are tested at once. Use the corrected p-values.",
    "circular.few_events": "The times tell as much as {n} known moments. Below 25 the limits are rough.",
    "circular.no_direction": "The times may as well be spread evenly or evenly balanced, so the mean says little.",
    "change_points.few_periods": "The series has only {n} periods. Changes are found and missed by chance.",
    "change_points.no_events": "There are no events, so nothing can change.",
    "change_points.none": "No change stands out. That does not prove that there was none.",
    "change_points.too_few_periods": "The series has {n} periods, and {needed} are needed to look for a change.",
    "coverage.few_events": "There are fewer than {limit} events. Which hours lack cover is largely chance.",
    "coverage.no_better_move": "No move of a shift would cover more events.",
    "coverage.no_events": "There are no events, so there is nothing to cover.",
    "coverage.nobody_on_duty": "Nobody is on duty at any hour.",
    "density.events_outside": "{n} events lie outside the study area and are not counted.",
    "density.narrow_bandwidth": "The bandwidth is below two cells, so the grid shows more than the smoothing.",
    "density.no_events": "There are no events in the study area.",
    "difference_in_differences.few_areas": (
        "One group has only {n} areas. The interval between areas is rough; rely on p."
    ),
    "difference_in_differences.trend_unknown": "There are not enough periods before the start to compare trends.",
    "difference_in_differences.trends_differ": (
        "The groups developed differently before the start (p {p}). The difference after it may be no effect."
    ),
    "difference_in_differences.unlike_areas": (
        "One group has more than twice as many events by area as the other. Compare areas that are alike."
    ),
    "differencing.at_risk": "{n} small numbers can be worked out, or nearly so, from what is shown.",
    "narrowing.inconsistent": "The numbers contradict each other, so nothing can be said of the sums.",
    "disclosure.all_hidden": "The numbers are too small to show any of them.",
    "displacement.catchment_without_control": (
        "Catchments without a control: {n}. What happened all over town counts there as moved or gained."
    ),
    "displacement.control_zero": "The control has no events in a period, so the quotient has no value.",
    "displacement.dispersed": (
        "The difference varies {ratio} times as much as by chance. Use the interval from the slices."
    ),
    "displacement.few_events": "A count is {n}. Below {needed} the interval of the difference is rough.",
    "displacement.many_catchments": "{n} catchments are looked at. Some stand out by chance alone.",
    "displacement.no_effect": "The place did no better than the control, so there is no effect to displace.",
    "displacement.unclear": "What the quotient shows may be chance: the interval of the total difference holds 0.",
    "displacement.unequal_periods": (
        "The periods last {before} and {after} days. Differences are events in as long a period as the second."
    ),
    "displacement.unlike_control": (
        "The control has {ratio} times as many events as the place. Choose one with about as many, or give sizes."
    ),
    "effect.fell": "Events fell: {change} %, between {low} % and {high} % at {conf} % confidence.",
    "effect.few_assignments": (
        "There are only {n} ways to choose who gets the measure, too few to set limits at this level."
    ),
    "effect.few_events": "Only {n} events in one of the sums. The numbers are rough below 10.",
    "effect.no_comparison": (
        "Nothing was compared with: season, trend and the choice of a bad moment are in the change too."
    ),
    "effect.rose": "Events rose: {change} %, between {low} % and {high} % at {conf} % confidence.",
    "effect.rose_open": "Events rose: {change} %, at least {low} % at {conf} % confidence; there is no upper limit.",
    "effect.unclear": (
        "No change can be told from chance: {change} %, and all from {low} % to {high} % fits at {conf} % confidence."
    ),
    "effect.unclear_open": (
        "No change can be told from chance: {change} %, and all from {low} % upwards fits at {conf} % confidence."
    ),
    "effect.unknown": "There are too few events to say whether anything changed.",
    "emerging_hot_spots.few_periods": "There are {n} periods. A trend cannot be told with fewer than {needed}.",
    "emerging_hot_spots.none": "No place stands out in any period after correction.",
    "follow_up.enough": "An effect of {ratio} times as many would be seen in {power} of 100 such studies.",
    "follow_up.few_areas": (
        "There are only {n} ways to choose the areas, so p by random assignment cannot become small enough."
    ),
    "follow_up.few_events": (
        "Only {n} events are expected in one of the sums. Trust the simulation more than the formula."
    ),
    "follow_up.too_small": (
        "An effect of {ratio} times as many would be seen in {power} of 100 such studies; {target} are wanted."
    ),
    "gi_star.few_cells": "Only {n} cells are compared. The p-values are rough below 30.",
    "gi_star.few_events": "A neighbourhood holds {expected} events on average. Below 5 the p-values are too small.",
    "gi_star.no_neighbours": "{n} cells have no neighbours and are not tested.",
    "gi_star.self_missing": "{n} rows of the weights leave out the cell itself.",
    "gi_star.too_few_cells": "At least two cells are needed to compare.",
    "gi_star.whole_area": "{n} cells have the whole study area as neighbours and cannot stand out.",
    "gi_star.zero_variance": "All cells hold the same number, so nothing stands out.",
    "gi_star_permutation.coarse": (
        "With {n_replicates} replicates no p-value is below {least}. Few of {n} places can stand after correction."
    ),
    "hot_spots.below_min_count": "{n} clusters with fewer than {min_count} events are left out.",
    "hot_spots.none": "No cell stands out after correction.",
    "hour_shift.few_events": "One period has only {n} events for {cells} hours or days. Single ones tell little.",
    "hour_shift.one_side": "There must be events both before and after, so nothing is compared.",
    "interrupted_series.autocorrelated": (
        "Periods near each other are alike (p {p}). The intervals are too narrow; ask for autoregressive errors."
    ),
    "interrupted_series.few_periods": (
        "There are only {n} periods on one side of the start. Trend and season are known roughly."
    ),
    "interrupted_series.no_control": (
        "There is no series to compare with. Whatever else came at that time is in the effect."
    ),
    "interrupted_series.no_season": (
        "Season was not allowed for. It is in the effect, unless both sides are whole years."
    ),
    "interrupted_series.not_fitted": "The series is too short or too empty for this model.",
    "knox.few_pairs": "In {n} bands fewer than one pair is expected. The ratios there are rough.",
    "knox.nothing_varies": "All events share one time or one distance, so there is nothing to compare.",
    "knox.ratio_unknown": "In {n} bands the replicates have no pair, so there is no ratio.",
    "knox.too_few_events": "At least two events are needed to make a pair.",
    "local_knox.none": "No event stands out after correction for all {n} of them.",
    "matching.larger_blocks": (
        "{n} blocks have more than {size} places, since the number of places does not divide evenly."
    ),
    "moran.few_places": "Only {n} places are compared. The normal distribution is rough below 30.",
    "moran.no_neighbours": "{n} places have no neighbours and add nothing.",
    "moran.self_left_out": "{n} places were listed as their own neighbours. Those weights are left out.",
    "moran.too_few_places": "At least four places, two of them neighbours, are needed.",
    "moran.zero_variance": "All places hold the same value, so there is nothing to compare.",
    "near_repeat_chains.none": "No two events are near each other in both space and time.",
    "rate.population_unknown": "The population is unknown or zero, so there is no rate.",
    "scan.moved_to_place": "{n} cases do not lie on a place and count at the nearest one.",
    "scan.no_cluster": "No window holds more cases than expected.",
    "scan.nothing_varies": "All cases share one place or one time, or all are cases, so there is nothing to compare.",
    "scan.outside_period": "{n} cases lie outside the period and are left out.",
    "scan.stopped_early": "The replicates stopped at {n}, when the p-value could no longer be small.",
    "scan.too_few_cases": "There are too few cases to make a cluster.",
    "season.few_events": "Only {n} events in all. The months cannot be told apart.",
    "season.no_events": "There are no events, so there is no profile.",
    "season.partial_year": "{n} calendar months were observed. The average is of those.",
    "spp_test.description": (
        "The S-index describes how alike the patterns look. Whether chance explains it is said by p."
    ),
    "spp_test.empty_areas": (
        "Areas without events in either pattern: {n}. They count as similar in S, not in the robust S."
    ),
    "spp_test.no_events": "A pattern has no events, so there is nothing to compare.",
    "spp_test.without_test_events": (
        "Areas with base events only: {n}. Their interval is a point, and they always differ."
    ),
    "survey.lonely_strata": "{n} strata have one answer. They are held against the mean of all.",
    "survey.no_difference": "One of the waves has too few answers to be shown, so there is no difference.",
    "survey.no_interval": "The number of answers or their spread is not known, so chance cannot be told from change.",
    "survey.too_few_answers": "Fewer than {min_n} people answered. Nothing is shown.",
    "synthetic.no_events": "Nothing happened in this world.",
    "trial.blocks_without_comparison": (
        "{n} blocks have only places with the measure, or only places without. They tell nothing."
    ),
    "trial.few_places": "There are only {n} places. Only a very large effect could be seen.",
    "trial.fewer": (
        "There were fewer events with the measure: {difference} by place, from {low} to {high} at {conf} % confidence."
    ),
    "trial.more": (
        "There were more events with the measure: {difference} by place, from {low} to {high} at {conf} % confidence."
    ),
    "trial.unclear": (
        "No effect can be told from chance: {difference} by place; {low} to {high} fits at {conf} % confidence."
    ),
    "trial.unclear_open": "The difference is {difference} by place, but there are too few places to set limits.",
    "trial.unknown": "No block has places both with and without the measure, so there is nothing to compare.",
    "visits.none": "There is no time for any visit.",
    "visits.not_proven": "The best plan found reaches at least {least_pct} % of what any plan could.",
    "visits.unusual_length": "Visits are usually from {low:g} to {high:g} minutes long.",
}


@dataclass(frozen=True, slots=True)
class Note:
    """One remark: a code of `NOTES` and the values its sentence needs."""

    code: str
    values: Mapping[str, int | float | str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.code not in NOTES:
            raise ValueError(f"`code` must be listed in NOTES. Got {self.code!r}.")

    @property
    def text(self) -> str:
        """The English sentence with its values."""
        return NOTES[self.code].format(**self.values)

    def to_dict(self) -> dict[str, object]:
        """Code and values, ready for JSON."""
        return {"code": self.code, "values": dict(self.values)}
