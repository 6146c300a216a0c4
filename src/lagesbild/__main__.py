"""``python -m lagesbild`` is the command ``lagesbild``."""

from lagesbild.cli import main

main(prog_name="lagesbild")
