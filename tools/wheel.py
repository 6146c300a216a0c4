"""Build the wheel in dist/ and try it outside the source tree: the example worlds are set up, twice, from it alone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NEEDED = (
    "lagesbild/web/static/web/style.css",
    "lagesbild/web/templates/base.html",
    "lagesbild/web/locale/sv/LC_MESSAGES/django.mo",
    "lagesbild/core/locale/sv/LC_MESSAGES/django.mo",
    "lagesbild/examples/klara/world.toml",
    "lagesbild/py.typed",
)


def build(folder: Path) -> Path:
    """The wheel, made by pip as anybody would."""
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run(command, check=True)
    return next(folder.glob("lagesbild-*.whl"))


def missing(wheel: Path) -> list[str]:
    """Files that must be in it and are not; licence included."""
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    lacking = [name for name in NEEDED if name not in names]
    return lacking if any(name.endswith("licenses/LICENSE") for name in names) else [*lacking, "LICENSE"]


def try_out(wheel: Path, folder: Path) -> None:
    """Unpack it beside the installed dependencies and run it as a new user would, twice."""
    target = folder / "installed"
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(target), str(wheel)]
    subprocess.run(install, check=True)
    clean = {name: value for name, value in os.environ.items() if not name.startswith("LAGESBILD_")}
    environment = {**clean, "PYTHONPATH": str(target), "LAGESBILD_DATA_DIR": str(folder / "data")}

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments], cwd=folder, env=environment, check=True, stdout=subprocess.PIPE, text=True
        )
        return done.stdout

    where = run("-c", "import lagesbild; print(lagesbild.__file__)").strip()
    if not where.startswith(str(target)):
        raise RuntimeError(f"tried {where}, not the wheel")
    run("-m", "lagesbild", "demo", "--no-serve")
    run("-m", "lagesbild", "demo", "--no-serve")
    print(run("-m", "lagesbild", "check").rpartition("┘")[2].strip())


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="lagesbild-wheel-") as name:
        folder = Path(name)
        wheel = build(folder)
        lacking = missing(wheel)
        if lacking:
            sys.exit(f"The wheel lacks {', '.join(lacking)}.")
        try_out(wheel, folder)
        (ROOT / "dist").mkdir(exist_ok=True)
        print(f"dist/{wheel.name}: {wheel.stat().st_size / 1e6:.1f} MB, works outside the source tree")
        shutil.copy(wheel, ROOT / "dist")


if __name__ == "__main__":
    main()
