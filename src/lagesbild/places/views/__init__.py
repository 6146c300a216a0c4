"""Pages of places: lists and single pages, the editor, the import of areas, and data for maps."""
