"""The front-end libraries, taken out of the installed Python packages. None of them is kept in the repository.

MapLibre GL JS comes from ``maplibre``, htmx from ``django-htmx``, Vega and Vega-Lite from ``vl-convert-python``.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import vl_convert

_VEGA_SNIPPET = "window.vega = vega; window.vegaLite = vegaLite; window.vegaEmbed = vegaEmbed;"


def collect_vendor(target: Path) -> list[Path]:
    """Write the libraries into ``target``, each with a ``.gz`` beside it; what is already right is left alone.

    Returns the files that the pages name, in a fixed order. Running it twice changes nothing.
    """
    target.mkdir(parents=True, exist_ok=True)
    return [_write(target / name, read()) for name, read in _SOURCES.items()]


def _packaged(package: str, *path: str) -> Callable[[], bytes]:
    return lambda: _folder(package).joinpath(*path).read_bytes()


def _folder(package: str) -> Path:
    """Where the package lies, without importing it (``maplibre`` is slow to import and warns of what it misses)."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"The package {package!r} is not installed.", name=package)
    return Path(spec.submodule_search_locations[0])


def _vega() -> bytes:
    return vl_convert.javascript_bundle(_VEGA_SNIPPET).encode()


_SOURCES: dict[str, Callable[[], bytes]] = {
    "maplibre-gl.js": _packaged("maplibre", "srcjs", "maplibre-gl.js"),
    "maplibre-gl.css": _packaged("maplibre", "srcjs", "maplibre-gl.css"),
    "htmx.min.js": _packaged("django_htmx", "static", "django_htmx", "htmx-2.min.js"),
    "vega.js": _vega,
}


def _write(path: Path, content: bytes) -> Path:
    packed = path.with_name(path.name + ".gz")
    if not (path.exists() and packed.exists() and path.read_bytes() == content):
        path.write_bytes(content)
        packed.write_bytes(gzip.compress(content, mtime=0))
    return path
