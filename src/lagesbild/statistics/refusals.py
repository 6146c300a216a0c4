"""Refusals at the command line: one line on standard error and exit code 2, also for what the library refuses.

They are in English as the library is: nothing here starts Django, which translates, and starting it takes longer
than most analyses.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import click

from lagesbild.cli import Failure

# What the library calls its arguments, and what they are called here where that is not the same with hyphens.
OPTIONS = {
    "cell_m": "cell",
    "bandwidth_m": "bandwidth",
    "radius_m": "radius",
    "window_days": "days",
    "max_radius_m": "max-radius",
    "n_replicates": "replicates",
    "n_current": "current",
    "n_samples": "samples",
    "rings_m": "rings",
    "ids": "id",
    "order": "neighbours",
}
SAME = (
    *("alpha", "bounds", "conf", "threshold", "per", "years", "stop_after", "min_cases", "max_share", "max_days"),
    *("slice_days", "sample_share", "resample", "area_test"),
    *("distance_bands", "time_bands", "min_count", "period", "kernel", "metric"),
    *("treatment_share", "block_size", "within", "phase_in", "alternative"),
    *("area_share", "recent", "null", "false_alarm_rate", "guard", "scheduler"),
)


def refuse(message: str, *, field: str | None = None) -> NoReturn:
    """Say what is wrong with the input, and stop."""
    raise Failure("stats.input", " ".join(message.split()), field=field)


@contextmanager
def refusing(*, scheduler: str | None = None) -> Iterator[None]:
    """Round a call of the library: what it refuses is wrong input here, and so is a scheduler that does not answer."""
    try:
        yield
    except (ValueError, TypeError) as error:
        refuse(_in_options(str(error)))
    except (OSError, ModuleNotFoundError) as error:
        if scheduler is None:
            raise
        refuse(f"The Dask scheduler {scheduler} cannot be used: {error}", field="scheduler")


def _in_options(message: str) -> str:
    """The library's sentence with the names of options."""
    for name in (*OPTIONS, *SAME):
        message = message.replace(f"`{name}`", "--" + OPTIONS.get(name, name).replace("_", "-"))
    return message


class OneLineGroup(click.Group):
    """Says every error in one line, as JSON when ``--json`` was given."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        as_json = "--json" in args
        try:
            context = super().make_context(info_name, args, parent, **extra)
        except click.UsageError as error:
            raise _short(error, as_json=as_json) from error
        context.meta[__name__] = as_json
        return context

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Failure as error:
            error.as_json = ctx.meta[__name__]
            raise
        except click.UsageError as error:
            raise _short(error, as_json=ctx.meta[__name__]) from error


def _short(error: click.UsageError, *, as_json: bool) -> click.ClickException:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error
    return Failure("usage", " ".join(error.format_message().split()), as_json=as_json)
