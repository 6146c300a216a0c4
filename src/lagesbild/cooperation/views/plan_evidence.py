"""Photos and documents that show that an action was done."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lagesbild.accounts.access import Capability, access_collaboration
from lagesbild.cooperation import evidence as files
from lagesbild.cooperation.access import access_action
from lagesbild.cooperation.actions.evidence import remove_evidence, with_evidence
from lagesbild.cooperation.forms.plan import EvidenceForm
from lagesbild.cooperation.plan_choices import may_remove
from lagesbild.cooperation.queries.plan import evidence_with
from lagesbild.cooperation.views.actions import INVALID, show_action
from lagesbild.core.errors import UserError


@require_POST
def evidence_add(request: HttpRequest, collaboration: str, number: int) -> HttpResponse:
    """Add one to an action of one's own organisation, or of a forum that one leads in."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.REPORT)
    action = access_action(membership, number, write=True)
    form = EvidenceForm(request.POST, request.FILES)
    if form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            with_evidence(membership, action, upload, upload.name, note=form.cleaned_data["note"])
        except UserError as error:
            form.add_error("file", error.message)
        else:
            messages.success(request, _("The evidence is stored."))
            return redirect("cooperation:action", collaboration, number)
    return show_action(request, membership, action, evidence_form=form, status=INVALID)


@require_safe
def evidence_file(request: HttpRequest, collaboration: str, number: int, pk: int) -> HttpResponseBase:
    """The file, to those who may see the action. A photo is shown, a document is fetched."""
    membership = access_collaboration(request.user, collaboration)
    found = evidence_with(access_action(membership, number), pk)
    path = files.path_of(found.file, found.media_type) if found else None
    if found is None or path is None:
        raise Http404
    is_document = found.media_type != files.JPEG
    response = FileResponse(
        path.open("rb"), content_type=found.media_type, as_attachment=is_document, filename=found.name
    )
    response["Cache-Control"] = "private, max-age=3600"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_POST
def evidence_remove(request: HttpRequest, collaboration: str, number: int, pk: int) -> HttpResponse:
    """Take one away: who added it may, and those who plan."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.REPORT)
    action = access_action(membership, number, write=True)
    found = evidence_with(action, pk)
    if found is None:
        raise Http404
    if not may_remove(membership, found):
        raise PermissionDenied
    remove_evidence(membership, action, found)
    messages.success(request, _("The evidence is taken away, with its file."))
    return redirect("cooperation:action", collaboration, number)
