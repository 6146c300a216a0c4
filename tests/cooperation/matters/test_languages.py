"""What the system says about a matter is read in the reader's own language, whoever made it say so."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import translation

from lagesbild.cooperation.actions import asking, closing, handling, plan, raising
from lagesbild.cooperation.actions.plan import ActionText
from lagesbild.cooperation.deeds import DEEDS
from lagesbild.cooperation.models import Matter
from tests.actors.builders import line, zone_at
from tests.cooperation.matters.world import EAST, NORTH, World, a_matter

PAGE = "/c/ekby/matters/1/"


def page(client: Client, language: str, address: str = PAGE) -> str:
    return client.get(address, headers={"accept-language": language}).content.decode()


@pytest.fixture
def anna(world: World, client: Client) -> Client:
    client.force_login(world.cast.anna.user)
    return client


def test_why_somebody_answers_for_it_is_said_in_the_language_of_whoever_reads(world: World, anna: Client) -> None:
    line(world.cast, world.roads, "lamp", zone=zone_at(world.cast, "Bron"), source="Avtal 7")
    with translation.override("sv"):
        matter = a_matter(world, x=EAST, y=NORTH)
    assert matter.responsible == world.roads
    assert "Register: Lamp, lighting, Bron. Source: Avtal 7." in page(anna, "en")
    assert "Ansvarsregistret: Lampa, belysning, Bron. Källa: Avtal 7." in page(anna, "sv")


def test_that_the_register_does_not_know_is_said_so_too(world: World, anna: Client) -> None:
    with translation.override("sv"):
        a_matter(world)
    assert "The register has no line for this kind of object here." in page(anna, "en")


def test_the_words_of_a_person_replace_what_the_register_said_and_stay_as_written(world: World, anna: Client) -> None:
    line(world.cast, world.roads, "lamp")
    matter = a_matter(world)
    handling.set_responsible(world.cast.anna, matter, world.cast.housing, why="Äger lampan")
    assert "Äger lampan" in page(anna, "en")
    assert "Register:" not in page(anna, "en")


def test_who_is_given_the_action_answers_for_it_without_the_registers_reason(world: World, anna: Client) -> None:
    matter = a_matter(world)
    plan.create_action(world.cast.anna, ActionText("Byt", world.roads), matter=matter)
    stored = Matter.objects.get()
    assert (stored.responsible, stored.responsible_because) == (world.roads, {})


def test_a_reason_stored_in_words_before_is_shown_as_it_was_written(world: World, anna: Client) -> None:
    a_matter(world)
    Matter.objects.update(responsible_why="Register: Lampa.", responsible_because={})
    assert "Register: Lampa." in page(anna, "en")


@pytest.mark.parametrize("how", ["answer", "join"])
def test_why_it_was_opened_again_is_read_in_the_readers_language(world: World, anna: Client, how: str) -> None:
    matter = a_matter(world)
    closing.close_as_done(world.cast.anna, matter, reason="Bytt", feedback="Bytt")
    with translation.override("sv"):
        if how == "answer":
            asking.answer(world.cast.bo, matter, fixed=False)
        else:
            raising.join(world.hanna, matter)
    said = {"answer": "says that it is not fixed", "join": "Somebody has raised it again."}[how]
    read = {"answer": "att det inte är åtgärdat", "join": "Någon har väckt det igen."}[how]
    assert said in page(anna, "en")
    assert read in page(anna, "sv")
    anna.force_login(world.cast.bo.user)
    assert read in page(anna, "sv", "/c/ekby/matters/mine/1/")
    assert said in page(anna, "en", "/c/ekby/matters/mine/1/")


@pytest.mark.parametrize("language", ["en", "sv"])
def test_every_deed_can_be_asked_for_in_every_language(world: World, anna: Client, language: str) -> None:
    a_matter(world)
    for code in DEEDS:
        assert anna.get(f"{PAGE}{code}/", headers={"accept-language": language}).status_code == 200
