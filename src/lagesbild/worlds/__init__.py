"""The example worlds: read from ``examples/`` and loaded through the ordinary actions of the other subjects."""
