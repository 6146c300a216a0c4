"""Frozen pictures together: does one more, beside those that its readers may see already, give a hidden number away?

Every picture's numbers are known to its readers within limits: 160 is 158 to 162, "<5" is 1 to 4. Events are put in
classes by the pictures and periods that hold them, and the library finds what all limits together leave for each small
class. Looked at are the totals, categories and areas of both periods, each by itself. What one picture shows is the
business of ``disclosure.py``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import polars as pl
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lagesbild.core.errors import UserError
from lagesbild.observations.categories import CategoryMapping
from lagesbild.observations.questions import Question as Events
from lagesbild.picture import texts
from lagesbild.picture.content import Disclosure, Period, PictureContent
from lagesbild.picture.ground import Ground
from lagesbild.stats import narrowing

MOST_PICTURES = 24
TOTAL = ("total", "")

Label = tuple[str, str]


@dataclass(frozen=True)
class Published:
    """A picture as its readers have it, and how to find its events. ``title`` is empty where it may not be told."""

    title: str
    content: PictureContent
    events: Events
    ground: Ground
    data_version: int | None


@dataclass(frozen=True)
class _Part:
    """One period of one picture: which events, and the limits of each number."""

    picture: int
    frame: pl.DataFrame
    mapping: CategoryMapping
    limits: Mapping[Label, tuple[float, float]]

    def ids(self, label: Label) -> pl.Series:
        kind, code = label
        if kind == "category":
            return self.frame.filter(pl.col("category").is_in(self.mapping.below([code])))["id"]
        return (self.frame.filter(pl.col("area") == int(code)) if kind == "area" else self.frame)["id"]


def refuse_narrowing(new: Published, earlier: Sequence[Published]) -> None:
    """Raises `UserError` if the new picture narrows a small number further than it and the earlier ones do apart."""
    near = _near(new, earlier)[:MOST_PICTURES]
    if not near or not new.content.disclosure.threshold:
        return
    parts = [part for at, each in enumerate([new, *near]) for part in _parts(at, each)]
    for label in sorted({label for part in parts if part.picture == 0 for label in part.limits}):
        beside = _Together([part for part in parts if label in part.limits], label, new.content.disclosure.threshold)
        culprit = beside.narrowed()
        if culprit is not None:
            raise _refused(new, near[culprit - 1], label)


def _near(new: Published, earlier: Sequence[Published]) -> list[Published]:
    """Those that touch the new one, and those that touch these: two that lie apart meet in a third that holds both."""
    found, waiting = [new], list(earlier)
    for one in found:  # grows while it is walked
        found += [each for each in waiting if _touch(each, one)]
        waiting = [each for each in waiting if not any(each is known for known in found)]
    return found[1:]


def _touch(one: Published, other: Published) -> bool:
    """Whether any event can be in both."""
    if not set(one.events.sources) & set(other.events.sources):
        return False
    return any(a.from_on < b.to_on and b.from_on < a.to_on for a in _periods(one) for b in _periods(other))


def _periods(picture: Published) -> list[Period]:
    question = picture.content.question
    earlier = question.comparison_period if picture.content.totals.days_before else None
    return [question.period, *([earlier] if earlier else [])]


def _parts(at: int, picture: Published) -> Iterator[_Part]:
    for now, period in zip((True, False), _periods(picture), strict=False):
        frame = _frame(picture, period)
        yield _Part(at, frame, picture.ground.mapping, dict(_limits(picture.content, now=now)))


def _frame(picture: Published, period: Period) -> pl.DataFrame:
    """One line for each event: who it is, its category and area."""
    filters = replace(picture.events.filters, from_on=period.from_on, to_on=period.to_on)
    events = picture.events.asked_with(filters).events(picture.data_version)
    table = picture.content.areas
    column = next((each.column for each in picture.ground.area_sets if table and each.slug == table.area_set), None)
    known = column is not None and column in events.collect_schema().names()
    area = pl.col(column).cast(pl.Int64) if known and column else pl.lit(None, pl.Int64)
    named = picture.ground.mapping.with_category(events)
    return named.select(id=pl.struct("source", "source_id").hash(seed=0), category="category", area=area).collect()


def _limits(content: PictureContent, *, now: bool) -> Iterator[tuple[Label, tuple[float, float]]]:
    def one(row: object) -> tuple[float, float]:
        return known_within(getattr(row, "n" if now else "n_before"), content.disclosure)

    yield TOTAL, one(content.totals)
    yield from ((("category", row.code), one(row)) for row in content.categories if row.code)
    yield from ((("area", str(row.id)), one(row)) for row in (content.areas.rows if content.areas else ()))


def known_within(shown: int | None, disclosure: Disclosure) -> tuple[float, float]:
    """What a reader knows of a number from how it is shown: the inverse of `disclosure.Hider.count`."""
    base, threshold = disclosure.rounded_to, disclosure.threshold or 1
    if shown is None:
        return (1, threshold - 1) if base else (0, math.inf)
    if shown == 0 or base is None:
        return shown, shown
    if shown == base:
        return base, 2 * base - 1
    return max(2 * base, shown - base // 2), shown + (base + 1) // 2 - 1


@dataclass(frozen=True)
class _Together:
    """One number as all parts show it, and the events in classes by the parts that hold them."""

    parts: list[_Part]
    label: Label
    threshold: int

    @cached_property
    def classes(self) -> list[tuple[int, int]]:
        """Which parts, as bits, and how many events."""
        ids = [
            part.ids(self.label).to_frame("id").with_columns(bit=pl.lit(1 << at, pl.Int64))
            for at, part in enumerate(self.parts)
        ]
        masks = pl.concat(ids).group_by("id").agg(mask=pl.col("bit").sum())
        return sorted(masks.group_by("mask").len().iter_rows())

    def narrowed(self) -> int | None:
        """The number of an earlier picture beside which the new one says too much; None where all is well."""
        small = [(mask, n) for mask, n in self.classes if n < self.threshold]
        if not small:
            return None
        bits = [mask for mask, _n in self.classes]
        asked = [[mask == each for each in bits] for mask, _n in small]
        asked += [[bool(mask >> at & 1) for mask in bits] for at in self._hidden]
        told, before = self._ranges(asked, earlier=False), self._ranges(asked, earlier=True)
        for at, (low, high) in enumerate(told):
            alone = before[at] if at < len(before) else (0, math.inf)
            if self._too_much(low, high) and (low, high) != alone:
                return self._beside(small[at][0] if at < len(small) else None)
        return None

    @property
    def _hidden(self) -> list[int]:
        return [at for at, part in enumerate(self.parts) if part.limits[self.label] == (1, self.threshold - 1)]

    def _too_much(self, low: float, high: float) -> bool:
        """More than "<5" says of a number: at least two, or at most three."""
        return 0 < high < self.threshold and (low > 1 or high < self.threshold - 1)

    def _ranges(self, asked: list[list[bool]], *, earlier: bool) -> list[tuple[float, float]]:
        used = [at for at, part in enumerate(self.parts) if part.picture or not earlier]
        if not used:
            return []
        covers = np.array([[bool(mask >> at & 1) for mask, _n in self.classes] for at in used])
        limits = [self.parts[at].limits[self.label] for at in used]
        found = narrowing(covers, [low for low, _high in limits], [high for _low, high in limits], asked=asked)
        return [(each.low, math.inf if each.high is None else each.high) for each in found.ranges]

    def _beside(self, mask: int | None) -> int:
        """An earlier picture that holds the class, or the first."""
        pictures = [part.picture for at, part in enumerate(self.parts) if part.picture and (mask or 0) >> at & 1]
        return min(pictures or [part.picture for part in self.parts if part.picture] or [1])


def _refused(new: Published, beside: Published, label: Label) -> UserError:
    return UserError(
        "picture.would_narrow",
        _(
            "Together with {picture} this picture would give away a number below {threshold} ({what}). Choose the same "
            "period and filters as there, or a period apart from it, or share with your own organisation only."
        ),
        field="sharing",
        picture=f"”{beside.title}”" if beside.title else gettext("another frozen picture"),
        threshold=new.content.disclosure.threshold,
        what=_what(new.content, label),
    )


def _what(content: PictureContent, label: Label) -> str:
    kind, code = label
    if kind == "category":
        return next(texts.category_name(row) for row in content.categories if row.code == code)
    if kind == "area" and content.areas:
        return next(row.name for row in content.areas.rows if str(row.id) == code)
    return gettext("all events")
