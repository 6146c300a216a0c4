"""The command line for collaborations and people: how a new server gets its first administrator."""

from __future__ import annotations

import json
from typing import Any

import click
from django.core.exceptions import ValidationError
from django.core.validators import validate_email, validate_slug

from lagesbild.accounts import actions, queries
from lagesbild.accounts.models import Collaboration, Organisation, Role, User
from lagesbild.core.errors import UserError


@click.group()
def collaboration() -> None:
    """Add and list collaborations."""


@collaboration.command("add")
@click.argument("slug")
@click.option("--name", required=True, help="What people call it.")
@click.option("--description", default="", help="A sentence on what it is for.")
@click.option("--working-crs", default=3006, show_default=True, help="EPSG number of its metric coordinates.")
@click.option("--time-zone", default="Europe/Stockholm", show_default=True, help="Zone of its dates and hours.")
def collaboration_add(slug: str, **fields: Any) -> None:
    """Add the collaboration SLUG (its name in addresses). One that exists is left as it is.

    \b
    Example:
      lagesbild collaboration add klara --name "Vision Klara"
    """
    _check_slug(slug)
    _check_place(fields["working_crs"], fields["time_zone"])
    made = actions.ensure_collaboration(slug, actor=None, **fields)
    click.echo(f"{made.slug}: {made.name}")


@collaboration.command("list")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def collaboration_list(*, as_json: bool) -> None:
    """List the collaborations.

    \b
    Example:
      lagesbild collaboration list
    """
    found = [{"slug": each.slug, "name": each.name} for each in queries.collaborations()]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for each in found:
        click.echo(f"{each['slug']}\t{each['name']}")


@click.group()
def organisation() -> None:
    """Add organisations to a collaboration."""


@organisation.command("add")
@click.argument("slug")
@click.option("--collaboration", "in_slug", required=True, help="Slug of the collaboration.")
@click.option("--name", required=True, help="What people call it.")
def organisation_add(slug: str, *, in_slug: str, name: str) -> None:
    """Add the organisation SLUG to a collaboration. One that exists is left as it is.

    \b
    Example:
      lagesbild organisation add kommunen --collaboration klara --name "Stockholms stad"
    """
    _check_slug(slug)
    made = actions.ensure_organisation(_collaboration(in_slug), slug, name=name, actor=None)
    click.echo(f"{made.slug}: {made.name}")


@click.group()
def user() -> None:
    """Add people who sign in."""


@user.command("add")
@click.argument("email")
@click.option("--name", required=True, help="The person's name.")
@click.option(
    "--password",
    prompt=True,
    hide_input=True,
    confirmation_prompt=True,
    help="Asked for when not given (better: others cannot read it on the way).",
)
def user_add(email: str, *, name: str, password: str) -> None:
    """Add the person with this e-mail address. Somebody who exists is left as they are, with their password.

    \b
    Example:
      lagesbild user add anna@ekby.se --name "Anna Ek"
    """
    _check_account(email, password)
    made = actions.ensure_user(email, name=name, password=password, actor=None)
    click.echo(f"{made.email}: {made.name}")


@click.group()
def membership() -> None:
    """Give a person a function and a role in a collaboration."""


@membership.command("set")
@click.argument("email")
@click.option("--collaboration", "in_slug", required=True, help="Slug of the collaboration.")
@click.option("--organisation", "for_slug", required=True, help="Slug of the organisation.")
@click.option("--function", "function_name", required=True, help="What the person does there; made if new.")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True, help="What they may do.")
@click.option(
    "--forum",
    type=click.Choice(["operational", "strategic", "steering"]),
    multiple=True,
    help="Where a new function sits.",
)
def membership_set(
    email: str, *, in_slug: str, for_slug: str, function_name: str, role: str, forum: tuple[str, ...]
) -> None:
    """Give a person a function and a role, in place of any earlier one in the same collaboration.

    \b
    Example:
      lagesbild membership set anna@ekby.se --collaboration klara --organisation kommunen \\
          --function Trygghetssamordnare --role administrator --forum operational --forum steering
    """
    found = _collaboration(in_slug)
    function = actions.ensure_function(
        _organisation(found, for_slug), function_name, actor=None, **dict.fromkeys(forum, True)
    )
    made = actions.set_membership(_user(email), function, role=role, actor=None)
    click.echo(str(made))


def _collaboration(slug: str) -> Collaboration:
    found = queries.collaboration_named(slug)
    if found is None:
        raise UserError("collaborations.unknown", 'There is no collaboration "{slug}".', "collaboration", slug=slug)
    return found


def _organisation(collaboration: Collaboration, slug: str) -> Organisation:
    found = queries.organisation_named(collaboration, slug)
    if found is None:
        raise UserError("organisations.unknown", 'There is no organisation "{slug}" in it.', "organisation", slug=slug)
    return found


def _user(email: str) -> User:
    found = queries.user_with(email)
    if found is None:
        raise UserError("users.unknown", 'Nobody has the address "{email}".', "email", email=email)
    return found


def _check_slug(slug: str) -> None:
    try:
        validate_slug(slug)
    except ValidationError as error:
        raise UserError("slug", '"{slug}": use letters a-z, digits and hyphens.', "slug", slug=slug) from error


def _check_place(working_crs: int, time_zone: str) -> None:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        metric = CRS.from_epsg(working_crs).is_projected
    except CRSError:
        metric = False
    if not metric:
        raise UserError("crs", "EPSG:{crs} has no metres. SWEREF 99 TM is 3006.", "working_crs", crs=working_crs)
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise UserError("time_zone", '"{zone}" is no time zone. Write as Europe/Stockholm.', zone=time_zone) from error


def _check_account(email: str, password: str) -> None:
    from django.contrib.auth.password_validation import validate_password

    try:
        validate_email(email)
        validate_password(password)
    except ValidationError as error:
        raise UserError("account", " ".join(error.messages).replace("{", "{{").replace("}", "}}")) from error
