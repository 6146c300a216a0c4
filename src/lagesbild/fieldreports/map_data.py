"""Reports for the map, as GeoJSON in WGS 84."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from lagesbild.accounts.models import Collaboration
from lagesbild.core.geo import WGS_84, project
from lagesbild.fieldreports.models import Certainty, FieldReport, Precision

MOST_ON_MAP = 2_000
DRAWN = (Precision.EXACT, Precision.STREET)


def on_map(collaboration: Collaboration, reports: Sequence[FieldReport]) -> str:
    """The reports whose spot or street is known: ``title`` and ``text`` are shown when one is tapped."""
    drawn = [report for report in reports if report.x is not None and report.precision in DRAWN]
    named = {code: str(name) for code, name in Certainty.choices}
    features = [_feature(report, named, at) for report, at in zip(drawn, _lonlat(collaboration, drawn), strict=True)]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


def lonlat(report: FieldReport) -> list[float] | None:
    """Where the report's point is on the map."""
    return next(iter(_lonlat(report.collaboration, [report])), None) if report.x is not None else None


def _lonlat(collaboration: Collaboration, reports: Sequence[FieldReport]) -> list[list[float]]:
    """All in one call."""
    x, y = [report.x or 0.0 for report in reports], [report.y or 0.0 for report in reports]
    lon, lat = project(x, y, from_crs=collaboration.working_crs, to_crs=WGS_84)
    return [[round(a, 6), round(b, 6)] for a, b in zip(lon.tolist(), lat.tolist(), strict=True)]


def _feature(report: FieldReport, named: Mapping[str, str], at: list[float]) -> dict[str, Any]:
    lines = [f"{timezone.localtime(report.occurred_from):%Y-%m-%d %H:%M}", named[report.certainty], report.where]
    return {
        "type": "Feature",
        "id": report.pk,
        "properties": {
            "title": f"{report.number}. {report.what}",
            "text": "\n".join(line for line in lines if line),
            "certainty": report.certainty,
        },
        "geometry": {"type": "Point", "coordinates": at},
    }
