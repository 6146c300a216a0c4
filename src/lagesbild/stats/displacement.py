"""Displacement and diffusion of benefit: did events move round the corner, or did the surroundings gain as well?

Here live the weighted displacement quotient (WDQ) with its reading, and beside it always the weighted displacement
difference (WDD) with its interval. Which events lie in which ring or place is in `_displacement_events`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from lagesbild.stats._arrays import ArrayLike, require_positive, require_share
from lagesbild.stats._difference import Counted, Terms, WeightedDifference, counted, weighted_sum
from lagesbild.stats._result import Result
from lagesbild.stats.notes import Note

Reading = Literal[
    "diffusion_larger",
    "diffusion",
    "none",
    "displacement_smaller",
    "displacement_cancels",
    "displacement_larger",
    "no_effect",
    "undefined",
]
Pair = Sequence[ArrayLike]

READINGS: Mapping[Reading, str] = {
    "diffusion_larger": "The surroundings gained more than the place itself.",
    "diffusion": "The surroundings gained as well, less than the place itself.",
    "none": "The surroundings neither gained nor lost.",
    "displacement_smaller": "Events moved to the surroundings, fewer than the place gained.",
    "displacement_cancels": "Events moved to the surroundings, as many as the place gained.",
    "displacement_larger": "Events moved to the surroundings, more than the place gained.",
    "no_effect": "The place did no better than the control, so there is no effect to displace.",
    "undefined": "The control has no events in a period, so the quotient is undefined.",
}
FEW_EVENTS = 5
UNLIKE_CONTROL = 2.0
MUCH_DISPERSION = 1.5


@dataclass(frozen=True, kw_only=True)
class Catchment:
    """What happened in one ring or named place, where displaced events could show.

    ``buffer`` is D_a/C_a - D_b/C_b. ``displaced`` is the difference of the catchment alone, ``total`` that of place and
    catchment together.
    """

    name: str
    before: int
    after: int
    control_before: int | None
    control_after: int | None
    buffer: float | None
    wdq: float | None
    reading: Reading
    total_net_effect: float | None
    displaced: WeightedDifference
    total: WeightedDifference


@dataclass(frozen=True, eq=False, kw_only=True)
class DisplacementResult(Result):
    """The effect in the place itself, then each catchment, then all of them together if there are several."""

    method: ClassVar[str] = "displacement"
    version: ClassVar[str] = "1"

    treated_before: int
    treated_after: int
    control_before: int
    control_after: int
    gross_effect: float
    net_effect: float | None
    success: float | None
    local: WeightedDifference
    catchments: tuple[Catchment, ...]
    together: Catchment | None


def displacement(
    treated: Pair,
    control: Pair,
    *,
    catchments: Mapping[str, Pair] | None = None,
    catchment_controls: Mapping[str, Pair] | None = None,
    exposure_before: float = 1.0,
    exposure_after: float = 1.0,
    sizes: Mapping[str, float] | None = None,
    conf: float = 0.95,
) -> DisplacementResult:
    """Did events move from a place with a measure to its surroundings, and what was gained altogether?

    Null hypothesis of each difference: place and control, or catchment and its control, changed by as many events.

    Parameters
    ----------
    treated, control : pair (before, after)
        Counts of the place with the measure, and of a place like it without. A count is a whole number, or an array of
        counts in slices of equal length (weeks, months) within the period; then all must have the same slices.
    catchments : mapping of name to pair, optional
        Rings and named places where displaced events could show. They share no ground with each other or the rest.
    catchment_controls : mapping of name to pair, optional
        For each of these catchments a place like it, far enough away.
    exposure_before, exposure_after : float > 0
        How much was observed in each period. Differences are events per unit of it: with 2 and 1, two years before and
        one after, they are events per year.
    sizes : mapping of name to float, optional
        Area, length of street or other size of "treated", "control", each catchment, and "control of NAME". Differences
        are then per unit of size. The quotient does not use it. Default: 1.
    conf : float in (0, 1)
        Level of the intervals.

    Returns
    -------
    DisplacementResult
        ``gross_effect`` (R_b - R_a), ``net_effect`` (R_b/C_b - R_a/C_a), ``success`` (its opposite: below 0 when it
        worked), ``local`` (WDD of the place alone); ``catchments``, each with ``wdq``, ``reading``,
        ``total_net_effect``, ``displaced``, ``total`` (WDD with catchment); ``together``; ``notes``.
        A difference has ``estimate``, ``se``, ``z``, ``pvalue`` (0, 1], ``low``, ``high``, ``direction``, ``slices``.

    Raises
    ------
    ValueError
        If a count is negative or not whole, slices differ in number, or a control or size names no catchment.

    Notes
    -----
    R, D, C: counts of place, catchment, control; b before, a after; CD the control of the catchment.

    1. WDQ = (D_a/C_a - D_b/C_b) / (R_a/C_a - R_b/C_b) ([1]_). It is given only when the denominator is below 0; above 0
       there is no effect to displace. ``reading``: above 1 diffusion larger than the effect, 0 to 1 diffusion, 0 none,
       -1 to 0 displacement smaller than the gain, -1 as large, below -1 larger; 0 and -1 to two decimals.
    2. WDQ has no standard error. WDD = (R_a - R_b) - (C_a - C_b) + (D_a - D_b) - (CD_a - CD_b), with the sum of all
       eight counts as variance and a normal interval ([2]_); with exposures and sizes each count is divided by both,
       and by their squares in the variance. A catchment without a control has CD = 0.
    3. Assumptions: counts are Poisson and independent; without the measure place and control would have changed by as
       many events, so control and place should have counts alike. Notes tell of few events and of an unlike control.
    4. With slices, ``slices`` has Welch's interval from how the difference varies from slice to slice. What place and
       control share, such as season, cancels, and bursts widen it. It takes slices to be independent.
       ``dispersion`` above 1 says that the Poisson interval is too narrow.
    5. ``total_net_effect`` = (R_b C_a/C_b - R_a) + (D_b C_a/C_b - D_a): events prevented, in the period after.
    6. Several catchments are several tests. ``together`` adds them up.

    Cost: O(catchments x slices).

    References
    ----------
    .. [1] Bowers, K. J. and Johnson, S. D. (2003). Measuring the geographical displacement and diffusion of benefit
       effects of crime prevention activity. Journal of Quantitative Criminology 19(3), 275-301.
    .. [2] Wheeler, A. P. and Ratcliffe, J. H. (2018). A simple weighted displacement difference test to evaluate place
       based crime interventions. Crime Science 7, 11. doi:10.1186/s40163-018-0085-5.
    """
    terms = Terms(
        require_positive("exposure_before", exposure_before, unit="days or other exposure"),
        require_positive("exposure_after", exposure_after, unit="days or other exposure"),
        require_share("conf", conf),
    )
    zones = _Zones.read(treated, control, catchments or {}, catchment_controls or {}, sizes or {})
    found = tuple(zones.catchment(name, [name], terms) for name in zones.catchments)
    together = zones.catchment("together", list(zones.catchments), terms) if len(found) > 1 else None
    local = terms.difference([zones.treated], [zones.control])
    totals = [each.total for each in (*found, *([together] if together else []))]
    success = _ratio_change(zones.treated, zones.control)
    return DisplacementResult(
        treated_before=zones.treated.n_before,
        treated_after=zones.treated.n_after,
        control_before=zones.control.n_before,
        control_after=zones.control.n_after,
        gross_effect=zones.treated.n_before / exposure_before - zones.treated.n_after / exposure_after,
        net_effect=None if success is None else -success,
        success=success,
        local=local,
        catchments=found,
        together=together,
        parameters={
            "exposure_before": float(exposure_before),
            "exposure_after": float(exposure_after),
            "sizes": {name: float(size) for name, size in (sizes or {}).items()},
            "conf": float(conf),
        },
        notes=_notes(zones, terms, [local, *totals], found),
    )


def weighted_difference(
    parts: Sequence[WeightedDifference], *, weights: Sequence[float], conf: float = 0.95
) -> WeightedDifference:
    """How much harm did a measure prevent, when kinds of events weigh differently?

    Parameters
    ----------
    parts : sequence of WeightedDifference
        The difference of each kind of event, such as ``result.local`` for robbery, then for theft.
    weights : sequence of float
        What one event of each kind weighs, such as days of a harm index.
    conf : float in (0, 1)
        Level of the interval.

    Returns
    -------
    WeightedDifference
        Σ w_i times estimate i, in units of the weights.

    Raises
    ------
    ValueError
        If there are not as many weights as parts, or a weight is not a finite number.

    Notes
    -----
    Kinds are taken as independent: the variance is Σ w_i² se_i², from the Poisson errors. Kinds that rise and fall
    together make it too small. Cost: O(kinds).

    References
    ----------
    .. [1] Wheeler, A. P. and Ratcliffe, J. H. (2018), as for `displacement`; the sum is ours.
    """
    if len(parts) != len(weights):
        raise ValueError(f"`weights` must have one number for each part. Got {len(weights)} for {len(parts)}.")
    given = [float(each) for each in weights]
    if not all(abs(each) < float("inf") for each in given):
        raise ValueError("`weights` must hold finite numbers only. Got NaN or infinity.")
    return weighted_sum(parts, given, conf=require_share("conf", conf))


@dataclass(frozen=True, eq=False)
class _Zones:
    treated: Counted
    control: Counted
    catchments: Mapping[str, Counted]
    controls: Mapping[str, Counted]

    @classmethod
    def read(
        cls,
        treated: Pair,
        control: Pair,
        catchments: Mapping[str, Pair],
        controls: Mapping[str, Pair],
        sizes: Mapping[str, float],
    ) -> _Zones:
        for name in controls:
            if name not in catchments:
                raise ValueError(f"`catchment_controls` must name a catchment. Got {name!r}.")
        own = {f"control of {name}": pair for name, pair in controls.items()}
        given = {"treated": treated, "control": control, **catchments, **own}
        if len(given) != 2 + len(catchments) + len(own):
            raise ValueError('`catchments` must have names of their own. Got "treated", "control" or a name twice.')
        for name in sizes:
            if name not in given:
                raise ValueError(f"`sizes` must name one of {', '.join(given)}. Got {name!r}.")
        read = {name: counted(name, pair, size=sizes.get(name, 1.0)) for name, pair in given.items()}
        slices = {(len(each.before), len(each.after)) for each in read.values()}
        if len(slices) > 1:
            raise ValueError(f"All counts must have the same slices before and after. Got {sorted(slices)}.")
        return cls(
            read["treated"],
            read["control"],
            {name: read[name] for name in catchments},
            {name: read[f"control of {name}"] for name in controls},
        )

    def catchment(self, name: str, names: Sequence[str], terms: Terms) -> Catchment:
        """One catchment, or several added up."""
        places = [self.catchments[each] for each in names]
        controls = [self.controls[each] for each in names if each in self.controls]
        pooled = _pooled(places)
        buffer, success = _ratio_change(pooled, self.control), _ratio_change(self.treated, self.control)
        worked = self.worked()
        wdq = buffer / success if worked and buffer is not None and success else None
        own = _pooled(controls) if controls else None
        return Catchment(
            name=name,
            before=pooled.n_before,
            after=pooled.n_after,
            control_before=own.n_before if own else None,
            control_after=own.n_after if own else None,
            buffer=buffer,
            wdq=wdq,
            reading=_reading(wdq, defined=success is not None),
            total_net_effect=self._total_net_effect(pooled),
            displaced=terms.difference(places, controls),
            total=terms.difference([self.treated, *places], [self.control, *controls]),
        )

    def worked(self) -> bool:
        """R_a/C_a < R_b/C_b, in whole numbers so that equal shares are equal."""
        r, c = self.treated, self.control
        return c.n_before > 0 and c.n_after > 0 and r.n_after * c.n_before < r.n_before * c.n_after

    def _total_net_effect(self, catchment: Counted) -> float | None:
        if self.control.n_before == 0:
            return None
        change = self.control.n_after / self.control.n_before
        return sum(each.n_before * change - each.n_after for each in (self.treated, catchment))


def _pooled(places: Sequence[Counted]) -> Counted:
    return Counted(np.sum([each.before for each in places], axis=0), np.sum([each.after for each in places], axis=0))


def _ratio_change(place: Counted, control: Counted) -> float | None:
    if control.n_before == 0 or control.n_after == 0:
        return None
    return place.n_after / control.n_after - place.n_before / control.n_before


def _reading(wdq: float | None, *, defined: bool) -> Reading:
    if wdq is None:
        return "no_effect" if defined else "undefined"
    if abs(wdq) < 0.005:
        return "none"
    if abs(wdq + 1) < 0.005:
        return "displacement_cancels"
    if wdq > 0:
        return "diffusion_larger" if wdq > 1 else "diffusion"
    return "displacement_smaller" if wdq > -1 else "displacement_larger"


def _notes(
    zones: _Zones, terms: Terms, differences: Sequence[WeightedDifference], found: Sequence[Catchment]
) -> tuple[Note, ...]:
    notes = []
    every = (zones.treated, zones.control, *zones.catchments.values(), *zones.controls.values())
    fewest = min(min(each.n_before, each.n_after) for each in every)
    if 0 in (zones.control.n_before, zones.control.n_after):
        notes.append(Note("displacement.control_zero"))
    elif not zones.worked():
        notes.append(Note("displacement.no_effect"))
    if any(each.wdq is not None and each.total.direction == "unclear" for each in found):
        notes.append(Note("displacement.unclear"))
    if fewest < FEW_EVENTS:
        notes.append(Note("displacement.few_events", {"n": fewest, "needed": FEW_EVENTS}))
    alike = _level(zones.control, terms) / max(_level(zones.treated, terms), 1e-300)
    if not 1 / UNLIKE_CONTROL <= alike <= UNLIKE_CONTROL and zones.treated.n_before:
        notes.append(Note("displacement.unlike_control", {"ratio": round(alike, 2)}))
    missing = len(zones.catchments) - len(zones.controls)
    if missing:
        notes.append(Note("displacement.catchment_without_control", {"n": missing}))
    spread = max((each.slices.dispersion or 0.0 for each in differences if each.slices), default=0.0)
    if spread > MUCH_DISPERSION:
        notes.append(Note("displacement.dispersed", {"ratio": round(spread, 2)}))
    if len(zones.catchments) > 1:
        notes.append(Note("displacement.many_catchments", {"n": len(zones.catchments)}))
    return tuple(notes)


def _level(place: Counted, terms: Terms) -> float:
    """Events before per unit of size."""
    return place.n_before / place.size / terms.exposure_before
