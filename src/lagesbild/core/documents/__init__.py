"""Printed documents: a subject gathers blocks, and the same blocks become a PDF or a Word file.

Knows nothing of what the documents are about.
"""

from lagesbild.core.documents.blocks import (
    Block,
    Bullets,
    Callout,
    Document,
    Figure,
    Heading,
    Paragraph,
    Piece,
    Table,
    Text,
)
from lagesbild.core.documents.pdf import render_pdf
from lagesbild.core.documents.word import render_word

__all__ = [
    "Block",
    "Bullets",
    "Callout",
    "Document",
    "Figure",
    "Heading",
    "Paragraph",
    "Piece",
    "Table",
    "Text",
    "render_pdf",
    "render_word",
]
