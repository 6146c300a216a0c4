"""The one command line. Each subject's commands stand in its ``commands.py`` and are loaded when asked for."""

from __future__ import annotations

import importlib
import os
import sys

import click

COMMANDS = {
    "import": "lagesbild.observations.commands:import_file",
    "picture": "lagesbild.picture.commands:picture",
}


class LazyCommands(click.Group):
    """Knows every command's place and imports only the one that runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module_name, _, attribute = COMMANDS[cmd_name].partition(":")
        _start_django()
        command: click.Command = getattr(importlib.import_module(module_name), attribute)
        return command


def _start_django() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lagesbild.settings")
    django.setup()


@click.command(cls=LazyCommands)
def main() -> None:
    """Lagesbild: one shared situational picture of a troubled place."""


if __name__ == "__main__":
    sys.exit(main())
