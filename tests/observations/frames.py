"""Incident frames for tests: plain rows in, the columns of a checked frame out."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl

from lagesbild.observations.store import CONTENT

DEFAULTS: dict[str, Any] = {
    "source_type": "Skadegörelse",
    "occurred_to": None,
    "time_precision": "minute",
    "reported_at": None,
    "x": 674_000.0,
    "y": 6_580_000.0,
    "precision": "exact",
    "area_name": None,
    "place_text": None,
    "note": None,
    "source_url": None,
}


def incident(source_id: str, on: str = "2025-03-14", hour: int | None = 12, **columns: Any) -> dict[str, Any]:
    """One row; what is not said is an ordinary, exactly located incident."""
    day = date.fromisoformat(on)
    return {
        "source_id": source_id,
        "occurred_from": datetime(day.year, day.month, day.day, hour or 0, tzinfo=UTC),
        "local_date": day,
        "local_hour": hour,
        **DEFAULTS,
        **columns,
    }


def frame(*rows: dict[str, Any]) -> pl.DataFrame:
    schema = {"source_id": pl.String(), **CONTENT}
    areas = sorted({name for row in rows for name in row if name.startswith("area_") and name != "area_name"})
    return pl.DataFrame(list(rows), schema=schema | dict.fromkeys(areas, pl.Int32()))


def many(n: int, *, prefix: str = "i", start: str = "2024-11-01") -> pl.DataFrame:
    """``n`` incidents, one a day; they pass at least one new year when n > 61."""
    first = date.fromisoformat(start)
    return frame(*(incident(f"{prefix}{k}", (first + timedelta(days=k)).isoformat(), k % 24) for k in range(n)))
