"""``lagesbild stats``: the analysis library at the command line, on files.

Reads a file into arrays, calls one function of `lagesbild.stats` and writes its answer. No database and no settings.
"""
