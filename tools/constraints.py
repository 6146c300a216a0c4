"""Write constraints.txt: the exact version of each distribution that Lagesbild needs, as installed here."""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

EXTRAS = ("test", "check", "bench")
HEADER = """\
# Exact versions of everything that is installed, so that a release of tomorrow does not break today's.
# Made by `make constraints` from an environment in which all checks pass. Ranges are in pyproject.toml.
"""


def needed(name: str, extras: tuple[str, ...], seen: dict[tuple[str, tuple[str, ...]], str]) -> None:
    """Walk the requirements of ``name`` and note ``name==version`` for each."""
    for text in metadata.requires(name) or []:
        requirement = Requirement(text)
        marker = requirement.marker
        if marker and not any(marker.evaluate({"extra": extra}) for extra in (*extras, "")):
            continue
        key = (_canonical(requirement.name), tuple(sorted(requirement.extras)))
        if key not in seen:
            seen[key] = f"{requirement.name}=={metadata.version(requirement.name)}"
            needed(requirement.name, key[1], seen)


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def main() -> None:
    seen: dict[tuple[str, tuple[str, ...]], str] = {}
    needed("lagesbild", EXTRAS, seen)
    lines = {_canonical(line.partition("==")[0]) + "==" + line.partition("==")[2] for line in seen.values()}
    Path("constraints.txt").write_text(HEADER + "\n".join(sorted(lines)) + "\n")


if __name__ == "__main__":
    main()
