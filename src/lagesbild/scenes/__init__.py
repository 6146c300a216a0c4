"""Open drug scenes and places to watch: assessments, indices, deep dives, where people come from."""
