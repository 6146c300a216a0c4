"""Lagesbild: one shared situational picture of a troubled place, from the field report to the yearly report."""

__version__ = "0.1.0"
