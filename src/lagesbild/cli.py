"""The one command line. Each subject's commands stand in its ``commands.py`` and are loaded when asked for.

Exit codes: 0 done · 1 it failed · 2 something in the input or the settings is wrong (also written as JSON to standard
error when ``--json`` was given).
"""

from __future__ import annotations

import importlib
import json
import os
from dataclasses import dataclass
from typing import IO, Any

import click

from lagesbild import __version__
from lagesbild.core.configuration import ConfigurationError
from lagesbild.core.errors import UserError


@dataclass(frozen=True)
class Entry:
    """Where a command stands, and what it does in a few words (shown without loading it)."""

    target: str
    help: str
    group: str
    needs_django: bool = True


WORK, PEOPLE, RUN = "The work", "People and collaborations", "Running it"

COMMANDS: dict[str, Entry] = {
    "import": Entry(
        "lagesbild.observations.commands:import_file",
        "Import incidents from FILE: CSV, Excel, JSON, JSON Lines or GeoPackage.",
        WORK,
    ),
    "picture": Entry(
        "lagesbild.picture.commands:picture", "Make a situational picture as FILE: .pdf, .docx, .json or .csv.", WORK
    ),
    "report": Entry(
        "lagesbild.publications.commands:report",
        "Make the report of a year as FILE (.pdf or .docx), or print its figures as JSON.",
        WORK,
    ),
    "stats": Entry(
        "lagesbild.statistics.commands:stats",
        "Analyse a file with one method of the library; nothing is stored.",
        WORK,
        needs_django=False,
    ),
    "areas": Entry("lagesbild.places.commands:areas", "Import and list area sets.", WORK),
    "places": Entry("lagesbild.places.commands:places", "List places.", WORK),
    "collaboration": Entry("lagesbild.accounts.commands:collaboration", "Add and list collaborations.", PEOPLE),
    "organisation": Entry("lagesbild.accounts.commands:organisation", "Add organisations to a collaboration.", PEOPLE),
    "user": Entry("lagesbild.accounts.commands:user", "Add people who sign in.", PEOPLE),
    "membership": Entry(
        "lagesbild.accounts.commands:membership", "Give a person a function and a role in a collaboration.", PEOPLE
    ),
    "demo": Entry("lagesbild.operate.commands:demo", "Set everything up with the example worlds, and serve.", RUN),
    "migrate": Entry("lagesbild.operate.commands:migrate", "Make or upgrade the database.", RUN),
    "collect": Entry("lagesbild.operate.commands:collect", "Fetch front-end files out of installed packages.", RUN),
    "serve": Entry("lagesbild.operate.commands:serve", "Run the server, and a worker beside it.", RUN),
    "worker": Entry("lagesbild.operate.commands:worker", "Run background jobs until stopped.", RUN),
    "check": Entry("lagesbild.operate.commands:check", "Show the settings and what is in order.", RUN),
}


class Failure(click.ClickException):
    """Wrong input or settings: said shortly, exit code 2."""

    exit_code = 2

    def __init__(self, code: str, message: str, *, field: str | None = None, as_json: bool = False) -> None:
        super().__init__(message)
        self.code, self.field, self.as_json = code, field, as_json

    def show(self, file: IO[Any] | None = None) -> None:  # noqa: ARG002 - click's signature
        if self.as_json:
            click.echo(
                json.dumps({"error": {"code": self.code, "message": self.message, "field": self.field}}), err=True
            )
        else:
            click.secho(self.message, fg="red", err=True)


class LazyCommands(click.Group):
    """Knows every command's place and imports only the one that runs."""

    as_json = False

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        return load(cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        for group in (WORK, PEOPLE, RUN):
            with formatter.section(group):
                formatter.write_dl([(name, entry.help) for name, entry in COMMANDS.items() if entry.group == group])

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        self.as_json = "--json" in args
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except UserError as error:
            raise Failure(error.code, error.message, field=error.field, as_json=self.as_json) from error
        except ConfigurationError as error:
            raise Failure("configuration", str(error), as_json=self.as_json) from error
        except click.UsageError as error:
            if not self.as_json:
                raise
            raise Failure("usage", error.format_message(), as_json=True) from error


def load(name: str) -> click.Command:
    """The command itself, with Django started for it if it needs that."""
    module_name, _, attribute = COMMANDS[name].target.partition(":")
    if COMMANDS[name].needs_django:
        _start_django()
    command: click.Command = getattr(importlib.import_module(module_name), attribute)
    return command


def _start_django() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lagesbild.settings")
    django.setup()


@click.command(
    cls=LazyCommands,
    epilog="Try it: `lagesbild demo` sets up the example worlds and serves them at http://127.0.0.1:8000.",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="lagesbild")
def main() -> None:
    """Lagesbild: one shared situational picture of a troubled place.

    Settings are LAGESBILD_… environment variables (`lagesbild check` shows them all); everything that is stored lies
    under LAGESBILD_DATA_DIR. Every command has its own --help with examples.
    """


if __name__ == "__main__":
    main()
