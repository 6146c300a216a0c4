"""The yearly report and the law's picture and plan: live figures, frozen when published."""
