"""Setting up the example worlds."""

from __future__ import annotations

from django.core.management import call_command
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn


def prepare(console: Console) -> None:
    """Make the database and load every example world. Twice is the same as once."""
    from lagesbild.worlds.actions import load_all

    call_command("migrate", interactive=False, verbosity=0)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("Example worlds", total=None)

        def progress(done: int, total: int, stage: str = "") -> None:
            bar.update(task, completed=done, total=total or None, description=stage or "Example worlds")

        skipped = load_all(progress)
    for note in skipped:
        console.print(f"· {note}", highlight=False)


def sign_ins() -> str:
    """Who can sign in to the example worlds, ready to print."""
    from lagesbild.worlds.actions import demo_sign_ins

    return demo_sign_ins()
