"""How big a file may be before it is refused. Each limit has its reason; the settings may lower or raise them."""

from __future__ import annotations

from dataclasses import dataclass

MEBIBYTE = 1 << 20


@dataclass(frozen=True)
class Limits:
    """Bounds that keep memory and time bounded whatever the file holds."""

    max_bytes: int = 1024 * MEBIBYTE
    """The file as uploaded. A gibibyte is five to eight million ordinary rows."""
    max_uncompressed_bytes: int = 1024 * MEBIBYTE
    """What a packed file (.gz, .xlsx) may become. Stops zip bombs before they are opened."""
    max_tree_bytes: int = 128 * MEBIBYTE
    """One JSON document is held as a tree while it is read: up to ten times the size of the text."""
    max_sheet_bytes: int = 512 * MEBIBYTE
    """One Excel sheet, unpacked. A full sheet (1,048,576 rows) of twelve columns is about 420 MB."""
    max_rows: int = 10_000_000
    """Rows in one import. More is split by year, which also makes mistakes easier to find."""
    max_columns: int = 500
    """The widest real export we know has about 150."""
    max_line_bytes: int = MEBIBYTE
    """One row. A longer one means a quote that never closes, or not a table at all."""
    max_cell_chars: int = 32_767
    """One value. The same as in Excel."""
    max_cells: int = 20_000_000
    """Cells of an Excel sheet, empty ones included: a sheet with one value far out takes memory for all between."""


DEFAULT_LIMITS = Limits()
