"""Field reports and zones as the lines that a template, a table or a print shows. No query, no request."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language, gettext, ngettext

from lagesbild.picture import texts
from lagesbild.picture.beside import Counted, Reports, SpotZones, ZoneFact, Zones
from lagesbild.picture.content import PictureContent
from lagesbild.picture.offers import ReportTeller


@dataclass(frozen=True)
class CountedLine:
    name: str
    n: str
    n_before: str


@dataclass(frozen=True)
class ReportLink:
    number: int
    path: str


@dataclass(frozen=True)
class ReportLines:
    """What the section of field reports shows."""

    sentence: str
    certainties: str
    kinds: tuple[CountedLine, ...]
    used: tuple[ReportLink, ...]
    compared: bool


@dataclass(frozen=True)
class ZoneLine:
    name: str
    kind: str
    n: str
    share: str
    n_before: str
    share_before: str
    spots: str


@dataclass(frozen=True)
class ZoneLines:
    """What the section of zones shows."""

    sentence: str
    spots: str
    zones: tuple[ZoneLine, ...]
    compared: bool


def report_lines(content: PictureContent, teller: ReportTeller | None = None) -> ReportLines | None:
    """The section, or None where nobody tells of reports. With a teller, the way to each."""
    found = content.reports
    if found is None:
        return None
    used = (
        tuple(
            ReportLink(each.number, teller.report_path(content.question.collaboration, each.id)) for each in found.used
        )
        if teller
        else ()
    )
    kinds = tuple(CountedLine(_named(each), texts.number(each.n), _or_dash(each.n_before)) for each in found.kinds)
    return ReportLines(reports_sentence(found), _certainties(found), kinds, used, found.n_before is not None)


def reports_sentence(found: Reports) -> str:
    """How many, and how many before."""
    n = ngettext("{n} field report in the period", "{n} field reports in the period", found.n)
    sentence = n.format(n=texts.number(found.n))
    if found.n_before is not None:
        sentence += gettext(", against {before} in the comparison period").format(before=texts.number(found.n_before))
    return f"{sentence}."


def _certainties(found: Reports) -> str:
    """Seen 12, suspected 3, heard 1."""
    return ", ".join(f"{_named(each).lower()} {texts.number(each.n)}" for each in found.certainties if each.n)


def _named(each: Counted) -> str:
    return each.name_en if each.name_en and _english() else each.name


def _english() -> bool:
    return (get_language() or "").startswith("en")


def _or_dash(n: int | None) -> str:
    return "–" if n is None else texts.number(n)


def zone_lines(content: PictureContent) -> ZoneLines | None:
    """The section, or None where there is nothing to compare with."""
    found = content.zones
    if found is None:
        return None
    return ZoneLines(
        sentence=zones_sentence(content, found),
        spots=spots_sentence(found),
        zones=tuple(_zone(content, found, each) for each in found.zones),
        compared=found.n_points_before is not None,
    )


def zones_sentence(content: PictureContent, found: Zones) -> str:
    """How large a part of the events lies in any zone, now and before."""
    threshold = content.disclosure.threshold
    sentence = gettext("{inside} of {points} events with a point lie in a zone ({share})").format(
        inside=texts.count(found.n_inside, threshold=threshold),
        points=texts.count(found.n_points, threshold=threshold),
        share=_share(found.n_inside, found.n_points),
    )
    if found.n_points_before is not None:
        sentence += gettext(", against {share} in the comparison period").format(
            share=_share(found.n_inside_before, found.n_points_before)
        )
    return f"{sentence}."


def spots_sentence(found: Zones) -> str:
    """How many hot spots lie inside, partly and outside."""
    if not found.spots:
        return ""
    inside = sum(each.share_inside >= 1 for each in found.spots)
    outside = sum(each.share_inside <= 0 for each in found.spots)
    return gettext("Hot spots: {inside} wholly in a zone, {partly} in part, {outside} outside all zones.").format(
        inside=inside, partly=len(found.spots) - inside - outside, outside=outside
    )


def spot_zones(content: PictureContent, rank: int) -> str:
    """Where a hot spot lies, seen to zones: "in Centrum", "60 % in Centrum", "outside all zones"; empty unknown."""
    found = content.zones
    spot = next((each for each in found.spots if each.rank == rank), None) if found else None
    if found is None or spot is None:
        return ""
    if not spot.zones or spot.share_inside <= 0:
        return gettext("outside all zones")
    return ", ".join(_in_zone(found, spot))


def _in_zone(found: Zones, spot: SpotZones) -> list[str]:
    names = {zone.id: zone.name for zone in found.zones}
    return [
        gettext("in {zone}").format(zone=names[each.zone])
        if each.share >= 1
        else gettext("{share} in {zone}").format(share=_pct(each.share), zone=names[each.zone])
        for each in sorted(spot.zones, key=lambda each: -each.share)
    ]


def _zone(content: PictureContent, found: Zones, zone: ZoneFact) -> ZoneLine:
    threshold = content.disclosure.threshold
    ranks = [str(spot.rank) for spot in found.spots if any(each.zone == zone.id for each in spot.zones)]
    return ZoneLine(
        name=zone.name,
        kind=_kind(zone, found),
        n=texts.count(zone.n, threshold=threshold),
        share=_share(zone.n, found.n_points),
        n_before="–" if found.n_points_before is None else texts.count(zone.n_before, threshold=threshold),
        share_before=_share(zone.n_before, found.n_points_before),
        spots=", ".join(ranks) or "–",
    )


def _kind(zone: ZoneFact, found: Zones) -> str:
    kind = zone.kind_en if _english() and zone.kind_en else zone.kind
    if zone.valid_from <= found.on:
        return kind
    return gettext("{kind}, holds from {day}").format(kind=kind, day=texts.short_day(zone.valid_from))


def _share(n: int | None, of: int | None) -> str:
    return "–" if n is None or not of else _pct(min(1.0, n / of))


def _pct(share: float) -> str:
    return f"{texts.number(round(100 * share))}\u00a0%"
