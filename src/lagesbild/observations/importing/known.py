"""Mappings built in: formats whose columns and traps are known beforehand."""

from __future__ import annotations

from lagesbild.observations.importing.mapping import Mapping

POLISEN = Mapping(
    name="polisen",
    source_id="id",
    source_type="type",
    occurred_text="name",
    reported="datetime",
    xy="location.gps",
    crs="EPSG:4326",
    precision="municipality",
    area_name="location.name",
    place_text="name",
    note="summary",
    source_url="url",
    url_prefix="https://polisen.se",
    time_zone="Europe/Stockholm",
)
"""Public events of the Swedish police (polisen.se/api/events). ``datetime`` is when the notice was published; when it
happened is only in ``name``. ``location.gps`` is the middle of a municipality or county, never the scene."""

KNOWN_MAPPINGS: dict[str, Mapping] = {POLISEN.name: POLISEN}
