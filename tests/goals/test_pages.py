"""The pages of goals: what is shown, what is refused, what is never lost."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from lagesbild.goals import actions, sentences
from lagesbild.goals.models import Goal, Judgement, Proposal
from lagesbild.goals.rule import Direction, Reason, Target, TargetKind
from tests.cast import Cast
from tests.goals.permissions import a_goal, an_indicator

pytestmark = pytest.mark.django_db


def page(client: Client, name: str, **kwargs: object) -> str:
    response = client.get(reverse(f"goals:{name}", kwargs={"collaboration": "ekby", **kwargs}))
    assert response.status_code == 200
    return response.content.decode()


def sign(client: Client, goal: Goal, **data: object) -> int:
    path = reverse("goals:judge", args=["ekby", goal.pk])
    return client.post(path, {"year": 2019, "verdict": "met", **data}).status_code


def test_a_judgement_that_differs_needs_a_reason_and_keeps_the_proposal(cast: Cast, client: Client) -> None:
    an_indicator(cast, 70.0, 75.0, 78.0)
    client.force_login(cast.anna.user)
    goal = a_goal(cast)
    assert sign(client, goal) == 422
    assert not Judgement.objects.exists()
    assert sign(client, goal, difference="Enkäten missade torget", analysis="Bättre") == 302
    [signed] = Judgement.objects.all()
    assert (signed.verdict, signed.proposed, signed.organisation) == ("met", "not met", cast.municipality)
    assert signed.proposal["indicators"][0]["figure"]["value"] == 78.0


def test_a_new_judgement_stands_beside_the_old_one(cast: Cast, client: Client) -> None:
    an_indicator(cast, 70.0, 75.0, 78.0)
    client.force_login(cast.anna.user)
    goal = a_goal(cast)
    sign(client, goal, verdict="not met")
    sign(client, goal, verdict="partly met", difference="På väg")
    assert Judgement.objects.count() == 2
    assert "På väg" in page(client, "goal", pk=goal.pk)


def test_a_judgement_is_kept_as_it_was_when_the_figures_change(cast: Cast, client: Client) -> None:
    an_indicator(cast, 70.0, 75.0, 78.0)
    client.force_login(cast.anna.user)
    sign(client, a_goal(cast), verdict="not met")
    an_indicator(cast, 70.0, 75.0, 85.0)
    assert Judgement.objects.get().proposed == "not met"


def test_two_who_change_the_same_goal_lose_nothing(cast: Cast, client: Client) -> None:
    goal = a_goal(cast)
    client.force_login(cast.anna.user)
    path = reverse("goals:goal_edit", args=["ekby", goal.pk])
    first = {"number": "1", "kind": "goal", "title": "Tryggt torg", "version": goal.version}
    second = first | {"title": "Ett levande torg"}
    assert client.post(path, first).status_code == 302
    refused = client.post(path, second)
    text = refused.content.decode()
    assert refused.status_code == 409
    assert "Ett levande torg" in text
    assert "Tryggt torg" in text
    assert client.post(path, second | {"version": goal.version + 1}).status_code == 302
    assert Goal.objects.get().title == "Ett levande torg"


def test_a_goal_can_not_be_part_of_itself_nor_share_a_number(cast: Cast, client: Client) -> None:
    goal, other = a_goal(cast), a_goal(cast, "2")
    Goal.objects.filter(pk=other.pk).update(parent=goal)
    client.force_login(cast.anna.user)
    path = reverse("goals:goal_edit", args=["ekby", goal.pk])
    for wrong in ({"parent": other.pk}, {"number": "2"}):
        data = {"number": "1", "kind": "goal", "title": "Torg", "version": goal.version, **wrong}
        assert client.post(path, data).status_code == 422
    assert Goal.objects.get(pk=goal.pk).parent is None


def test_a_proposal_is_decided_in_words(cast: Cast, client: Client) -> None:
    proposal = actions.ensure_proposal(cast.municipality, 2019, 1, heading="Bild", text="Mät oftare", actor=None)
    client.force_login(cast.anna.user)
    path = reverse("goals:proposal", args=["ekby", proposal.pk])
    data = {"state": "accepted", "version": proposal.version, "holder": cast.police.pk}
    assert client.post(path, data).status_code == 422
    assert client.post(path, data | {"decision": "Mäts varje år från 2021"}).status_code == 302
    assert Proposal.objects.get().state == "accepted"
    assert "Mäts varje år" in page(client, "proposals")


def test_the_tree_says_what_each_goal_lacks(cast: Cast, client: Client) -> None:
    a_goal(cast)
    client.force_login(cast.anna.user)
    client.cookies["django_language"] = "en"
    text = page(client, "tree")
    for lack in ("No local sub-goal", "No indicator", "No action", "Nobody responsible"):
        assert lack in text


def test_a_figure_that_is_missing_is_a_dash_and_never_a_zero(cast: Cast, client: Client) -> None:
    an_indicator(cast, 70.0, None, 78.0)
    client.force_login(cast.anna.user)
    text = page(client, "goals")
    assert ">–<" in text
    assert "0 %</a>" not in text.replace("70 %</a>", "")


def test_goals_stay_within_their_collaboration(cast: Cast, client: Client) -> None:
    an_indicator(cast, 70.0)
    client.force_login(cast.cecilia.user)
    assert client.get(reverse("goals:goals", args=["ekby"])).status_code == 404
    assert "Tryggare torg" not in client.get(reverse("goals:goals", args=["sjovik"])).content.decode()


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_reason_has_a_sentence_that_needs_nothing_more(language: str) -> None:
    names = ("value", "target", "before", "low", "high")
    params = {**dict.fromkeys(names, 4.0), "year": 2019, "met": 1, "judged": 2, "indicators": 3}
    with translation.override(language):
        for code in sentences.SENTENCES:
            assert "{" not in sentences.sentence(Reason.of(code, **params))


CHANGES = [(0.0, 5.0, ""), (-2.0, 5.0, ""), (4.0, 6.0, "+50"), (4.0, 1.0, "−75")]


@pytest.mark.parametrize(("before", "after", "shown"), CHANGES)
def test_a_change_from_nothing_has_no_percentage(before: float, after: float, shown: str) -> None:
    text = sentences.change(before, after)
    assert shown in text if shown else text == ""


def test_a_direction_without_a_target_value_is_written_in_words(cast: Cast, client: Client) -> None:
    an_indicator(cast, 70.0, 75.0, 78.0, target=Target(TargetKind.DIRECTION, Direction.UP))
    client.force_login(cast.anna.user)
    client.cookies["django_language"] = "en"
    assert "From 75 % to 78 % (+4 %): in the direction aimed at." in page(client, "goals")
