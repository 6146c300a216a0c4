"""Pages of what was published: the edition, its numbers, its files, and what differs from the one before."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from lagesbild.accounts.access import access_collaboration
from lagesbild.publications import comparing, content, queries
from lagesbild.publications.access import access_edition
from lagesbild.publications.views.files import Kind, printed
from lagesbild.publications.views.writing import page


@require_safe
def edition(request: HttpRequest, collaboration: str, pk: int, number: int) -> HttpResponse:
    """The report as it was published."""
    membership = access_collaboration(request.user, collaboration)
    found = access_edition(membership, pk, number)
    context = {
        "edition": found,
        "report": found.report,
        "content": found.content,
        "exercise": found.content.get("exercise", False),
        "untouched": content.digest(found.content) == found.sha256,
        "before": queries.before(found),
    }
    return page(request, membership, "publications/edition.html", context)


@require_safe
def edition_numbers(request: HttpRequest, collaboration: str, pk: int, number: int) -> HttpResponse:
    """Every number with its trace, as CSV."""
    membership = access_collaboration(request.user, collaboration)
    found = access_edition(membership, pk, number)
    name = f"{collaboration}-{found.report.year}-{number}-numbers.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    rows = content.numbers(found.content)
    return HttpResponse(comparing.numbers_csv(rows), content_type="text/csv; charset=utf-8", headers=headers)


@require_safe
def edition_changes(request: HttpRequest, collaboration: str, pk: int, number: int) -> HttpResponse:
    """What differs from last year's edition, or from the one before of the same year."""
    membership = access_collaboration(request.user, collaboration)
    found = access_edition(membership, pk, number)
    earlier = queries.before(found)
    changes = comparing.changes(earlier.content, found.content) if earlier else []
    context = {"edition": found, "report": found.report, "earlier": earlier, "changes": changes}
    return page(request, membership, "publications/changes.html", context)


@require_safe
def edition_pdf(request: HttpRequest, collaboration: str, pk: int, number: int) -> HttpResponse:
    """The edition as PDF."""
    return _file(request, collaboration, pk, number, "pdf")


@require_safe
def edition_docx(request: HttpRequest, collaboration: str, pk: int, number: int) -> HttpResponse:
    """The edition as Word."""
    return _file(request, collaboration, pk, number, "docx")


def _file(request: HttpRequest, collaboration: str, pk: int, number: int, kind: Kind) -> HttpResponse:
    membership = access_collaboration(request.user, collaboration)
    found = access_edition(membership, pk, number)
    name = f"{collaboration}-{found.report.layout}-{found.report.year}-{number}"
    return printed(found.content, kind, name=name, made_at=found.published_at, digest=found.sha256)
