"""``lagesbild stats randomise``: chance decides which places get the measure."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import numpy as np

from lagesbild.statistics.answers import answer_of
from lagesbild.statistics.events import Asked
from lagesbild.statistics.options import method
from lagesbild.statistics.refusals import refuse, refusing
from lagesbild.statistics.table import Table


@method(
    "randomise",
    click.option("--id", "id_column", default="id", show_default=True, metavar="COLUMN", help="Name of the place."),
    click.option("--block", metavar="COLUMN", help="Draw within each value of this column."),
    click.option(
        "--match", multiple=True, metavar="COLUMN", help="Make blocks of places alike in this; may be repeated."
    ),
    click.option(
        "--block-size", type=click.IntRange(min=2), default=2, show_default=True, help="Places in a block of --match."
    ),
    click.option("--within", metavar="COLUMN", help="With --match: only places with the same value share a block."),
    click.option(
        "--treatment-share",
        type=float,
        default=0.5,
        show_default=True,
        help="Share of the places that get the measure.",
    ),
    click.option(
        "--balance", multiple=True, metavar="COLUMN", help="Also say how even this came out. Default: as --match."
    ),
    click.option(
        "-o",
        "--output",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="CSV",
        help="Write the draw to this file, which must not exist: a draw is made once.",
    ),
)
def randomise(asked: Asked, **given: Any) -> Mapping[str, Any]:
    """Which places get the measure, when chance alone decides?

    FILE has one row for each place. Blocks are a column of it, or pairs of places that are alike (--match). The same
    names, blocks and --seed give the same draw on every machine; set the seed before witnesses.
    Answers who gets the measure, how many of each block, and how even the groups came out.
    Methods: docs/methods/randomise.md, matching.md and balance.md.

    \b
    lagesbild stats randomise places.csv --block level --seed 20260301 -o draw.csv --json
    lagesbild stats randomise places.csv --id name --match calls --match residents --seed 7 --treatment-share 0.5
    """
    from lagesbild.stats import covariate_balance
    from lagesbild.stats import randomise as randomise_

    table = asked.table
    names = [each or "" for each in table.texts(given["id_column"])]
    if given["output"] and given["output"].exists():
        refuse(f"{given['output'].name} exists. A draw is made once; choose another name.", field="output")
    matched, block = _blocks(table, given)
    with refusing():
        drawn = randomise_(names, block=block, treatment_share=given["treatment_share"], seed=asked.seed)
        measures = given["balance"] or given["match"]
        even = None
        if measures and 0 < drawn.n_treated < len(names):
            columns = np.column_stack([table.counts(each) for each in measures])
            even = answer_of(covariate_balance(columns, treated=drawn.treated, block=block, names=list(measures)))
    rows = [
        {"id": name, "block": str(label), "treated": int(each)}
        for name, label, each in zip(drawn.ids, drawn.block, drawn.treated, strict=True)
    ]
    if given["output"]:
        _write(given["output"], _csv(rows))
    answer = answer_of(drawn)
    kept = {
        name: answer[name] for name in ("method", "version", "parameters", "notes", "n_treated", "checksum", "blocks")
    }
    return kept | {"allocation": rows, "balance": even, "matching": matched, "input": asked.facts()}


def _blocks(table: Table, given: Mapping[str, Any]) -> tuple[dict[str, Any] | None, Any]:
    """Blocks of a column as texts, or made of places that are alike; then also how alike."""
    from lagesbild.stats import match_blocks

    if given["block"] and given["match"]:
        refuse("Give --block or --match, not both.", field="match")
    if given["within"] and not given["match"]:
        refuse("--within needs --match.", field="within")
    if given["block"]:
        return None, [each or "" for each in table.texts(given["block"])]
    if not given["match"]:
        return None, None
    within = [each or "" for each in table.texts(given["within"])] if given["within"] else None
    with refusing():
        columns = np.column_stack([table.counts(each) for each in given["match"]])
        found = match_blocks(columns, block_size=given["block_size"], within=within)
    answer = answer_of(found)
    return {name: each for name, each in answer.items() if name != "block"}, (found.block + 1).astype(str)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        refuse(f"{path} cannot be written: {error.strerror}.", field="output")


def _csv(rows: list[dict[str, Any]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, ("id", "block", "treated"), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
