"""Reads for the pages; each module is a topic."""
