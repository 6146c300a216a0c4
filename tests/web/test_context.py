"""What every page gets, and what it costs."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import ResolverMatch

from lagesbild.accounts.models import User
from tests.cast import Cast


def _request(user: Any, slug: str | None) -> Any:
    request = RequestFactory().get("/")
    request.user = user
    request.resolver_match = ResolverMatch(lambda: None, (), {"collaboration": slug} if slug else {})
    return request


def test_a_page_whose_view_has_passed_the_membership_costs_no_query(cast: Cast, django_assert_num_queries: Any) -> None:
    request = _request(cast.anna.user, "ekby")
    with django_assert_num_queries(0):
        page = render_to_string("base.html", {"membership": cast.anna, "section": "picture"}, request=request)
    assert "Trygga Ekby" in page
    assert "Trygghetssamordnare, Ekby kommun" in page


def test_other_pages_of_a_collaboration_cost_one(cast: Cast, django_assert_num_queries: Any) -> None:
    user = User.objects.get(pk=cast.anna.user.pk)
    with django_assert_num_queries(1):
        page = render_to_string("base.html", {}, request=_request(user, "ekby"))
    assert "Trygga Ekby" in page


def test_the_name_of_a_collaboration_that_is_not_ones_own_is_not_told(cast: Cast) -> None:
    page = render_to_string("base.html", {}, request=_request(cast.cecilia.user, "ekby"))
    assert "Trygga Ekby" not in page
    assert 'class="menu"' not in page


def test_nobody_has_no_menu(db: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        page = render_to_string("base.html", {}, request=_request(AnonymousUser(), "ekby"))
    assert 'class="menu"' not in page


def test_the_menu_marks_where_one_is_and_leads_within_the_collaboration(cast: Cast) -> None:
    context = {"membership": cast.anna, "section": "places"}
    page = render_to_string("base.html", context, request=_request(cast.anna.user, "ekby"))
    assert page.count('aria-current="page"') == 1
    assert 'href="/c/ekby/places/" aria-current="page"' in page


def test_exercise_data_is_marked_on_the_page_and_real_data_is_not(cast: Cast) -> None:
    def shown(**more: Any) -> str:
        return render_to_string(
            "base.html", {"membership": cast.anna, **more}, request=_request(cast.anna.user, "ekby")
        )

    assert "inte verkliga händelser" in shown(exercise=True)
    assert "inte verkliga händelser" not in shown(exercise=False)
    assert "inte verkliga händelser" not in shown()
