"""Taking away what a document tells of who made it, when and where. What stands on its pages is not touched.

Removed are the document's own properties, small pictures of its first page, older revisions (PDF), the names beside
remarks and tracked changes, and what cameras wrote into the pictures within. A document that this would break, or that
cannot be read to the end, is refused: nothing is kept that might still tell.
"""

from __future__ import annotations

from lagesbild.cooperation.metadata.office import without_office_data
from lagesbild.cooperation.metadata.pdf import without_pdf_data
from lagesbild.cooperation.metadata.refusing import Reason, Refused

__all__ = ["Reason", "Refused", "without_metadata"]


def without_metadata(data: bytes, ending: str) -> bytes:
    """The same document without its metadata; ``ending`` says of which kind it is, such as ``.pdf``.

    Raises:
        Refused: it cannot be read, is locked or signed, or holds other files.
    """
    return without_pdf_data(data) if ending == ".pdf" else without_office_data(data)
