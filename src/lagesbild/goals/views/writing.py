"""The page of a form, with what two people wrote side by side if somebody was first."""

from __future__ import annotations

from typing import Any

from django.forms import BaseForm, ModelForm
from django.http import HttpRequest, HttpResponse

from lagesbild.accounts.models import Membership
from lagesbild.core.conflicts import EditConflict, differences, with_version
from lagesbild.goals.forms.definitions import APART
from lagesbild.goals.views.pages import page

COMPARED_APART = ("version", "documents", "actions", "compared_with", *APART)


def seen(form: ModelForm[Any]) -> int:
    """The version that the form was made from."""
    return form.cleaned_data.get("version") or 0


def written(form: ModelForm[Any]) -> dict[str, Any]:
    """What was written, without the version."""
    return {name: value for name, value in form.cleaned_data.items() if name != "version"}


def show_form(
    request: HttpRequest,
    membership: Membership,
    form: BaseForm,
    title: str,
    back: str,
    back_text: str,
    *,
    conflict: EditConflict | None = None,
    lead: str = "",
    **more: object,
) -> HttpResponse:
    """The form, again with status 422 if something is wrong and 409 if somebody was first."""
    context: dict[str, Any] = {"form": form, "title": title, "back": back, "back_text": back_text, "lead": lead, **more}
    if conflict is not None:
        current: Any = conflict.current
        labels = {name: field.label for name, field in form.fields.items() if name not in COMPARED_APART}
        context["differences"] = differences(current, form.cleaned_data, labels)
        form.data = with_version(form.data, current.version)
    status = 409 if conflict is not None else 422 if form.errors else 200
    return page(request, membership, "goals/form.html", context, status=status)
