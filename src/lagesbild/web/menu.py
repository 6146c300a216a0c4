"""The menu follows the work. Each subject adds one entry when it has a page."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class MenuEntry:
    """One entry: ``url_name`` takes the collaboration's slug; ``section`` marks it as current on its pages."""

    label: str | Promise
    url_name: str
    section: str


MENU: tuple[MenuEntry, ...] = (
    MenuEntry(_("Picture"), "picture:picture", "picture"),
    MenuEntry(_("Reports"), "fieldreports:reports", "observations"),
    MenuEntry(_("Matters"), "cooperation:matters", "matters"),
    MenuEntry(_("Actions"), "cooperation:actions", "actions"),
    MenuEntry(_("Forums"), "cooperation:forums", "forums"),
    MenuEntry(_("Goals"), "goals:goals", "goals"),
    MenuEntry(_("Actors"), "actors:actors", "actors"),
    MenuEntry(_("Places"), "places:places", "places"),
)
