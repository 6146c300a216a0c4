"""What the pages of actors share: the frame, and the one way of editing a record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from lagesbild.accounts.access import Capability, may
from lagesbild.accounts.models import Membership
from lagesbild.actors.forms import RecordForm
from lagesbild.core.conflicts import EditConflict, differences
from lagesbild.core.errors import Text, UserError

INVALID = 422


def page(
    request: HttpRequest, membership: Membership, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page of this subject; times are told in the collaboration's time zone."""
    shared = {"membership": membership, "section": "actors", "may_edit": may(membership, Capability.COOPERATE)}
    with timezone.override(ZoneInfo(membership.collaboration.time_zone)):
        return render(request, template, {**shared, **context}, status=status)


@dataclass(frozen=True)
class Editor:
    """The frame of an editor: title, the list it belongs to, where one goes back to, and what its template wants."""

    title: Text
    tab: str
    back: str
    template: str = "actors/form.html"
    context: Mapping[str, Any] = field(default_factory=dict)


def edit(
    request: HttpRequest,
    membership: Membership,
    form: RecordForm,
    editor: Editor,
    save: Callable[[], models.Model],
    then: Callable[[Any], str],
) -> HttpResponse:
    """Show the form, or store what was sent and go to ``then(record)``. Whoever is second sees the difference."""
    compared: list[Any] = []
    if request.method == "POST" and form.is_valid():
        try:
            made = save()
        except EditConflict as conflict:
            compared = differences(conflict.current, form.values(), {name: form.labels[name] for name in _texts(form)})
            form.retry(conflict)
        except UserError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, _("Stored."))
            return redirect(then(made))
    wrong = bool(compared) or (form.is_bound and bool(form.errors))
    context = {"form": form, "editor": editor, "tab": editor.tab, "differences": compared, **editor.context}
    return page(request, membership, editor.template, context, status=INVALID if wrong else 200)


def _texts(form: RecordForm) -> list[str]:
    """Fields that one model column holds as it is; those that name several rows cannot be compared by line."""
    many = {each.name for each in form.model._meta.many_to_many}
    return [name for name in form.labels if name not in many]
