"""Pages of actors, by topic."""
