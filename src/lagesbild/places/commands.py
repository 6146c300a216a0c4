"""The command line for areas and places."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts import queries as accounts
from lagesbild.accounts.models import Collaboration, Organisation
from lagesbild.core.errors import UserError
from lagesbild.places import actions, lists, queries
from lagesbild.places.models import AreaSetVersion
from lagesbild.places.reading import FileProblemsError, RepairsNotAcceptedError


@click.group()
def areas() -> None:
    """Import and list area sets."""


@areas.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--collaboration", "slug", required=True, help="Short name of the collaboration.")
@click.option("--set", "set_slug", required=True, help="Short name of the area set; made if it does not exist.")
@click.option("--name", help="What people call the set. [default: its short name]")
@click.option("--owner", help="Short name of the organisation that owns it. [default: the collaboration's first]")
@click.option("--source", required=True, help="Who publishes the boundaries, and under what terms.")
@click.option("--code-field", required=True, help="Field with the code of each area.")
@click.option("--name-field", required=True, help="Field with the name of each area.")
@click.option("--alias-field", "alias_fields", multiple=True, help="Field with another name; may be given again.")
@click.option("--parent-set", help="Short name of the set that these areas lie in.")
@click.option("--parent-field", help="Field with the code of the area it lies in. [default: found by position]")
@click.option("--valid-from", type=click.DateTime(["%Y-%m-%d"]), help="Day from which the boundaries hold.")
@click.option("--crs", help="Coordinate system, such as EPSG:3011. [default: what the file says]")
@click.option("--layer", help="Layer, if the file has several.")
@click.option("--accept-repairs", is_flag=True, help="Store the areas with the repairs that are listed.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def areas_import(
    *,
    file: Path,
    slug: str,
    set_slug: str,
    name: str | None,
    owner: str | None,
    valid_from: datetime | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Import areas from a GeoJSON, GeoPackage, GeoParquet or Shapefile.

    All of it or nothing. The same file again changes nothing; another file makes a new version of the set.

    \b
    Example:
      lagesbild areas import kommuner.gpkg --collaboration klara --set kommuner --name Kommuner \\
        --source "SCB, CC0" --code-field kn_kod --name-field kn_namn
    """
    collaboration = _collaboration(slug)
    before = queries.current_version(collaboration, set_slug)
    try:
        version = actions.import_areas(
            collaboration,
            _owner(collaboration, owner),
            slug=set_slug,
            name=name or set_slug,
            file=file,
            valid_from=valid_from.date() if valid_from else None,
            actor=None,
            **options,
        )
    except (FileProblemsError, RepairsNotAcceptedError) as error:
        if not as_json:
            _print_remarks(error)
        raise
    _answer(version, changed=before is None or version.pk != before.pk, as_json=as_json)


def _print_remarks(error: FileProblemsError | RepairsNotAcceptedError) -> None:
    remarks = error.problems if isinstance(error, FileProblemsError) else error.repairs
    for remark in remarks:
        click.echo(remark.text, err=True)


def _answer(version: AreaSetVersion, *, changed: bool, as_json: bool) -> None:
    told = {
        "set": version.area_set.slug,
        "version": version.number,
        "areas": version.areas.count(),
        "repairs": len(version.repairs),
        "crs": version.imported_crs,
        "changed": changed,
    }
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    state = "stored" if changed else "already stored, nothing changed"
    click.echo(f"{told['set']}: {told['areas']} areas, version {told['version']}, from {told['crs']}: {state}")


@areas.command("list")
@click.option("--collaboration", "slug", required=True, help="Short name of the collaboration.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def areas_list(*, slug: str, as_json: bool) -> None:
    """List the area sets in their current versions.

    \b
    Example:
      lagesbild areas list --collaboration klara
    """
    rows = [
        {
            "set": version.area_set.slug,
            "name": version.area_set.name,
            "version": version.number,
            "valid_from": _day(version.valid_from),
            "parent_set": version.area_set.parent_set.slug if version.area_set.parent_set else None,
            "source": version.source,
        }
        for version in queries.current_versions(_collaboration(slug))
    ]
    _print_rows(rows, as_json=as_json)


@click.group()
def places() -> None:
    """List places."""


@places.command("list")
@click.option("--collaboration", "slug", required=True, help="Short name of the collaboration.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def places_list(*, slug: str, as_json: bool) -> None:
    """List the places in use, whoever may see them.

    \b
    Example:
      lagesbild places list --collaboration klara
    """
    rows = [
        {
            "id": place.pk,
            "name": place.name,
            "municipality": place.municipality,
            "types": [kind.code for kind in place.types.all()],
            "shape": place.shape,
            "x": round(place.x, 1),
            "y": round(place.y, 1),
            "radius_m": place.radius_m,
            "sharing": place.sharing,
        }
        for place in lists.all_places(_collaboration(slug))
    ]
    _print_rows(rows, as_json=as_json)


def _print_rows(rows: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        click.echo(
            "\t".join(",".join(value) if isinstance(value, list) else str(value or "") for value in row.values())
        )


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _collaboration(slug: str) -> Collaboration:
    found = accounts.collaboration_named(slug)
    if found is None:
        raise UserError("collaborations.unknown", _('There is no collaboration "{slug}".'), "collaboration", slug=slug)
    return found


def _owner(collaboration: Collaboration, slug: str | None) -> Organisation:
    found = accounts.organisation_named(collaboration, slug) if slug else queries.first_organisation(collaboration)
    if found is None:
        raise UserError(
            "organisations.unknown", _("The collaboration has no such organisation to own the areas."), "owner"
        )
    return found
