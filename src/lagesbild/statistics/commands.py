"""``lagesbild stats``: one command for each method, in the order of the questions."""

from __future__ import annotations

import click

from lagesbild.statistics.clusters import scan
from lagesbild.statistics.counts import change, rates, suppress
from lagesbild.statistics.effects import effect
from lagesbild.statistics.forecasts import accuracy
from lagesbild.statistics.likeness import moran
from lagesbild.statistics.maps import density, gistar
from lagesbild.statistics.moves import category_mix, displacement, spp_test
from lagesbild.statistics.pairs import knox, near_repeat_chains
from lagesbild.statistics.refusals import OneLineGroup
from lagesbild.statistics.times import profile
from lagesbild.statistics.trials import randomise


class InOrder(OneLineGroup):
    """Lists the methods as they stand here."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(self.commands)


@click.group(cls=InOrder)
def stats() -> None:
    """Analyse a file with one method of the library; nothing is stored."""


for each in (
    density,
    gistar,
    moran,
    knox,
    near_repeat_chains,
    scan,
    change,
    profile,
    displacement,
    spp_test,
    category_mix,
    effect,
    randomise,
    rates,
    accuracy,
    suppress,
):
    stats.add_command(each)
