"""Frozen pictures: the list, freezing, the page from stored content, comments, the check, files."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lagesbild.accounts.access import Capability, access_collaboration, may
from lagesbild.accounts.models import Membership
from lagesbild.core.errors import UserError
from lagesbild.picture import actions, answer, freezing, offers, present_beside, prints, queries, since_last
from lagesbild.picture.access import access_frozen, sees_all
from lagesbild.picture.asking import Ask
from lagesbild.picture.filter_bar import filter_bar
from lagesbild.picture.forms import CommentForm, FreezeForm
from lagesbild.picture.maps import map_config, map_parts, map_sources
from lagesbild.picture.models import FrozenPicture
from lagesbild.picture.present import presented
from lagesbild.picture.views import csv_response, drawing_for, file_response
from lagesbild.picture.voices import voices_of


@require_GET
def frozen_list(request: HttpRequest, collaboration: str) -> HttpResponse:
    """All frozen pictures that the member may see."""
    membership = access_collaboration(request.user, collaboration)
    context = {"membership": membership, "section": "picture", "pictures": queries.frozen_pictures(membership)}
    return render(request, "picture/frozen_list.html", context)


@require_http_methods(["GET", "POST"])
def freeze(request: HttpRequest, collaboration: str) -> HttpResponse:
    """Say what to call the picture and who may see it, then keep it. The question is in the query string."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.FREEZE)
    ask = Ask.from_query(request.GET)
    form = FreezeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            picture = actions.freeze_picture(membership, ask, **form.cleaned_data)
        except UserError as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            return redirect("picture:frozen", collaboration, picture.pk)
    prepared = answer.prepare_open(membership, ask)
    found = answer.answer(prepared, membership)
    context = {
        "membership": membership,
        "section": "picture",
        "form": form,
        "query": prepared.ask.to_query(),
        "bar": filter_bar(prepared),
        **presented(found.content),
    }
    return render(request, "picture/freeze.html", context, status=422 if form.errors else 200)


@require_GET
def frozen(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """The picture as it was frozen, what the actors say of it, and what changed since the last one."""
    membership = access_collaboration(request.user, collaboration)
    picture = access_frozen(membership, pk)
    return _frozen_page(request, membership, picture, CommentForm())


def _frozen_page(
    request: HttpRequest, membership: Membership, picture: FrozenPicture, form: CommentForm, status: int = 200
) -> HttpResponse:
    content = freezing.content_of(picture)
    slug = membership.collaboration.slug
    previous = _previous(membership, picture)
    map_address = reverse("picture:frozen_map", args=[slug, picture.pk])
    context: dict[str, Any] = {
        "membership": membership,
        "section": "picture",
        "picture": picture,
        "previous": previous,
        "since": since_last.sentences(since_last.differences(freezing.content_of(previous), content))
        if previous
        else (),
        "voices": voices_of(queries.comments_on(membership, picture)),
        "form": form,
        "may_comment": may(membership, Capability.COMMENT),
        "has_data": True,
        "query": Ask.from_dict(picture.parameters["ask"]).to_query(),
        "csv_address": f"{reverse('picture:frozen_csv', args=[slug, picture.pk])}?",
        "map_sources": json.dumps(map_sources(content, map_address)),
        "map_config": map_config(content, map_address),
        **presented(content),
        "reports": present_beside.report_lines(content, offers.report_teller()),
    }
    return render(request, "picture/frozen.html", context, status=status)


def _previous(membership: Membership, picture: FrozenPicture) -> FrozenPicture | None:
    """The picture before, if the member may see that too."""
    if picture.previous_id is None:
        return None
    previous = queries.frozen_seen(membership, picture.previous_id)
    return previous if previous and sees_all(membership, previous.parameters.get("borrowed", [])) else None


@require_POST
def comment(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Say what one's function sees."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COMMENT)
    picture = access_frozen(membership, pk)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _frozen_page(request, membership, picture, form, status=422)
    actions.comment_on_picture(membership, picture, **form.cleaned_data)
    return redirect(reverse("picture:frozen", args=[collaboration, pk]) + "#voices")


@require_GET
def recompute(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Make the picture again at its data version and tell whether every figure is the same. Changes nothing."""
    membership = access_collaboration(request.user, collaboration)
    picture = access_frozen(membership, pk)
    context = {
        "membership": membership,
        "section": "picture",
        "picture": picture,
        "check": freezing.recompute(picture),
        "exercise": picture.is_exercise,
    }
    return render(request, "picture/recompute.html", context)


@require_GET
def frozen_map(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    membership = access_collaboration(request.user, collaboration)
    content = freezing.content_of(access_frozen(membership, pk))
    return JsonResponse(map_parts(content, drawing_for(content)))


@require_GET
def frozen_csv(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    membership = access_collaboration(request.user, collaboration)
    picture = access_frozen(membership, pk)
    return csv_response(freezing.content_of(picture), request.GET.getlist("part"), name=_file_name(picture))


@require_GET
def frozen_pdf(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    return _frozen_file(request, collaboration, pk, "pdf")


@require_GET
def frozen_docx(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    return _frozen_file(request, collaboration, pk, "docx")


def _frozen_file(request: HttpRequest, collaboration: str, pk: int, kind: prints.Kind) -> HttpResponse:
    membership = access_collaboration(request.user, collaboration)
    picture = access_frozen(membership, pk)
    content = freezing.content_of(picture)
    said = [voice.latest for voice in voices_of(queries.comments_on(membership, picture)).voices]
    data = prints.to_file(
        content,
        kind,
        language=get_language() or "sv",
        collaboration=membership.collaboration,
        membership=membership,
        freeze=prints.freeze_of(picture, content, said, _previous(membership, picture)),
    )
    return file_response(data, kind, name=_file_name(picture))


def _file_name(picture: FrozenPicture) -> str:
    exercise = "-ovning" if picture.is_exercise else ""
    return f"lagesbild-{picture.collaboration.slug}{exercise}-fryst-{picture.created_at:%Y%m%d}-{picture.pk}"
