"""The pages; each module is a topic."""
