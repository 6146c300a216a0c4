"""What comes in through the pages; each module is a topic."""
