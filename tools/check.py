"""What `make check` does: each check in turn, all of them even if one fails, and a summary.

python -m tools.check [name …]
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PYTHON = sys.executable

CHECKS: dict[str, list[str]] = {
    "format": [str(BIN / "ruff"), "format", "--check", "--quiet"],
    "lint": [str(BIN / "ruff"), "check", "--quiet"],
    "types": [str(BIN / "mypy")],
    "contracts": [str(BIN / "lint-imports")],
    "migrations": [PYTHON, "-m", "django", "makemigrations", "--check", "--dry-run"],
    "system": [PYTHON, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"],
    "templates": [PYTHON, "-m", "tools.templates"],
    "translations": [PYTHON, "-m", "tools.translations", "check"],
    "documentation": [PYTHON, "-m", "tools.documentation", "check"],
    "changes": [PYTHON, "-m", "tools.changes"],
}


def main(names: list[str]) -> int:
    """Run the checks; 1 if any failed."""
    failed = []
    with tempfile.TemporaryDirectory(prefix="lagesbild-check-") as folder:
        environment = _environment(folder)
        for name in names or CHECKS:
            began = time.monotonic()
            done = subprocess.run(
                CHECKS[name], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
            )  # fmt: skip
            print(
                f"{'ok    ' if done.returncode == 0 else 'FAILED'} {name} ({time.monotonic() - began:.0f} s)",
                flush=True,
            )
            if done.returncode:
                failed.append(name)
                print(done.stdout, flush=True)
    print(f"{len(failed)} checks failed: {', '.join(failed)}" if failed else "All checks passed.")
    return 1 if failed else 0


def _environment(folder: str) -> dict[str, str]:
    """No settings of the user's; a production-like configuration for the system check."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("LAGESBILD_")}
    return {
        **clean,
        "DJANGO_SETTINGS_MODULE": "lagesbild.settings",
        "LAGESBILD_DATA_DIR": folder,
        "LAGESBILD_HTTPS": "true",
        "LAGESBILD_ALLOWED_HOSTS": "lagesbild.example",
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
