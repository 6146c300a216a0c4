"""Options that every method has, and kinds of values: lists of edges, periods."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import click

from lagesbild.statistics.answers import say
from lagesbild.statistics.events import Asked

# Dates end with the year 9999, 2.9 million days from 1970.
FARTHEST_DAY = 1e7
Method = Callable[..., Mapping[str, Any]]
Option = Callable[[Any], Any]
COMMON: tuple[Option, ...] = (
    click.option("--x", default="x", show_default=True, metavar="COLUMN", help="Easting, or lon in degrees."),
    click.option("--y", default="y", show_default=True, metavar="COLUMN", help="Northing, or lat in degrees."),
    click.option("--t", default="t", show_default=True, metavar="COLUMN", help="Date, date and time, or days."),
    click.option("--category", default="category", show_default=True, metavar="COLUMN", help="Kind of event."),
    click.option("--only", multiple=True, metavar="VALUE", help="Take only rows of this category; may be repeated."),
    click.option(
        "--crs",
        default="EPSG:3006",
        show_default=True,
        metavar="SYSTEM",
        help="System of x and y, in metres; lon, lat and shapes are projected to it. The answer is in the same.",
    ),
    click.option("--layer", metavar="NAME", help="Layer of a GeoPackage. Default: the first."),
    click.option(
        "--seed",
        type=click.IntRange(min=0),
        default=1,
        show_default=True,
        metavar="NUMBER",
        help="Start of the random numbers, where any are used.",
    ),
    click.option("--json", "as_json", is_flag=True, help="Answer as JSON."),
)


def method(name: str, *options: Option) -> Callable[[Method], click.Command]:
    """A command out of a function that gets what was asked and answers with plain values."""

    def make(function: Method) -> click.Command:
        @functools.wraps(function)
        def run(**given: Any) -> None:
            as_json = given.pop("as_json")
            asked = Asked(**{each: given.pop(each) for each in Asked.__dataclass_fields__})
            say(function(asked, **given), as_json=as_json)

        decorated: Any = run
        for option in reversed([*options, *COMMON]):
            decorated = option(decorated)
        file = click.Path(exists=True, dir_okay=False, path_type=Path)
        return click.command(name)(click.argument("file", type=file)(decorated))

    return make


class Edges(click.ParamType[Any]):
    """Numbers with commas between them; inf is the open end."""

    name = "edges"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, tuple):
            return value
        try:
            return tuple(float(each) for each in str(value).split(","))
        except ValueError:
            self.fail(f'"{value}" must be numbers with commas between them, such as 0,100,200,inf.', param, ctx)


def monte_carlo(*, default: int = 999, fewest: int = 1, more: str = "") -> tuple[Option, ...]:
    """How random replicates are run."""
    return (
        click.option(
            "--replicates",
            type=click.IntRange(min=fewest),
            default=default,
            show_default=True,
            metavar="N",
            help=f"Random replicates to compare with.{more}",
        ),
        click.option("--threads", type=click.IntRange(min=1), help="Threads of this machine. Default: all."),
        click.option(
            "--scheduler", metavar="ADDRESS", help="A Dask scheduler to run them, such as tcp://127.0.0.1:8786."
        ),
    )


MONTE_CARLO = monte_carlo()


class Period(click.ParamType[Any]):
    """Two dates, or two numbers of days: from the first up to the second, which is not included."""

    name = "period"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, tuple):
            return value
        try:
            first, after = (_days(each.strip()) for each in str(value).split(","))
        except ValueError:
            self.fail(
                f'"{value}" must be two dates such as 2026-01-01,2026-07-01, the second not included.', param, ctx
            )
        if not max(abs(first), abs(after)) <= FARTHEST_DAY:
            self.fail(f'"{value}" lies too far away.', param, ctx)
        if not first < after:
            self.fail(f'"{value}" must end after it begins.', param, ctx)
        return first, after


def _days(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float((date.fromisoformat(text) - date(1970, 1, 1)).days)
