"""Which areas incidents lie in: the columns of the store, found for many rows at a time."""

from __future__ import annotations

import numpy as np
import polars as pl

from lagesbild.accounts.models import Collaboration
from lagesbild.observations.questions import POINT_PRECISIONS
from lagesbild.observations.store.table import Assign
from lagesbild.places.assignment import assign_areas
from lagesbild.places.queries import area_columns


def assigner(collaboration: Collaboration) -> Assign:
    """From ``x``, ``y``, ``precision`` and ``area_name`` to one column per area set, empty where no area fits.

    A point that only stands for a whole area is not used: such incidents are placed by the name of the area.
    """
    indexes = area_columns(collaboration)

    def assign(rows: pl.DataFrame) -> pl.DataFrame:
        columns = assign_areas(
            indexes,
            _floats(rows["x"]),
            _floats(rows["y"]),
            names=rows["area_name"].to_list() if rows["area_name"].null_count() < rows.height else None,
            use_point=rows["precision"].is_in(POINT_PRECISIONS).to_numpy(),
        )
        return pl.DataFrame(
            {name: pl.Series(ids, dtype=pl.Int32).replace(0, None) for name, ids in columns.items()},
            schema=dict.fromkeys(columns, pl.Int32),
        )

    return assign


def _floats(series: pl.Series) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return series.cast(pl.Float64).fill_null(float("nan")).to_numpy()
