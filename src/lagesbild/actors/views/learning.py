"""Success factors over time, interviews with partners, the introduction that writes itself, and the training log."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lagesbild.accounts.access import Capability, access_collaboration, may
from lagesbild.actors import actions, introduction, lists
from lagesbild.actors.assessment_form import AssessmentForm
from lagesbild.actors.record_forms import InterviewForm, TrainingForm
from lagesbild.actors.views.editing import Editor, edit, page
from lagesbild.core import clock

PER_PAGE = 30


@require_safe
def factors(request: HttpRequest, collaboration: str) -> HttpResponse:
    """The collaboration against its success factors, assessment beside assessment, and what partners say."""
    membership = access_collaboration(request.user, collaboration)
    forum = request.GET.get("forum", "")[:120]
    made = lists.assessments(membership, forum=forum)
    found = Paginator(lists.interviews(membership, forum=forum), PER_PAGE)
    context = {
        "tab": "factors",
        "forum": forum,
        "assessments": made,
        "rows": lists.factor_table(membership, made),
        "page_obj": found.get_page(request.GET.get("page")),
    }
    return page(request, membership, "actors/factors.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def assessment_new(request: HttpRequest, collaboration: str) -> HttpResponse:
    """A new look at the collaboration."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    form = AssessmentForm(
        request.POST or None,
        factors=lists.factors(membership.collaboration),
        initial={"on": clock.today(membership.collaboration.time_zone)},
    )
    address = reverse("actors:factors", args=[collaboration])
    return edit(
        request,
        membership,
        form,
        Editor(_("New self-assessment"), "factors", address, template="actors/assessment_form.html"),
        lambda: actions.assess(membership, form.scores(), **form.values()),
        lambda _made: address,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def interview_new(request: HttpRequest, collaboration: str) -> HttpResponse:
    """A short interview with a partner's function about one forum."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    form = InterviewForm(
        request.POST or None,
        choices={"function": lists.functions(membership.collaboration)},
        initial={"on": clock.today(membership.collaboration.time_zone), "forum": request.GET.get("forum", "")},
    )
    address = reverse("actors:factors", args=[collaboration])
    return edit(
        request,
        membership,
        form,
        Editor(_("New interview"), "factors", address),
        lambda: actions.record_interview(membership, **form.values()),
        lambda _made: address,
    )


@require_safe
def introduce(request: HttpRequest, collaboration: str) -> HttpResponse:
    """Five minutes for a place and a function, written from what is known now; and who has been reached."""
    membership = access_collaboration(request.user, collaboration)
    text = introduction.introduce(
        membership, function=request.GET.get("function", ""), place=request.GET.get("place", "")
    )
    context = {
        "tab": "introduction",
        "text": text,
        "exercise": any(each.is_exercise for each in text.functions),
        "functions": text.functions,
        "places": text.places,
        "reached": lists.reached(membership) if request.GET.get("reached") else [],
        "may_log": may(membership, Capability.REPORT),
        "shows_reached": bool(request.GET.get("reached")),
    }
    return page(request, membership, "actors/introduction.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def training_new(request: HttpRequest, collaboration: str) -> HttpResponse:
    """How many of a function have learnt of the work."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.REPORT)
    form = TrainingForm(
        request.POST or None,
        choices={"function": lists.functions(membership.collaboration)},
        initial={
            "on": clock.today(membership.collaboration.time_zone),
            "function": request.GET.get("function") or membership.function_id,
        },
    )
    address = reverse("actors:introduction", args=[collaboration]) + "?reached=1"
    return edit(
        request,
        membership,
        form,
        Editor(_("Log a training"), "introduction", address),
        lambda: actions.log_training(membership, **form.values()),
        lambda _made: address,
    )
