"""A report together with its photo: the file is kept first, and forgotten again if the report came to nothing."""

from __future__ import annotations

from typing import IO
from uuid import UUID

from lagesbild.accounts.models import Membership
from lagesbild.fieldreports import actions, photos
from lagesbild.fieldreports.actions import Sent
from lagesbild.fieldreports.reporting import ReportText


def send(membership: Membership, text: ReportText, *, client_id: UUID, upload: IO[bytes] | None) -> Sent:
    """Store the report. A resent one brings its photo again, which is then not kept twice."""
    if upload is None:
        return actions.send_report(membership, text, client_id=client_id)
    photo = photos.keep_photo(upload)
    kept = False
    try:
        sent = actions.send_report(membership, text, client_id=client_id, photo=photo.name, photo_sha256=photo.sha256)
        kept = sent.is_new
    finally:
        if not kept:
            photos.forget_photo(photo.name)
    return sent
