"""Small files of incidents as people have them: semicolons, Swedish headings, local times."""

from __future__ import annotations

from pathlib import Path

HEADER = "Ärendenr;Händelse;Datum;Tid;N;E;Anteckning"


def line(number: int, *, kind: str = "Klotter", day: str = "2025-03-14", time: str = "21:30", note: str = "") -> str:
    return f"{number};{kind};{day};{time};{6_580_000 + number};{674_000 + number};{note}"


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
    return path


def good(path: Path, n: int = 10) -> Path:
    return write(path, *(line(k) for k in range(1, n + 1)))


def with_three_bad_rows(path: Path) -> Path:
    """Rows 3, 4 and 6 cannot be stored; row 1 is the heading."""
    return write(
        path,
        line(1),
        line(2, day="2025-02-30"),
        line(3, kind=""),
        line(4),
        line(5, note="ringde 811218-9876"),
        line(6),
    )
