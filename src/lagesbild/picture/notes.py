"""The sentences behind the remarks of a picture. The library and the content speak codes; here they get words.

Every code of the methods that a picture is made with has a sentence for readers who are not analysts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from lagesbild.picture import texts
from lagesbild.picture.content import NoteFact

Sentence = str | Promise | Callable[[int], str]

SENTENCES: Mapping[str, Sentence] = {
    # the picture's own
    "picture.no_events": _("No events match these filters."),
    "picture.no_comparison_data": _("There is no data for the comparison period, so nothing is compared."),
    "picture.comparison_partly_covered": _(
        "The data covers {covered} of {days} days of the comparison period. Rates are per day covered."
    ),
    "picture.source_covers": _(
        "The source {source} has data from {first} to {last} only. Part of the change may come from that."
    ),
    "picture.period_partly_covered": _("The data covers {covered} of {days} days of the period."),
    "picture.too_few_points": _(
        "Only {n} events have a point on the map. At least {needed} are needed before hot spots are looked for."
    ),
    "picture.no_points": _(
        "The events are located by area only, never by point. They are shown by area, and hot spots are not looked for."
    ),
    "picture.some_without_point": lambda n: ngettext(
        "{n} event is located by area only or not at all. It counts in figures and charts but not on the map.",
        "{n} events are located by area only or not at all. They count in figures and charts but not on the map.",
        n,
    ),
    "picture.outside_study_area": lambda n: ngettext(
        "{n} event with a point lies outside the study area and is not on the map.",
        "{n} events with a point lie outside the study area and are not on the map.",
        n,
    ),
    "picture.no_study_area": _(
        "There are no areas in this collaboration, so the study area is the rectangle round the events. "
        "Empty ground in it makes hot spots look stronger than they are."
    ),
    "picture.chosen_high": _(
        "Hot spots are chosen because they are high now. Some of the rise of a new one, and some of the fall of a "
        "fading one, is chance."
    ),
    "picture.more_spots": lambda n: ngettext(
        "{n} smaller hot spot is not listed; the {shown} with most events are.",
        "{n} smaller hot spots are not listed; the {shown} with most events are.",
        n,
    ),
    "picture.hour_filter": lambda n: ngettext(
        "{n} event has no known hour and is left out while hours are chosen.",
        "{n} events have no known hour and are left out while hours are chosen.",
        n,
    ),
    "picture.rounded": _(
        "The data belongs to another organisation: numbers below {threshold} are hidden and the others are rounded to "
        "the nearest {threshold}. Changes and rates are worked out from the rounded numbers, and parts need not add up."
    ),
    "picture.hidden": _("Numbers below {threshold} are hidden, since the data belongs to another organisation."),
    "picture.unmapped": lambda n: ngettext(
        "{n} event has a type that no category holds. It counts in totals, not in categories.",
        "{n} events have a type that no category holds. They count in totals, not in categories.",
        n,
    ),
    "picture.population_missing": lambda n: ngettext(
        "{n} area has no known population, and so no rate.",
        "{n} areas have no known population, and so no rate.",
        n,
    ),
    "picture.population_small": lambda n: ngettext(
        "{n} area has fewer than {least} residents, too few for a rate.",
        "{n} areas have fewer than {least} residents, too few for a rate.",
        n,
    ),
    "picture.month_only": lambda n: ngettext(
        "{n} event has only a month. It is not in the profile of hours and weekdays.",
        "{n} events have only a month. They are not in the profile of hours and weekdays.",
        n,
    ),
    "picture.season_short": _("The data covers less than a whole year, so the seasons cannot be told from the trend."),
    # the library's
    "aoristic.end_before_start": lambda n: ngettext(
        "{n} event ends before it starts. It counts at its start.",
        "{n} events end before they start. They count at their start.",
        n,
    ),
    "aoristic.long_interval": lambda n: ngettext(
        "{n} event may have happened at any time in a week or more. It is spread evenly.",
        "{n} events may have happened at any time in a week or more. They are spread evenly.",
        n,
    ),
    "aoristic.no_events": _("There are no events, so there is no profile."),
    "aoristic.hour_unknown": lambda n: ngettext(
        "{n} event has a date but no time of day. It counts in weekdays, not in hours.",
        "{n} events have a date but no time of day. They count in weekdays, not in hours.",
        n,
    ),
    "change.both_zero": _("No events in either period, so the change is unknown."),
    "change.before_zero": _("No events before, so the ratio has no value, only a lower limit."),
    "change.areas_without_events": _("{n} areas have no events in either period and are not tested."),
    "change.many_tests": _("{n} areas are tested at once. The p-values are corrected for that."),
    "density.events_outside": _("{n} events lie outside the study area and are not counted."),
    "density.narrow_bandwidth": _("The smoothing is narrower than two cells, so the map shows mostly the grid."),
    "density.no_events": _("There are no events in the study area."),
    "disclosure.all_hidden": _("The numbers are too small to show any of them."),
    "gi_star.few_cells": _("Only {n} cells are compared. The p-values are rough below 30."),
    "gi_star.few_events": _(
        "A neighbourhood holds {expected} events on average. Below 5 the p-values are too small: read the hot spots "
        "as places to look at, not as proof."
    ),
    "gi_star.no_neighbours": _("{n} cells have no neighbours and are not tested."),
    "gi_star.self_missing": _("{n} rows of the weights leave out the cell itself."),
    "gi_star.too_few_cells": _("At least two cells are needed to compare."),
    "gi_star.whole_area": _("{n} cells have the whole study area as neighbours and cannot stand out."),
    "gi_star.zero_variance": _("All cells hold the same number, so nothing stands out."),
    "gi_star_permutation.coarse": _(
        "With {n_replicates} replicates no p-value is below {least}. Few of {n} places can stand after correction."
    ),
    "hot_spots.below_min_count": lambda n: ngettext(
        "{n} cluster with fewer than {min_count} events is left out.",
        "{n} clusters with fewer than {min_count} events are left out.",
        n,
    ),
    "hot_spots.none": _("No place stands out after correction for all the places looked at."),
    "knox.few_pairs": _("In {n} bands fewer than one pair is expected. The ratios there are rough."),
    "knox.nothing_varies": _("All events share one time or one distance, so there is nothing to compare."),
    "knox.ratio_unknown": _("In {n} bands the replicates have no pair, so there is no ratio."),
    "knox.too_few_events": _("At least two events are needed to make a pair."),
    "local_knox.none": _("No event stands out after correction for all {n} of them."),
    "moran.few_places": _("Only {n} places are compared. The normal distribution is rough below 30."),
    "moran.no_neighbours": _("{n} places have no neighbours and add nothing."),
    "moran.self_left_out": _("{n} places were listed as their own neighbours. Those weights are left out."),
    "moran.too_few_places": _("At least four places, two of them neighbours, are needed."),
    "moran.zero_variance": _("All places hold the same value, so there is nothing to compare."),
    "near_repeat_chains.none": _("No two events are near each other in both space and time."),
    "rate.population_unknown": _("The population is unknown or zero, so there is no rate."),
    "season.few_events": _("Only {n} events in all. The months cannot be told apart."),
    "season.no_events": _("There are no events, so there is no profile."),
    "season.partial_year": _("{n} calendar months were observed. The average is of those."),
}


def sentence(note: NoteFact) -> str:
    """The remark in the active language, filled in after translation."""
    n = note.values.get("n", 0)
    return wording(note.code, n if isinstance(n, int) else 2).format(
        **{name: _value(value) for name, value in note.values.items()}
    )


def wording(code: str, n: int) -> str:
    """The sentence of a code for so many, not filled in yet."""
    found = SENTENCES[code]
    return found(n) if callable(found) else str(found)


def _value(value: object) -> str:
    return texts.number(value) if isinstance(value, (int, float)) else str(value)
