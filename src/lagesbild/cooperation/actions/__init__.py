"""Changes to what is worked on together: one function, one change, one transaction, one audit row."""
