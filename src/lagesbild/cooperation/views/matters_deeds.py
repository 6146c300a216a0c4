"""What is done with a matter: each deed has a form of its own, or is done at one tap."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lagesbild.accounts.access import Capability, access_collaboration
from lagesbild.accounts.models import Membership
from lagesbild.cooperation import deeds
from lagesbild.cooperation.access import access_matter
from lagesbild.cooperation.actions import closing, handling, merging, plan
from lagesbild.cooperation.actions.plan import ActionText
from lagesbild.cooperation.actions.raising import MatterText
from lagesbild.cooperation.deeds import DEEDS, Deed
from lagesbild.cooperation.forms import matters as forms
from lagesbild.cooperation.models import Matter, StepKind
from lagesbild.cooperation.object_kinds import kinds_of
from lagesbild.cooperation.queries import matters as queries
from lagesbild.cooperation.seeing import widenings
from lagesbild.cooperation.views.matters import show_matter
from lagesbild.core.conflicts import EditConflict, differences, with_version
from lagesbild.core.errors import UserError

INVALID = 422
Doing = Callable[[Membership, Matter, dict[str, Any], int | None], object]


@dataclass(frozen=True)
class Handling:
    """The form of a deed, and what is done with what it says."""

    form: type[forms.DeedForm]
    do: Doing


def _move(move: Callable[..., Matter]) -> Doing:
    return lambda by, matter, said, seen: move(
        by, matter, to_forum=said["forum"], reason=said["reason"], widen=said.get("widen", False), seen=seen
    )


def _close(close: Callable[..., Matter]) -> Doing:
    return lambda by, matter, said, seen: close(by, matter, reason=said["reason"], feedback=said["feedback"], seen=seen)


def _act(by: Membership, matter: Matter, said: dict[str, Any], seen: int | None) -> object:
    text = ActionText(said["title"], said["responsible"], due_on=said["due_on"], description=said["description"])
    return plan.create_action(by, text, matter=matter, seen=seen)


def _merge(by: Membership, matter: Matter, said: dict[str, Any], seen: int | None) -> object:
    into = access_matter(by, said["into"], write=True)
    return merging.merge(by, matter, into, reason=said["reason"], seen=seen)


def _text(by: Membership, matter: Matter, said: dict[str, Any], seen: int | None) -> object:
    names = ("title", "object_kind", "location", "description", "concerns_staff")
    text = MatterText(place=matter.place, x=matter.x, y=matter.y, **{name: said[name] for name in names})
    return handling.change_text(by, matter, text, seen=matter.version if seen is None else seen)


HANDLINGS: dict[Deed, Handling] = {
    deeds.TAKE_UP: Handling(
        forms.DeedForm, lambda by, matter, _said, seen: handling.take_up(by, matter, seen=seen)
    ),
    deeds.CARRY_OVER: Handling(
        forms.DeedForm, lambda by, matter, _said, _seen: handling.carry_over(by, matter)
    ),
    deeds.LIFT: Handling(forms.MoveForm, _move(handling.lift)),
    deeds.HAND_DOWN: Handling(forms.MoveForm, _move(handling.hand_down)),
    deeds.NOTE: Handling(
        forms.NoteForm, lambda by, matter, said, _seen: handling.note(by, matter, text=said["reason"])
    ),
    deeds.RESPONSIBLE: Handling(
        forms.ResponsibleForm,
        lambda by, matter, said, seen: handling.set_responsible(
            by, matter, said["responsible"], why=said["reason"], seen=seen
        ),
    ),
    deeds.ACT: Handling(forms.ActForm, _act),
    deeds.DONE: Handling(forms.CloseForm, _close(closing.close_as_done)),
    deeds.WRITE_OFF: Handling(forms.CloseForm, _close(closing.write_off)),
    deeds.REOPEN: Handling(
        forms.ReopenForm,
        lambda by, matter, said, seen: closing.reopen(by, matter, reason=said["reason"], seen=seen),
    ),
    deeds.MERGE: Handling(forms.MergeForm, _merge),
    deeds.TEXT: Handling(forms.TextForm, _text),
}  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def matter_deed(request: HttpRequest, collaboration: str, number: int, code: str) -> HttpResponse:
    """The form of one deed, and the deed itself."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    matter = access_matter(membership, number, write=True)
    deed = DEEDS.get(code)
    if deed is None:
        raise Http404
    form = _form(request, membership, matter, deed)
    if not form.is_bound or not form.is_valid():
        return _ask(request, membership, matter, deed, form)
    try:
        HANDLINGS[deed].do(membership, matter, form.cleaned_data, form.cleaned_data["version"])
    except EditConflict as conflict:
        return _conflict(request, membership, conflict, deed, form)
    except UserError as error:
        if deed.at_once:
            return show_matter(request, membership, matter, problem=error.message, status=INVALID)
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return _ask(request, membership, matter, deed, form)
    if deed in (deeds.DONE, deeds.WRITE_OFF):
        messages.success(request, _("The matter is closed, and those who raised it have been told."))
    return redirect("cooperation:matter", collaboration, number)


def _form(request: HttpRequest, membership: Membership, matter: Matter, deed: Deed) -> Any:
    initial: dict[str, Any] = {"version": matter.version}
    if deed in (deeds.LIFT,) and matter.holder.lifts_to:
        initial["forum"] = matter.holder.lifts_to.slug
    if deed in (deeds.RESPONSIBLE, deeds.ACT) and matter.responsible:
        initial["responsible"] = matter.responsible.slug
    if deed is deeds.TEXT:
        initial |= {name: getattr(matter, name) for name in forms.TextForm.base_fields if name != "version"}
    form = HANDLINGS[deed].form(request.POST if request.method == "POST" else None, initial=initial)
    fields: dict[str, Any] = form.fields
    if isinstance(form, forms.MoveForm):
        receivers = handling.receivers(matter, StepKind.LIFTED if deed is deeds.LIFT else StepKind.HANDED_DOWN)
        fields["forum"].queryset = receivers
        form.widenings = widenings(matter, receivers)
        if not form.widenings:
            del fields["widen"]
    if "responsible" in fields:
        fields["responsible"].queryset = membership.collaboration.organisations.order_by("name")
    if isinstance(form, forms.TextForm):
        fields["object_kind"].choices = [("", _("– none –")), *kinds_of(membership.collaboration)]
    return form


def _ask(request: HttpRequest, membership: Membership, matter: Matter, deed: Deed, form: Any) -> HttpResponse:
    context = {
        "membership": membership,
        "section": "matters",
        "matter": matter,
        "where": queries.where(matter),
        "deed": deed,
        "form": form,
        "widenings": getattr(form, "widenings", []),
        "raisers": queries.raisers_of(matter) if deed in (deeds.DONE, deeds.WRITE_OFF) else [],
        "exercise": matter.is_exercise,
    }
    return render(request, "cooperation/matters/deed.html", context, status=INVALID if form.errors else 200)


def _conflict(
    request: HttpRequest, membership: Membership, conflict: EditConflict, deed: Deed, form: Any
) -> HttpResponse:
    """Somebody was first: what stands now beside what one wrote, and the form with the new version."""
    matter = access_matter(membership, conflict.current.number, write=True)  # type: ignore[attr-defined]
    if deed.at_once:
        return show_matter(request, membership, matter, problem=conflict.message, status=409)
    form.data = with_version(form.data, matter.version)
    labels = {name: field.label for name, field in form.fields.items() if name != "version"}
    stored = {name: label for name, label in labels.items() if hasattr(matter, name)} if deed is deeds.TEXT else {}
    context = {
        "membership": membership,
        "section": "matters",
        "matter": matter,
        "where": queries.where(matter),
        "deed": deed,
        "form": form,
        "widenings": getattr(form, "widenings", []),
        "differences": differences(matter, form.cleaned_data, stored),
        "changed": queries.steps_of(matter)[-1],
    }
    return render(request, "cooperation/matters/deed.html", context, status=409)
