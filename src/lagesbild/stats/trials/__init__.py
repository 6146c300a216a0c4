"""Randomised trials of places: make blocks (`matching`), let chance decide (`randomise`), see how even it came out
(`balance`), and estimate the effect as randomised (`trial_effect`).

Effects without randomisation are in `lagesbild.stats.effects`.
"""
