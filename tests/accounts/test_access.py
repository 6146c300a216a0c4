"""The doors of accounts."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from lagesbild.accounts.access import Capability, access_collaboration
from tests.cast import Cast


def test_a_member_enters_and_her_function_comes_along(cast: Cast, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        membership = access_collaboration(cast.anna.user, "ekby", needs=Capability.IMPORT)
        assert membership.organisation.name == "Ekby kommun"


def test_another_collaboration_looks_like_one_that_does_not_exist(cast: Cast) -> None:
    with pytest.raises(Http404):
        access_collaboration(cast.cecilia.user, "ekby")
    with pytest.raises(Http404):
        access_collaboration(cast.cecilia.user, "finns-inte")


def test_a_reader_may_not_import(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        access_collaboration(cast.dag.user, "ekby", needs=Capability.IMPORT)
