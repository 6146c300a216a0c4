"""The copy of "who can help now" that a phone keeps, as JSON: moments in seconds, ground in degrees, texts too."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lagesbild.accounts.models import Membership
from lagesbild.actors.gathering import Candidate, Ground, HelpData
from lagesbild.core.geo import WGS_84, project


def as_json(data: HelpData, membership: Membership) -> dict[str, Any]:
    """Everything that `help_now.who_can_help` looks at, for the device to look at later."""
    crs = membership.collaboration.working_crs
    lon, lat = project([each.x for each in data.places], [each.y for each in data.places], from_crs=crs, to_crs=WGS_84)
    return {
        "made_at": data.at.timestamp(),
        "time_zone": data.time_zone,
        "language": get_language() or "sv",
        "collaboration": membership.collaboration.name,
        "situations": [vars(each) for each in data.situations],
        "zones": [_ground(each) for each in data.zones],
        "places": [
            {**_ground(each), "lon": round(float(lon[number]), 6), "lat": round(float(lat[number]), 6)}
            for number, each in enumerate(data.places)
        ],
        "candidates": [_candidate(each) for each in data.candidates if each.levels],
        "texts": texts(),
    }


def corners(coordinates: Any) -> Iterator[tuple[float, float]]:
    """Every point of a GeoJSON geometry's coordinates, however deep."""
    if coordinates and isinstance(coordinates[0], int | float):
        yield coordinates[0], coordinates[1]
        return
    for part in coordinates:
        yield from corners(part)


def texts() -> dict[str, str]:
    """The words of the page without signal."""
    return {
        "copy": _("No signal. This is the copy on this device, made {age} ago ({at})."),
        "old": _("The copy is more than a day old: duty may have changed."),
        "out": _("The copy is too old to say who is on duty. Find a signal and open the page again."),
        "minutes": _("{n} min"),
        "hours": _("{n} h"),
        "days": _("{n} days"),
        "on_duty": _("On duty now"),
        "off_duty": _("Off duty now"),
        "unknown": _("Duty hours not known"),
        "not_here": _("Mandate that ends before this"),
        "none": _("Nobody with this mandate is on duty now."),
        "until": _("On duty until {at}"),
        "always": _("Round the clock"),
        "from": _("Next on duty {at}"),
        "no_next": _("No duty in the next two weeks"),
        "then": _("Then: {who}"),
        "gap": _("Then nobody until {at}: {who}"),
        "own": _("own task"),
        "may": _("may help"),
        "posted": _("posted here"),
        "zone": _("may act in {zone}"),
        "ages": _("{low}–{high} years"),
        "ages_to": _("up to {high} years"),
        "ages_from": _("from {low} years"),
        "residents": _("only residents of {municipality}"),
        "why_age": _("other ages"),
        "why_zone": _("no powers here: outside its zones"),
        "why_elsewhere": _("on duty elsewhere"),
        "exercise": _("exercise"),
        "choose_place": _("Anywhere"),
        "choose_situation": _("All situations"),
    }


def _ground(each: Ground) -> dict[str, Any]:
    return {"id": each.id, "name": each.name, "shape": json.loads(each.drawing)}


def _candidate(each: Candidate) -> dict[str, Any]:
    plain = ("id", "name", "organisation", "task", "limits", "min_age", "max_age", "home_municipality", "needs_zone")
    return {
        **{name: getattr(each, name) for name in plain},
        "is_exercise": each.is_exercise,
        "levels": dict(each.levels),
        "zones": sorted(each.zones),
        "contacts": [vars(contact) for contact in each.contacts],
        "duties": [
            {
                "place": duty.place,
                "is_exercise": duty.is_exercise,
                "stretches": [[span.start.timestamp(), span.end.timestamp()] for span in duty.stretches],
            }
            for duty in each.duties
        ],
    }
