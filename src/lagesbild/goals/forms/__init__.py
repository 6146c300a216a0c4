"""What comes in from the pages of goals: shape and format. Rules that need other rows are in the actions."""
