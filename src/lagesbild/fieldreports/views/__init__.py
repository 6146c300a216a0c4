"""Pages of field reports: lists, one report, and what coordinators do with it."""
