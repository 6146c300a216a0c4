"""Change fragments: each file in changes/ is named <slug>.<added|changed|fixed>.md and says something in few words."""

from __future__ import annotations

import re
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "changes"
NAME = re.compile(r"[a-z0-9][a-z0-9-]*\.(added|changed|fixed)\.md")


def problems(folder: Path = FOLDER) -> list[str]:
    """One line for each fragment that is not of the form."""
    lines = []
    for path in sorted(folder.iterdir()):
        if path.name in ("README.md", ".gitignore"):
            continue
        text = path.read_text(encoding="utf-8").strip()
        if not NAME.fullmatch(path.name):
            lines.append(f"changes/{path.name}: the name must be <slug>.<added|changed|fixed>.md")
        if not text or len(text) > 600:
            lines.append(f"changes/{path.name}: one to three sentences for users")
    return lines


if __name__ == "__main__":
    found = problems()
    print("\n".join(found))
    sys.exit(1 if found else 0)
