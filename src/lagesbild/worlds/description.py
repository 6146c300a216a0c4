"""What a world holds, as read from its ``world.toml``. Says nothing of how it is loaded.

Paths are resolved against the world's folder. A description with a mistake stops with ``TypeError``, ``KeyError`` or
``ValueError``: it is part of the program, not something a user wrote.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

WORLD_SLUGS = ("klara", "san-francisco", "sverige")


@dataclass(frozen=True)
class FunctionText:
    """A function of an organisation and its forum levels."""

    name: str
    operational: bool = False
    strategic: bool = False
    steering: bool = False


@dataclass(frozen=True)
class OrganisationText:
    """A party and its functions."""

    slug: str
    name: str
    functions: tuple[FunctionText, ...]


@dataclass(frozen=True)
class UserText:
    """Somebody who may sign in to try the world."""

    email: str
    name: str
    organisation: str
    function: str
    role: str


@dataclass(frozen=True)
class AreaSetText:
    """A file of areas and the fields that hold code, name and the parent's code."""

    slug: str
    name: str
    file: Path
    code: str
    area_name: str
    source: str
    valid_from: date
    parent_set: str | None = None
    parent_code: str | None = None
    alias: str | None = None


@dataclass(frozen=True)
class BaseLayerText:
    """A layer of the base map; ``shared_file`` is read in place if present and never copied."""

    slug: str
    name: str
    kind: str
    source: str
    file: Path | None = None
    shared_file: str | None = None


@dataclass(frozen=True)
class PlaceTypeText:
    """A kind of place."""

    code: str
    name: str
    name_en: str


@dataclass(frozen=True)
class CaveatText:
    """A reservation about a category or source."""

    text: str
    text_en: str
    citation: str
    from_on: date | None = None
    to_on: date | None = None


@dataclass(frozen=True)
class CategoryText:
    """A node of the category tree."""

    code: str
    name: str
    name_en: str
    detection: str
    parent: str | None = None
    caveats: tuple[CaveatText, ...] = ()


@dataclass(frozen=True)
class SourceText:
    """A source of incidents: a file, or a plan of exercise incidents; ``types`` maps its types to categories."""

    slug: str
    name: str
    owner: str
    file: Path | None = None
    exercise: Path | None = None
    types: Path | None = None
    mapping: Mapping[str, Any] = field(default_factory=dict)
    mapping_name: str | None = None
    caveats: tuple[CaveatText, ...] = ()


@dataclass(frozen=True)
class CollaborationText:
    """The collaboration itself; ``owner`` is the organisation that owns what has no other owner."""

    slug: str
    name: str
    description: str
    working_crs: int
    time_zone: str
    owner: str


@dataclass(frozen=True)
class World:
    """A whole example world."""

    folder: Path
    collaboration: CollaborationText
    organisations: tuple[OrganisationText, ...]
    users: tuple[UserText, ...]
    area_sets: tuple[AreaSetText, ...]
    base_layers: tuple[BaseLayerText, ...]
    place_types: tuple[PlaceTypeText, ...]
    places: Path | None
    facts: tuple[Path, ...]
    categories: tuple[CategoryText, ...]
    sources: tuple[SourceText, ...]
    series: Path | None


def worlds_folder() -> Path:
    """Where the example worlds are: inside the installed package, or beside the source tree."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "examples"
    return installed if installed.is_dir() else package.parent.parent / "examples"


def read_world(folder: Path) -> World:
    """The world described in a folder."""
    raw = tomllib.loads((folder / "world.toml").read_text(encoding="utf-8"))
    return World(
        folder=folder,
        collaboration=CollaborationText(**raw["collaboration"]),
        organisations=tuple(_organisation(each) for each in raw["organisations"]),
        users=tuple(UserText(**each) for each in raw["users"]),
        area_sets=tuple(AreaSetText(**_with_paths(folder, each, "file")) for each in raw["area_sets"]),
        base_layers=tuple(BaseLayerText(**_with_paths(folder, each, "file")) for each in raw["base_layers"]),
        place_types=tuple(PlaceTypeText(**each) for each in raw.get("place_types", ())),
        places=folder / raw["places"]["file"] if "places" in raw else None,
        facts=tuple(folder / name for name in raw.get("facts", {}).get("files", ())),
        categories=tuple(_category(each) for each in _categories(folder / raw["categories"]["file"])),
        sources=tuple(_source(folder, each) for each in raw["sources"]),
        series=folder / raw["series"]["file"] if "series" in raw else None,
    )


def _with_paths(folder: Path, raw: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: folder / value if name in names else value for name, value in raw.items()}


def _organisation(raw: Mapping[str, Any]) -> OrganisationText:
    return OrganisationText(raw["slug"], raw["name"], tuple(FunctionText(**each) for each in raw["functions"]))


def _categories(path: Path) -> list[dict[str, Any]]:
    return list(tomllib.loads(path.read_text(encoding="utf-8"))["categories"])


def _category(raw: Mapping[str, Any]) -> CategoryText:
    return CategoryText(**{**raw, "caveats": _caveats(raw.get("caveats", ()))})


def _source(folder: Path, raw: Mapping[str, Any]) -> SourceText:
    paths = _with_paths(folder, raw, "file", "exercise", "types")
    return SourceText(**{**paths, "caveats": _caveats(raw.get("caveats", ()))})


def _caveats(raw: Iterable[Mapping[str, Any]]) -> tuple[CaveatText, ...]:
    return tuple(CaveatText(**each) for each in raw)
