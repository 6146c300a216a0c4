"""What a picture says, as one frozen structure: page, CSV, JSON, PDF and Word are all made from it.

Everything is plain facts without language: names come in both languages, remarks are codes with values
(``notes.py`` has the sentences). Computing it is ``compute.py``; drawing it is ``charts.py`` and the templates.

Counts of None are hidden: smaller than the threshold and seen from outside the owner organisation, where the others
are rounded (``disclosure.py``). Values are kept to six significant digits when the content is made, so that the same
picture has the same digest everywhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

from lagesbild.picture import codec
from lagesbild.picture.beside import Reports, Zones

FORMAT = 1

Comparison = Literal["year", "previous", "none"]
Status = Literal["new", "persistent", "fading"]
GeoJson = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Period:
    """Half-open local dates; ``last_on`` is the last day that counts."""

    from_on: date
    to_on: date

    @property
    def days(self) -> int:
        return (self.to_on - self.from_on).days

    @property
    def last_on(self) -> date:
        return self.to_on - timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Named:
    """Something with a code and a name; ``name_en`` is empty where there is only one."""

    code: str
    name: str
    name_en: str = ""


@dataclass(frozen=True, kw_only=True)
class SourceFact:
    """A source that the picture rests on."""

    slug: str
    name: str
    owner: str
    is_exercise: bool


@dataclass(frozen=True, kw_only=True)
class Question:
    """What was asked. ``filters`` is the `EventFilter` in plain form, the rest is for reading."""

    collaboration: str
    collaboration_name: str
    period: Period
    comparison: Comparison
    comparison_period: Period | None
    filters: dict[str, Any]
    categories: tuple[Named, ...] = ()
    areas: tuple[Named, ...] = ()
    place: Named | None = None
    hours: tuple[int, ...] = ()
    weekdays: tuple[int, ...] = ()
    months: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Basis:
    """What the picture rests on: enough to make it again."""

    data_version: int | None
    method_versions: dict[str, str]
    mapping_digest: str
    sources: tuple[SourceFact, ...]
    data_from_on: date | None
    data_to_on: date | None


@dataclass(frozen=True, kw_only=True)
class Change:
    """Rate after over rate before. ``p_adjusted`` is corrected for how many were compared in the same table."""

    ratio: float | None
    low: float | None
    high: float | None
    pvalue: float
    p_adjusted: float | None = None

    @property
    def change_pct(self) -> float | None:
        return None if self.ratio is None else (self.ratio - 1.0) * 100.0

    @property
    def is_clear(self) -> bool:
        """Whether chance is a poor explanation (5 per cent, after correction where there is one)."""
        return (self.pvalue if self.p_adjusted is None else self.p_adjusted) < 0.05


@dataclass(frozen=True, kw_only=True)
class Totals:
    """All that was found, and how well it is located. ``n_before`` is None where nothing could be compared."""

    n: int | None
    n_before: int | None
    change: Change | None
    days: int
    days_before: int
    n_points: int | None
    n_area_only: int | None
    n_municipality_only: int | None
    n_withheld: int | None
    n_outside_study_area: int | None
    n_hour_unknown: int | None


@dataclass(frozen=True, kw_only=True)
class SeriesPoint:
    """One week, month or day. Partial: the period or the data covers only ``days_covered`` days of it."""

    from_on: date
    to_on: date
    n: int | None
    n_before: int | None
    partial: bool
    days_covered: int


@dataclass(frozen=True, kw_only=True)
class Series:
    """Events through the period, and through the comparison period beside it, step by step."""

    unit: Literal["day", "week", "month"]
    points: tuple[SeriesPoint, ...]


@dataclass(frozen=True, kw_only=True)
class WeekProfile:
    """Hour × weekday, Monday first; events with an interval are shared over the hours that it covers."""

    hours: tuple[tuple[float | None, ...], ...]
    hour_unknown: tuple[int | None, ...]
    by_hour: tuple[float | None, ...]
    by_weekday: tuple[float | None, ...]
    by_hour_before: tuple[float | None, ...] = ()
    by_weekday_before: tuple[float | None, ...] = ()
    n_intervals: int = 0


@dataclass(frozen=True, kw_only=True)
class MonthRow:
    """One calendar month: index 1 is an average month; None where nothing was observed."""

    month: int
    n: int | None
    index: float | None
    low: float | None
    high: float | None
    days: float


@dataclass(frozen=True, kw_only=True)
class Season:
    """The year's shape over all data up to the end of the period, with the same filters."""

    period: Period
    months: tuple[MonthRow, ...]


@dataclass(frozen=True, kw_only=True)
class SpotName:
    """Where a hot spot lies: at a named place (``near``: round it), in an area, or only coordinates."""

    name: str
    kind: Literal["place", "area", "coordinates"]
    near: bool = True


@dataclass(frozen=True, kw_only=True)
class HotSpot:
    """One hot spot with its support. Fading ones stood out in the comparison period; their p is from there."""

    rank: int
    key: str
    name: SpotName
    status: Status | None
    n: int | None
    n_before: int | None
    expected: float
    change: Change | None
    p_adjusted: float
    z_max: float
    area_m2: float
    n_cells: int
    x: float
    y: float
    lon: float
    lat: float
    geometry: GeoJson


@dataclass(frozen=True, kw_only=True)
class GridFacts:
    """What the hot-spot map was made with; shown beside it."""

    cell_m: float
    radius_m: float
    bandwidth_m: float
    n_cells: int
    n_significant: int
    alpha: float
    min_count: int
    n_points: int
    n_points_before: int | None
    study_area: str


@dataclass(frozen=True, kw_only=True)
class DensityClass:
    """Cells whose smoothed density lies between two limits [events per km² in the period], as WGS 84 polygons."""

    low: float
    high: float
    geometry: GeoJson


@dataclass(frozen=True, kw_only=True)
class HotSpots:
    """The map part of a picture of points: hot spots, the density under them and how both were made."""

    spots: tuple[HotSpot, ...]
    density: tuple[DensityClass, ...]
    grid: GridFacts


@dataclass(frozen=True, kw_only=True)
class AreaRow:
    """One area: its events, change and rate per ``AreaTable.per`` people and year."""

    id: int
    code: str
    name: str
    parent: str
    n: int | None
    n_before: int | None
    change: Change | None
    population: float | None = None
    rate: float | None = None
    rate_low: float | None = None
    rate_high: float | None = None


@dataclass(frozen=True, kw_only=True)
class AreaTable:
    """Events by area. ``n_unplaced`` could not be put in any area of the set."""

    area_set: str
    area_set_name: str
    version: int
    rows: tuple[AreaRow, ...]
    n_unplaced: int | None
    per: int = 100_000
    population_kind: str = ""
    population_source: str = ""
    population_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class CategoryRow:
    """One category with what lies under it; code "" gathers types that no category holds."""

    code: str
    name: str
    name_en: str
    depth: int
    detection: str
    n: int | None
    n_before: int | None
    change: Change | None


@dataclass(frozen=True, kw_only=True)
class CaveatFact:
    """A reservation that follows the figures, about a category or a source."""

    about: str
    about_en: str
    text: str
    text_en: str
    citation: str = ""
    from_on: date | None = None
    to_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class NoteFact:
    """A remark by code; ``notes.sentence(note)`` says it in the reader's language."""

    code: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Disclosure:
    """Counts from 1 to ``threshold`` - 1 are hidden. None: everything is shown.

    The others are rounded to the nearest multiple of ``rounded_to``; None in pictures frozen before that was done.
    """

    threshold: int | None = None
    n_hidden: int = 0
    rounded_to: int | None = None


@dataclass(frozen=True, kw_only=True)
class PictureContent:
    """The whole picture."""

    question: Question
    basis: Basis
    totals: Totals
    series: Series
    week: WeekProfile
    season: Season | None
    hot_spots: HotSpots | None
    areas: AreaTable | None
    categories: tuple[CategoryRow, ...]
    caveats: tuple[CaveatFact, ...]
    notes: tuple[NoteFact, ...]
    disclosure: Disclosure
    is_exercise: bool
    reports: Reports | None = None
    zones: Zones | None = None
    format: int = FORMAT

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        facts: dict[str, Any] = codec.plain(self)
        return facts

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> PictureContent:
        """The inverse of `to_dict`."""
        return codec.restore(cls, data)

    def to_bytes(self) -> bytes:
        """Canonical JSON: the same content is always the same bytes."""
        text = json.dumps(self.to_dict(), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return text.encode()

    @classmethod
    def from_bytes(cls, data: bytes | memoryview) -> PictureContent:
        return cls.from_dict(json.loads(bytes(data)))

    @property
    def sha256(self) -> str:
        """Two pictures say the same exactly when their digests agree."""
        return hashlib.sha256(self.to_bytes()).hexdigest()


def rounded(value: float | None, digits: int = 6) -> float | None:
    """The number to so many significant digits."""
    return None if value is None else float(f"{value:.{digits}g}")
