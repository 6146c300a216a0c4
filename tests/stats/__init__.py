"""Tests of the analysis library. They need no database."""
