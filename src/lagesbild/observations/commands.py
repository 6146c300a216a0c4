"""``lagesbild import``: the same steps as the pages, for people at a terminal and for programs."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import polars as pl
from django.db import connection
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lagesbild.accounts.actions import ensure_organisation
from lagesbild.accounts.models import Collaboration, Organisation
from lagesbild.accounts.queries import collaboration_named
from lagesbild.core import jobs
from lagesbild.core.errors import UserError
from lagesbild.core.models import Job, JobState
from lagesbild.observations import actions, intake, queries, uploads
from lagesbild.observations.importing import Mapping, Note, problems_csv, with_messages
from lagesbild.observations.models import ImportBatch, Source
from lagesbild.observations.uploads import BatchFolder

SHOWN_PROBLEMS = 20
REFUSED = 2


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--collaboration", "slug", required=True, metavar="SLUG", help="The collaboration, by its short name.")
@click.option("--source", "source_name", required=True, metavar="NAME", help="Where the file comes from; made if new.")
@click.option("--mapping", "mapping_name", metavar="NAME", help="How to read it: 'polisen', or as for another source.")
@click.option("--type", "one_type", metavar="TEXT", help="All rows are of this type, if no column says it.")
@click.option("--sheet", metavar="NAME", default="", help="Sheet or layer, if the file has several.")
@click.option("--owner", metavar="SLUG", help="Organisation that owns a new source. Default: the first one.")
@click.option("--exercise", is_flag=True, help="A new source holds exercise data, and everything made from it says so.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON, without asking.")
def import_file(
    file: Path,
    slug: str,
    source_name: str,
    mapping_name: str | None,
    one_type: str | None,
    sheet: str,
    owner: str | None,
    exercise: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Import incidents from FILE: CSV, Excel, JSON, JSON Lines or GeoPackage.

    Everything is read and checked first. If any row cannot be stored nothing is, every problem is listed by row and
    column, and the exit code is 2. Importing the same file again changes nothing.

    \b
    lagesbild import brott.csv --collaboration klara --source "Vakternas rapporter"
    lagesbild import events.json --collaboration sverige --source Polisen --mapping polisen --yes --json
    """
    asks = not (yes or as_json)
    if asks and not someone_watches():
        raise UserError("usage", gettext_lazy("There is nobody to ask here. Add --yes."))
    collaboration = _collaboration(slug)
    source = _source(collaboration, source_name, owner=owner, exercise=exercise, asks=asks)
    batch = actions.receive_file(source, uploads.chunks_of(file), file_name=file.name, actor=None)
    _choose(batch, mapping_name, one_type=one_type, sheet=sheet)
    try:
        _run(batch, "observations.check")
        if batch.n_refused:
            _tell_refused(batch, as_json=as_json)
            raise SystemExit(REFUSED)
        if asks:
            click.echo(_question(batch))
            if not click.confirm(_("Store them?")):
                raise click.Abort
        _run(batch, "observations.apply")
    except (KeyboardInterrupt, click.Abort):
        actions.cancel_batch(batch, actor=None)
        raise
    click.echo(json.dumps(_answer(batch), ensure_ascii=False) if as_json else _said(batch))


def someone_watches() -> bool:
    """Whether there is a person to ask."""
    return sys.stdin.isatty()


def _collaboration(slug: str) -> Collaboration:
    collaboration = collaboration_named(slug)
    if collaboration is None:
        raise UserError(
            "collaborations.unknown",
            gettext_lazy('There is no collaboration "{slug}".'),
            field="collaboration",
            slug=slug,
        )
    return collaboration


def _source(collaboration: Collaboration, name: str, *, owner: str | None, exercise: bool, asks: bool) -> Source:
    """The source with this name or short name; a new one if there is none."""
    existing = queries.source_named(collaboration, name)
    if existing is not None:
        return existing
    if asks and not click.confirm(_('There is no source "{name}". Make it?').format(name=name)):
        raise click.Abort
    return actions.ensure_source(
        _owner(collaboration, owner), slugify(name)[:60].strip("-"), name=name, actor=None, is_exercise=exercise
    )


def _owner(collaboration: Collaboration, slug: str | None) -> Organisation:
    """The one named; else the first; else one of the collaboration's own name, so that a new one can begin at once."""
    organisation = queries.first_organisation(collaboration, slug)
    if organisation is not None:
        return organisation
    if slug is None:
        return ensure_organisation(collaboration, collaboration.slug, name=collaboration.name, actor=None)
    raise UserError(
        "organisations.unknown",
        gettext_lazy('The collaboration has no organisation "{slug}" to own the source.'),
        field="owner",
        slug=slug,
    )


def _choose(batch: ImportBatch, mapping_name: str | None, *, one_type: str | None, sheet: str) -> None:
    """Settle beforehand what was said about the file; the rest is guessed."""
    if sheet:
        actions.choose_sheet(batch, sheet, actor=None)
    mapping = intake.named_mapping(batch.collaboration, mapping_name) if mapping_name else None
    if one_type:
        guessed = mapping or Mapping.from_dict(intake.preview(batch, intake.nothing)["mapping"])
        mapping = replace(guessed, name="custom", source_type=None, source_type_constant=one_type)
    if mapping:
        actions.choose_mapping(batch, mapping, actor=None)


def _run(batch: ImportBatch, kind: str) -> None:
    """Do a step here, as the job it would be in the worker. If a worker takes it first, wait for that."""
    job = actions.begin(batch, kind, actor=None)
    with _bar(job):
        jobs.run(str(job.pk))
        job.refresh_from_db()
        while job.state in (JobState.QUEUED, JobState.RUNNING):
            time.sleep(0.2)
            job.refresh_from_db()
    batch.refresh_from_db()
    if job.state == JobState.CANCELLED:
        raise click.Abort
    if job.state == JobState.FAILED:
        if "message" not in job.error_params:
            raise click.ClickException(_("Something unexpected went wrong; nothing was stored. See the log."))
        raise UserError(job.error_code, job.error_params["message"])


@contextmanager
def _bar(job: Job) -> Iterator[None]:
    """A progress bar where somebody watches; it reads what the job writes."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console
    from rich.progress import Progress

    ended = threading.Event()

    def watch() -> None:
        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("", total=None)
            while not ended.wait(0.2):
                now = Job.objects.get(pk=job.pk)
                stage = _(now.stage) if now.stage else ""
                bar.update(task, completed=now.done_parts, total=now.total_parts or None, description=stage)
        connection.close()

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _tell_refused(batch: ImportBatch, *, as_json: bool) -> None:
    """List the problems and where all of them are; the file itself is not kept."""
    folder = BatchFolder(batch.pk)
    problems = folder.problems()
    folder.delete_upload()
    path = folder.path / "problems.csv"
    path.write_bytes(problems_csv(problems))
    errors = with_messages(problems.filter(pl.col("severity") == "error"))
    if as_json:
        first = errors["message"].head(SHOWN_PROBLEMS).to_list()
        answer = {"problems": problems.height, "problems_file": str(path), "first_problems": first}
        click.echo(json.dumps(_answer(batch) | answer, ensure_ascii=False))
        return
    for message in errors["message"].head(SHOWN_PROBLEMS):
        click.echo(message, err=True)
    if errors.height > SHOWN_PROBLEMS:
        click.echo(_("… and {n} more.").format(n=errors.height - SHOWN_PROBLEMS), err=True)
    refused = _("{refused} of {rows} rows cannot be stored, so nothing was.").format(
        refused=batch.n_refused, rows=batch.n_rows
    )
    click.secho(refused, fg="red", err=True)
    click.echo(_("All problems: {path}").format(path=path), err=True)


def _question(batch: ImportBatch) -> str:
    counts = _("{rows} rows: {added} new, {updated} changed, {unchanged} as before.").format(
        rows=batch.n_rows, added=batch.n_added, updated=batch.n_updated, unchanged=batch.n_unchanged
    )
    return "\n".join([counts, *_notes(batch)])


def _said(batch: ImportBatch) -> str:
    return _("{added} added, {updated} updated, {unchanged} unchanged. Data version {version}.").format(
        added=batch.n_added, updated=batch.n_updated, unchanged=batch.n_unchanged, version=batch.data_version
    )


def _answer(batch: ImportBatch) -> dict[str, Any]:
    refused = batch.n_refused > 0
    return {
        "collaboration": batch.collaboration.slug,
        "source": batch.source.slug,
        "batch": batch.pk,
        "state": batch.state,
        "rows": batch.n_rows,
        "added": 0 if refused else batch.n_added,
        "updated": 0 if refused else batch.n_updated,
        "unchanged": 0 if refused else batch.n_unchanged,
        "refused": batch.n_refused,
        "withheld": batch.n_withheld,
        "warnings": batch.n_warnings,
        "version": batch.data_version,
        "problems": 0,
        "problems_file": None,
        "notes": _notes(batch),
    }


def _notes(batch: ImportBatch) -> list[str]:
    return [str(Note(code, params)) for code, params in batch.findings.get("notes", [])]
