"""A picture on its way to paper: gathers what the printing needs beside the content."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from django.db.models import Q

from lagesbild.accounts.access import visible_to
from lagesbild.accounts.models import Collaboration, Membership
from lagesbild.picture import freezing, printing, queries, since_last
from lagesbild.picture.content import PictureContent
from lagesbild.picture.models import FrozenPicture, PictureComment

Kind = Literal["pdf", "docx"]
CONTENT_TYPES: dict[Kind, str] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def to_file(
    content: PictureContent,
    kind: Kind,
    *,
    language: str,
    collaboration: Collaboration,
    membership: Membership | None,
    freeze: printing.Freeze | None = None,
) -> bytes:
    """The bytes of the file. Two queries; one when there are hot spots."""
    sees = Q() if membership is None else visible_to(membership)
    shown_areas = content.areas if content.hot_spots is None else None
    backdrop = printing.Backdrop(
        crs=collaboration.working_crs,
        layers=queries.base_shapes(collaboration, sees),
        areas=queries.drawn_shapes(shown_areas.version) if shown_areas else {},
    )
    write = printing.to_pdf if kind == "pdf" else printing.to_docx
    return write(content, language="en" if language.startswith("en") else "sv", backdrop=backdrop, freeze=freeze)


def freeze_of(
    picture: FrozenPicture, content: PictureContent, comments: Sequence[PictureComment], previous: FrozenPicture | None
) -> printing.Freeze:
    """What is told of a frozen picture beyond its content."""
    changes = since_last.sentences(since_last.differences(freezing.content_of(previous), content)) if previous else ()
    return printing.Freeze(
        title=picture.title,
        note=picture.note,
        sharing=picture.get_sharing_display(),
        frozen_at=picture.created_at,
        sha256=picture.content_sha256,
        remarks=tuple(
            printing.Remark(
                organisation=comment.function.organisation.name,
                function=comment.function.name,
                stance=comment.get_stance_display(),
                text=comment.text,
            )
            for comment in comments
        ),
        changes=changes,
    )
