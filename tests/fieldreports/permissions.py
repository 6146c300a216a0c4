"""Who may ask which address of field reports."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings

from lagesbild.accounts.access import Capability
from tests.architecture.permission_matrix import Row
from tests.cast import Cast
from tests.fieldreports.builders import a_report, categories


def _report(cast: Cast) -> dict[str, Any]:
    """A report of the municipality."""
    categories(cast)
    return {"pk": a_report(cast.anna).pk}


def _with_photo(cast: Cast) -> dict[str, Any]:
    """The same with a file in place of a photo: who may fetch it does not hang on what is in it."""
    from lagesbild.fieldreports.models import FieldReport

    key = _report(cast)
    folder = Path(settings.DATA_DIR) / "files" / "photos"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".jpg", delete=False) as file:
        FieldReport.objects.filter(**key).update(photo=Path(file.name).name)
    return key


READ, REPORT, COOPERATE = Capability.READ, Capability.REPORT, Capability.COOPERATE

ROWS = {
    "fieldreports:reports": Row(get=READ),
    "fieldreports:reports_geojson": Row(get=READ),
    "fieldreports:reports_csv": Row(get=READ),
    "fieldreports:report_new": Row(get=REPORT, post=REPORT),
    "fieldreports:report": Row(get=READ, kwargs=_report),
    "fieldreports:report_photo": Row(get=READ, kwargs=_with_photo),
    "fieldreports:report_add": Row(post=REPORT, kwargs=_report),
    "fieldreports:report_review": Row(post=COOPERATE, kwargs=_report),
    "fieldreports:report_answer": Row(post=COOPERATE, kwargs=_report),
    "fieldreports:report_join": Row(post=COOPERATE, kwargs=_report),
    "fieldreports:report_part": Row(post=COOPERATE, kwargs=_report),
}
