"""Front-end files are taken out of their packages again only when a package has another version."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

from django.conf import settings

PACKAGES = ("lagesbild", "maplibre", "django-htmx", "vl-convert-python")


def collect(*, again: bool = False) -> list[Path]:
    """The files, which lie in the data folder afterwards."""
    folder: Path = settings.COLLECTED_DIR / "vendor"
    stamp = folder / ".versions"
    versions = "\n".join(f"{package} {version(package)}" for package in PACKAGES)
    if not again and stamp.exists() and stamp.read_text() == versions:
        return sorted(path for path in folder.iterdir() if path != stamp)
    from lagesbild.web.vendor import collect_vendor

    made = collect_vendor(folder)
    stamp.write_text(versions)
    return made
