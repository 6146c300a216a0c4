"""Agreements with commitments and versions."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lagesbild.accounts.access import Capability, access_collaboration, may, may_write
from lagesbild.accounts.models import Membership
from lagesbild.actors import actions, agreements, lists
from lagesbild.actors.access import access_agreement
from lagesbild.actors.models import Agreement, Commitment
from lagesbild.actors.record_forms import AgreementForm, CommitmentForm
from lagesbild.actors.views.editing import Editor, edit, page


@require_safe
def agreement_list(request: HttpRequest, collaboration: str) -> HttpResponse:
    """The agreements, and how their commitments stand."""
    membership = access_collaboration(request.user, collaboration)
    context = {"tab": "agreements", "rows": agreements.agreements_of(membership)}
    return page(request, membership, "actors/agreements.html", context)


@require_safe
def agreement(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """One agreement: parties, goals, commitments by party, money, and how it was before."""
    membership = access_collaboration(request.user, collaboration)
    found = access_agreement(membership, pk)
    context = {
        "tab": "agreements",
        "agreement": found,
        "row": agreements.row_of(found, membership),
        "parties": found.parties.all(),
        "commitments": agreements.commitments_of(found),
        "versions": agreements.versions_of(found),
        "editable": may(membership, Capability.COOPERATE) and may_write(membership, found),
    }
    return page(request, membership, "actors/agreement.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def agreement_new(request: HttpRequest, collaboration: str) -> HttpResponse:
    """A new agreement."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    return _editor(request, membership, None)


@require_http_methods(["GET", "HEAD", "POST"])
def agreement_edit(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Change an agreement that one's own organisation keeps."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    return _editor(request, membership, access_agreement(membership, pk, write=True))


def _editor(request: HttpRequest, membership: Membership, found: Agreement | None) -> HttpResponse:
    slug = membership.collaboration.slug
    form = AgreementForm(
        request.POST or None,
        record=found,
        choices={"parties": lists.organisations(membership.collaboration)},
        initial={"parties": list(found.parties.all())} if found else {},
    )

    def save() -> Agreement:
        values = form.values()
        parties = list(values.pop("parties"))
        if found is None:
            return actions.create_agreement(membership, parties=parties, **values)
        return actions.change_agreement(membership, found, form.seen, parties=parties, **values)

    back = reverse("actors:agreement", args=[slug, found.pk]) if found else reverse("actors:agreements", args=[slug])
    title = found.title if found else _("New agreement")
    return edit(
        request,
        membership,
        form,
        Editor(title, "agreements", back),
        save,
        lambda made: reverse("actors:agreement", args=[slug, made.pk]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def commitment_new(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """What one party takes upon itself."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    return _commitment(request, membership, access_agreement(membership, pk, write=True), None)


@require_http_methods(["GET", "HEAD", "POST"])
def commitment_edit(request: HttpRequest, collaboration: str, pk: int, commitment: int) -> HttpResponse:
    """Follow a commitment up, or word it anew."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    found = access_agreement(membership, pk, write=True)
    chosen = agreements.commitment_of(found, commitment)
    if chosen is None:
        raise Http404
    return _commitment(request, membership, found, chosen)


def _commitment(
    request: HttpRequest, membership: Membership, found: Agreement, commitment: Commitment | None
) -> HttpResponse:
    form = CommitmentForm(
        request.POST or None,
        record=commitment,
        choices={"organisation": lists.organisations(membership.collaboration)},
    )

    def save() -> Commitment:
        if commitment is None:
            return actions.add_commitment(membership, found, **form.values())
        return actions.change_commitment(membership, commitment, form.seen, **form.values())

    address = reverse("actors:agreement", args=[membership.collaboration.slug, found.pk])
    title = _("Change commitment") if commitment else _("New commitment")
    return edit(request, membership, form, Editor(title, "agreements", address), save, lambda _made: address)
