"""Programs for those who develop Lagesbild. Nothing here is installed with it."""
