"""Actions, and a plan as large as a city's after some years."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from PIL import Image

from lagesbild.accounts.models import Membership
from lagesbild.cooperation.actions.plan import ActionText, create_action
from lagesbild.cooperation.models import Action, Matter
from tests.cooperation.matters.world import World, a_matter

Row = TypeVar("Row", Matter, Action)
PLAN = "/c/ekby/actions/"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)  # a Monday, week 10
DUE = date(2026, 3, 20)


def an_action(world: World, title: str = "Byt lampan", *, by: Membership | None = None, **more: Any) -> Action:
    """For the roads office, followed by the strategic forum, unless told otherwise."""
    links = {name: more.pop(name) for name in ("matter", "agreement_id", "meeting_id") if name in more}
    forum = more.pop("forum", world.monthly)
    text = ActionText(title, more.pop("responsible", world.roads), **more)
    return create_action(by or world.cast.anna, text, forum=forum, **links)


def fill(world: World, *, matters: int = 500, actions: int = 5000) -> None:
    """So many open matters, and actions of every state for most of them."""
    first = a_matter(world)
    action = an_action(world, matter=first, due_on=DUE)
    stored = Matter.objects.bulk_create(
        copy(first, number=number, title=f"Nr {number}") for number in range(2, matters + 1)
    )
    states = ["planned", "ongoing", "ongoing", "done", "written_off"]
    Action.objects.bulk_create(
        copy(
            action,
            number=number,
            title=f"Åtgärd {number}",
            matter=stored[number % len(stored)],
            state=states[number % 5],
            ended_on=DUE if number % 5 > 2 else None,
            ending_reason="Gick inte" if number % 5 > 2 else "",
            due_on=date(2026, 1 + number % 12, 1 + number % 28),
            responsible=world.cast.housing if number % 3 else world.roads,
        )
        for number in range(2, actions + 1)
    )


def copy(row: Row, **changes: object) -> Row:
    """The same row, unsaved, with some columns changed."""
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if field.name != "id"}
    made = type(row)(**values)
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def a_photo(*, taken_at: str = "2026:03:02 21:14:00") -> bytes:
    """A JPEG that says when and where it was taken, and by whom."""
    image = Image.new("RGB", (64, 48), (180, 40, 40))
    exif = Image.Exif()
    exif[0x0132] = taken_at
    exif[0x013B] = "Fotografens namn"
    exif.get_ifd(0x8825)[2] = (59.0, 19.0, 54.0)
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()
