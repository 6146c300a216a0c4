"""The page of a job: progress, outcome, the way on, and stopping."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from lagesbild.core import jobs
from lagesbild.core.models import AuditEvent, Job, JobState
from tests.cast import Cast, Membership
from tests.core import trial_jobs

trial_jobs.register()


@pytest.fixture
def job(cast: Cast) -> Job:
    return jobs.start("trial.parts", actor=cast.anna.user, collaboration="ekby", arguments={"folder": ""})


def as_(membership: Membership) -> Client:
    client = Client(headers={"accept-language": "sv"})
    client.force_login(membership.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def page(client: Client, job: Job, **fields: object) -> str:
    Job.objects.filter(pk=job.pk).update(**fields)
    response = client.get(reverse("core:job", args=[job.pk]))
    assert response.status_code == 200
    return response.content.decode()


def test_a_waiting_job_says_so_and_asks_again(cast: Cast, job: Job) -> None:
    text = page(as_(cast.anna), job)
    assert "Väntar på att börja" in text
    assert text.count("hx-trigger") == 2  # the job and the bell
    assert 'http-equiv="refresh"' in text  # for those without script


def test_the_menu_of_the_collaboration_is_there_for_its_members_only(cast: Cast, job: Job) -> None:
    assert "Trygga Ekby" in page(as_(cast.anna), job)
    Job.objects.filter(pk=job.pk).update(created_by=cast.cecilia.user)
    assert "Trygga Ekby" not in page(as_(cast.cecilia), job)


def test_a_running_job_shows_how_far_it_has_come(cast: Cast, job: Job) -> None:
    text = page(as_(cast.anna), job, state=JobState.RUNNING, done_parts=30, total_parts=120)
    assert 'value="30" max="120"' in text
    assert "Avbryt arbetet" in text


def test_a_finished_job_stops_asking_and_shows_the_way_on(cast: Cast, job: Job) -> None:
    text = page(as_(cast.anna), job, state=JobState.DONE, result={"next_url": "/c/ekby/picture/"})
    assert 'href="/c/ekby/picture/"' in text
    assert "every 60s" in text  # the bell, and nothing else, asks by itself
    assert text.count("hx-trigger") == 1
    assert "Avbryt" not in text


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_the_way_on_never_leads_elsewhere(cast: Cast, job: Job, elsewhere: str) -> None:
    assert "evil" not in page(as_(cast.anna), job, state=JobState.DONE, result={"next_url": elsewhere})


def test_a_failed_job_says_what_was_wrong(cast: Cast, job: Job) -> None:
    text = page(as_(cast.anna), job, state=JobState.FAILED, error_code="x", error_params={"message": "Rad 3 <b>"})
    assert "Rad 3 &lt;b&gt;" in text
    assert "serverns logg" in page(as_(cast.anna), job, error_code="unexpected", error_params={})


def test_the_fragment_is_the_same_job_without_the_page_around_it(cast: Cast, job: Job) -> None:
    response = as_(cast.anna).get(reverse("core:job", args=[job.pk]), headers={"HX-Request": "true"})
    assert response.templates[0].name == "core/_job.html"
    assert "<html" not in response.content.decode()
    assert "HX-Request" in response["Vary"]


def test_the_one_who_started_it_and_administrators_see_it_and_nobody_else(cast: Cast, job: Job) -> None:
    address = reverse("core:job", args=[job.pk])
    statuses = {
        name: as_(getattr(cast, name)).get(address).status_code for name in ("anna", "ada", "bo", "eva", "cecilia")
    }
    assert statuses == {"anna": 200, "ada": 200, "bo": 404, "eva": 404, "cecilia": 404}


def test_an_administrator_of_another_collaboration_is_no_administrator_here(cast: Cast, job: Job) -> None:
    cast.cecilia.role = "administrator"
    cast.cecilia.save()
    assert as_(cast.cecilia).get(reverse("core:job", args=[job.pk])).status_code == 404


def test_stopping_is_audited_and_a_get_stops_nothing(cast: Cast, job: Job) -> None:
    address = reverse("core:job_cancel", args=[job.pk])
    assert as_(cast.anna).get(address).status_code == 405
    response = as_(cast.ada).post(address)
    assert response["Location"] == reverse("core:job", args=[job.pk])
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    row = AuditEvent.objects.get(code="jobs.cancel_requested")
    assert (row.actor, row.collaboration, row.target_id) == (cast.ada.user, "ekby", str(job.pk))
