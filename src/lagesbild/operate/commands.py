"""Commands that set up, check and run the server."""

from __future__ import annotations

import json
import os
from typing import Any

import click
from django.conf import settings
from django.core.management import call_command
from rich.console import Console
from rich.table import Table

from lagesbild.core.errors import UserError
from lagesbild.operate import checks, vendor

console = Console(stderr=True)


@click.command()
def migrate() -> None:
    """Make or upgrade the database.

    Safe to run again; run it after every upgrade, with the server stopped.

    \b
    Example:
      lagesbild migrate
    """
    call_command("migrate", interactive=False, verbosity=0)
    click.echo("The database is up to date.")


@click.command()
def collect() -> None:
    """Fetch front-end files out of installed packages.

    The map, chart and fragment scripts lie in Python packages of fixed versions; this copies them to the data folder,
    from where they are served. Nothing is fetched from the network. Safe to run again.

    \b
    Example:
      lagesbild collect
    """
    for path in vendor.collect(again=True):
        click.echo(path)


@click.command()
@click.option("--once", is_flag=True, help="End when the queue is empty.")
@click.option("--parent", type=int, hidden=True, help="End when this process is no longer the parent.")
def worker(*, once: bool, parent: int | None) -> None:
    """Run background jobs until stopped.

    `lagesbild serve` already runs one worker; start more for a busy server. A worker that dies loses nothing: its job
    is taken up again when the lease runs out (LAGESBILD_JOB_LEASE_SECONDS).

    \b
    Examples:
      lagesbild worker
      lagesbild worker --once
    """
    from lagesbild.operate.working import Worker, yield_to_pages

    if parent is not None:
        yield_to_pages()
    person = Worker(parent=parent)
    person.stop_on_signals()
    person.run(until_empty=once)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on; default LAGESBILD_PORT.")
@click.option("--worker/--no-worker", default=True, show_default=True, help="Run a worker beside the server.")
@click.option("--processes", type=click.IntRange(1, 64), default=1, show_default=True, help="Server processes.")
def serve(*, host: str, port: int | None, worker: bool, processes: int) -> None:
    """Run the server, and a worker beside it.

    \b
    Examples:
      lagesbild serve
      lagesbild serve --port 8080 --processes 2
    """
    _serve(host, port or settings.LAGESBILD["port"], worker=worker, processes=processes)


def _serve(host: str, port: int, *, worker: bool = True, processes: int = 1, welcome: str = "") -> None:
    from lagesbild.operate import serving

    try:
        serving.refuse_taken_port(host, port)
    except OSError as error:
        raise UserError(
            "server.port_taken", "Cannot listen on {host}:{port}: {reason}.", "port", host=host, port=port,
            reason=error.strerror,
        ) from error  # fmt: skip
    if checks.pending_migrations():
        raise UserError("server.not_migrated", "The database is not up to date. Run `lagesbild migrate` first.")
    vendor.collect()
    shown = f"[{host}]" if ":" in host else host
    os.environ["LAGESBILD_PORT"] = str(port)

    def ready() -> None:
        console.print(f"Lagesbild answers at [bold]http://{shown}:{port}[/bold]  (Ctrl+C stops it)")
        if welcome:
            console.print(welcome, highlight=False)

    serving.serve(host=host, port=port, processes=processes, worker=worker, ready=ready)


@click.command()
@click.option("--no-serve", is_flag=True, help="Set everything up but do not start the server.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on; default LAGESBILD_PORT.")
def demo(*, no_serve: bool, host: str, port: int | None) -> None:
    """Set everything up with the example worlds, and serve.

    Makes the database, loads the worlds klara, san-francisco and sverige through the ordinary import, and starts server
    and worker. Run it again as often as you like: what is already there is left alone. The demo sign-ins have a known
    password, so never let others reach a server that has them.

    \b
    Examples:
      lagesbild demo
      lagesbild demo --port 8080
      LAGESBILD_DATA_DIR=/tmp/try lagesbild demo --no-serve
    """
    from lagesbild.operate.demonstration import prepare

    prepare(console)
    vendor.collect()
    from lagesbild.operate.demonstration import sign_ins

    if no_serve:
        console.print(sign_ins(), highlight=False)
        return
    _serve(host, port or settings.LAGESBILD["port"], welcome=sign_ins())


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.option("--repair", is_flag=True, help="Put right what a crash may have left half done.")
def check(*, as_json: bool, repair: bool) -> None:
    """Show the settings and what is in order.

    Secrets are never shown. Exit code 1 if anything is not in order.

    \b
    Examples:
      lagesbild check
      lagesbild check --repair
      lagesbild check --json
    """
    from lagesbild.core import repairs

    failed = repairs.run_all() if repair else []
    rows, findings = (
        checks.setting_rows(),
        [*checks.findings(), *(checks.Finding(n, False, "repair failed") for n in failed)],
    )
    if as_json:
        click.echo(json.dumps({"settings": rows, "checks": [vars(finding) for finding in findings]}, indent=2))
    else:
        _print_check(rows, findings)
    if not all(finding.in_order for finding in findings):
        raise click.exceptions.Exit(1)


def _print_check(rows: list[dict[str, Any]], findings: list[checks.Finding]) -> None:
    screen = Console()
    table = Table("Setting", "Value", "From", title="Settings", title_justify="left")
    for row in rows:
        table.add_row(row["name"], row["value"], row["from"])
    screen.print(table)
    for finding in findings:
        mark = "[green]✓[/]" if finding.in_order else "[red]✗[/]"
        screen.print(f"{mark} {finding.what}: {finding.note}")
