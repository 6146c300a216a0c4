"""A report as a file to download."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.http import HttpResponse

from lagesbild.core.documents import render_pdf, render_word
from lagesbild.publications.rendering import make_document

Kind = Literal["pdf", "docx"]
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def printed(content: dict[str, Any], kind: Kind, *, name: str, made_at: datetime, digest: str = "") -> HttpResponse:
    """The content as PDF or Word."""
    document = make_document(content, made_at=made_at, digest=digest)
    body = render_pdf(document) if kind == "pdf" else render_word(document)
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    return HttpResponse(body, content_type="application/pdf" if kind == "pdf" else WORD, headers=headers)
