"""What is published never changes; what is written is never lost."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from lagesbild.core.conflicts import EditConflict
from lagesbild.core.errors import UserError
from lagesbild.goals.models import Measurement
from lagesbild.publications import actions, comparing, content, queries
from lagesbild.publications.models import Edition
from tests.cast import Cast
from tests.goals.permissions import an_indicator
from tests.publications.permissions import a_report

pytestmark = pytest.mark.django_db


def test_an_edition_stays_as_it_was_when_the_figures_change(cast: Cast, client: Client) -> None:
    an_indicator(cast, 70.0, 75.0, 78.0)
    report = a_report(cast)
    section = report.sections.get(code="introduction")
    actions.write_section(section, 1, "Andelen var [[value trygga 2019]].", actor=cast.anna.user)
    edition = actions.publish(report, cast.anna, language="sv", actor=cast.anna.user)
    Measurement.objects.filter(label="2019").update(value=12)
    client.force_login(cast.anna.user)
    page = client.get(reverse("publications:edition", args=["ekby", report.pk, edition.number])).content.decode()
    assert "78 %" in page
    assert "12 %" not in page
    draft = client.get(reverse("publications:report", args=["ekby", report.pk])).content.decode()
    assert "12 %" in draft
    assert content.digest(Edition.objects.get().content) == edition.sha256


def test_a_touched_edition_is_seen(cast: Cast, client: Client) -> None:
    report = a_report(cast)
    edition = actions.publish(report, cast.anna, language="en", actor=None)
    Edition.objects.filter(pk=edition.pk).update(content=edition.content | {"title": "Another"})
    client.force_login(cast.anna.user)
    client.cookies["django_language"] = "en"
    page = client.get(reverse("publications:edition", args=["ekby", report.pk, edition.number])).content.decode()
    assert "does not match its checksum" in page


def test_a_reference_that_leads_nowhere_stops_publishing_and_says_where(cast: Cast, client: Client) -> None:
    report = a_report(cast)
    section = report.sections.get(code="causes")
    actions.write_section(section, 1, "Se [[value finns-inte 2019]]", actor=None)
    with pytest.raises(UserError) as caught:
        actions.publish(report, cast.anna, language="sv", actor=None)
    assert "finns-inte" in caught.value.message
    assert not Edition.objects.exists()
    client.force_login(cast.anna.user)
    response = client.get(reverse("publications:report", args=["ekby", report.pk]))
    assert response.status_code == 422
    assert "finns-inte" in response.content.decode()
    assert reverse("publications:section", args=["ekby", report.pk, "causes"]) in response.content.decode()


def test_two_who_write_the_same_section_lose_nothing(cast: Cast, client: Client) -> None:
    report = a_report(cast)
    client.force_login(cast.anna.user)
    path = reverse("publications:section", args=["ekby", report.pk, "causes"])
    client.post(path, {"text": "Torget är öde på kvällen.", "version": 1})
    refused = client.post(path, {"text": "Torget saknar boende.", "version": 1})
    assert refused.status_code == 409
    for text in ("öde på kvällen", "saknar boende"):
        assert text in refused.content.decode()
    with pytest.raises(EditConflict):
        actions.write_section(report.sections.get(code="causes"), 1, "Tre", actor=None)


def test_typed_numbers_are_pointed_out_to_whoever_writes(cast: Cast, client: Client) -> None:
    report = a_report(cast)
    actions.write_section(report.sections.get(code="causes"), 1, "Det var 565 brott.", actor=None)
    client.force_login(cast.anna.user)
    assert (
        "565"
        in client.get(reverse("publications:report", args=["ekby", report.pk]))
        .content.decode()
        .split("report-columns")[0]
    )


def test_this_years_edition_is_compared_with_last_years(cast: Cast) -> None:
    first, second = a_report(cast, 2018), a_report(cast, 2019)
    actions.write_section(first.sections.get(code="causes"), 1, "Torget är öde.", actor=None)
    actions.write_section(second.sections.get(code="causes"), 1, "Torget lever.", actor=None)
    old = actions.publish(first, cast.anna, language="sv", actor=None)
    new = actions.publish(second, cast.anna, language="sv", actor=None)
    assert queries.before(new) == old
    changed = comparing.changes(old.content, new.content)
    assert [("-", "Torget är öde."), ("+", "Torget lever.")] in [list(each.lines) for each in changed]


def test_there_is_one_report_of_a_kind_and_year(cast: Cast) -> None:
    a_report(cast)
    with pytest.raises(UserError):
        a_report(cast)
