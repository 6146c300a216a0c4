"""The page of one job, which is also the fragment that asks again while the job goes on."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from lagesbild.core import actions, jobs
from lagesbild.core.access import access_job
from lagesbild.core.models import Job, JobState

FAILURES = {
    "tried_too_often": _("The work broke off several times and will not be tried again. Tell whoever runs the server."),
    "unexpected": _("Something unexpected went wrong. It is in the server's log; nothing was left half done."),
}


@require_GET
@vary_on_headers("HX-Request")
def job(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How far the work has come, and what came of it."""
    found = access_job(request.user, pk)
    request.collaboration_slug = found.collaboration  # type: ignore[attr-defined]  # the menu of the base template
    fragment = request.headers.get("HX-Request") == "true"
    return render(request, "core/_job.html" if fragment else "core/job.html", _context(found))


@require_POST
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask the work to stop."""
    found = access_job(request.user, pk)
    if not actions.cancel_job(found, actor=request.user):  # type: ignore[arg-type]  # signed in, or the door was shut
        messages.info(request, gettext("The work had already ended."))
    return redirect("core:job", pk=pk)


def _context(found: Job) -> dict[str, Any]:
    next_url = str(found.result.get("next_url", ""))
    return {
        "job": found,
        "title": jobs.title_of(found),
        "active": found.state in (JobState.QUEUED, JobState.RUNNING),
        "stage": gettext(found.stage) if found.stage else "",
        "failure": found.error_params.get("message") or FAILURES.get(found.error_code, FAILURES["unexpected"]),
        "next_url": next_url if next_url.startswith("/") and not next_url.startswith("//") else "",
    }
