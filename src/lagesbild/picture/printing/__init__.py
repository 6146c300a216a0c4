"""The picture on paper: content in, bytes of a PDF or a Word file out. No database, no request.

Whoever prints gathers first: the content, the `Backdrop` (base layers, and the areas of an area picture) and, for a
frozen picture, the `Freeze`. Charts are the page's own: ``charts.series_chart``, ``week_chart`` and ``season_chart``.
"""

from __future__ import annotations

from lagesbild.core.documents import render_pdf, render_word
from lagesbild.picture.content import PictureContent
from lagesbild.picture.printing.document import Freeze, Language, Remark, make_document
from lagesbild.picture.printing.map_svg import Backdrop

__all__ = ["Backdrop", "Freeze", "Language", "Remark", "to_docx", "to_pdf"]


def to_pdf(content: PictureContent, *, language: Language, backdrop: Backdrop, freeze: Freeze | None = None) -> bytes:
    """A tagged PDF (PDF/UA-1)."""
    return render_pdf(make_document(content, language=language, backdrop=backdrop, freeze=freeze))


def to_docx(content: PictureContent, *, language: Language, backdrop: Backdrop, freeze: Freeze | None = None) -> bytes:
    """A Word file."""
    return render_word(make_document(content, language=language, backdrop=backdrop, freeze=freeze))
