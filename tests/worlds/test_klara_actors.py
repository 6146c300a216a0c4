"""The actors of Klara: what the report says can be asked, disagreements stand, and what is invented is marked."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from lagesbild.accounts.models import Collaboration, Function, Membership, Organisation, SharingLevel
from lagesbild.actors.directory import forum_stands
from lagesbild.actors.gathering import gather
from lagesbild.actors.help_now import Asked, HelpAnswer, who_can_help
from lagesbild.actors.models import (
    ActorProfile,
    Agreement,
    Commitment,
    Communication,
    Contact,
    Factor,
    FunctionProfile,
    Promise,
    Schedule,
    Zone,
)
from lagesbild.actors.responsibility import responsible_for
from lagesbild.core import clock
from lagesbild.core.models import AuditEvent
from lagesbild.places.models import Place
from lagesbild.worlds import load_actors, load_places
from lagesbild.worlds.actions import load_parties
from lagesbild.worlds.description import read_world, worlds_folder

STOCKHOLM = ZoneInfo("Europe/Stockholm")


pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def klara(django_db_setup: None, django_db_blocker: Any) -> Iterator[Collaboration]:
    """Klara with its parties, places and actors, without incidents: loaded once, each test takes its changes back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield _loaded()
        transaction.set_rollback(True)


def _loaded() -> Collaboration:
    world = read_world(worlds_folder() / "klara")
    collaboration, organisations = load_parties(world)
    for kind in world.place_types:
        load_places.actions.ensure_place_type(
            collaboration, kind.code, name=kind.name, name_en=kind.name_en, actor=None
        )
    assert world.places is not None
    load_places._load_places(world.places, collaboration, organisations[world.collaboration.owner])
    load_actors.load(world, collaboration)
    return collaboration


def _help(klara: Collaboration, situation: str, place: str, at: str) -> HelpAnswer:
    ground = Place.objects.get(collaboration=klara, name=place)
    anna = Membership.objects.get(collaboration=klara, user__email="anna@klara.example")
    with clock.frozen(datetime.fromisoformat(at).replace(tzinfo=STOCKHOLM).astimezone(UTC)):
        return who_can_help(gather(anna), Asked(situation, ground.pk, ground.x, ground.y))


def _names(helpers: object) -> list[str]:
    return [each.candidate.name for each in helpers]  # type: ignore[attr-defined]


def test_loading_again_changes_nothing(klara: Collaboration) -> None:
    before = AuditEvent.objects.count()
    load_actors.load(read_world(worlds_folder() / "klara"), klara)
    assert AuditEvent.objects.count() == before


def test_every_organisation_of_the_report_says_what_it_is_for(klara: Collaboration) -> None:
    silent = Organisation.objects.filter(collaboration=klara, actor_profile=None).values_list("slug", flat=True)
    assert list(silent) == []


def test_the_ages_and_the_residence_of_the_report_decide(klara: Collaboration) -> None:
    """Field assistants 13–19, Ungdomsjouren up to 20, MIKA for residents of Stockholm (V, Medaktörer)."""
    ages = {
        profile.function.name: (profile.min_age, profile.max_age, profile.home_municipality)
        for profile in FunctionProfile.objects.filter(collaboration=klara).select_related("function")
    }
    assert ages["Fältassistent"] == (13, 19, "")
    assert ages["Ungdomsjouren"] == (None, 20, "")
    assert ages["MIKA"] == (18, None, "Stockholm")


def test_the_room_is_staffed_and_the_guards_of_kulturhuset_never_leave(klara: Collaboration) -> None:
    sunday_night = _help(klara, "disorder", "Plattan", "2019-09-08T04:00")
    assert _names(sunday_night.on_duty) == ["Ordningsvakt"]
    assert sunday_night.on_duty[0].is_round_the_clock
    weekday, evening = (_help(klara, "litter", "Sergels torg", f"2019-09-09T{hour}:30") for hour in (11, 18))
    assert "Platsansvarig" in _names(weekday.on_duty)
    assert "Platsansvarig" in _names(evening.off_duty)


def test_guards_of_the_metro_have_no_powers_on_the_street(klara: Collaboration) -> None:
    """Organisationally limited to its own LOV 3 § borders (V, Medaktörer, Trafikförvaltningen)."""
    street = _help(klara, "disorder", "Vasagatan 24", "2019-09-06T20:00")
    refused = {each.candidate.organisation: each.why_not for each in street.not_here}
    assert refused["Trafikförvaltningen (SL)"] == "zone"
    station = _help(klara, "disorder", "T-centralen, Sergels torg", "2019-09-06T20:00")
    assert "Trafikförvaltningen (SL)" in {each.candidate.organisation for each in station.on_duty}


def test_the_lov3_area_holds_since_august_2019_and_is_said_to_be_drawn_by_hand(klara: Collaboration) -> None:
    guards = "Gruppledare för mobila ordningsvakter"
    assert guards in _names(_help(klara, "disorder", "Vasagatan 24", "2019-07-31T20:00").not_here)
    assert guards in _names(_help(klara, "disorder", "Vasagatan 24", "2019-08-01T20:00").on_duty)
    zone = Zone.objects.get(collaboration=klara, name="LOV 3 §-område Klara")
    assert zone.is_approximate
    assert "för hand" in zone.note


@pytest.mark.parametrize(
    ("kind", "place", "organisation"),
    [
        ("lamp", "Vasagatan 24", "Trafikkontoret, Stockholms stad"),
        ("bush", "Klara kyrka", "Norrmalms stadsdelsförvaltning"),
        ("lamp", "Centralstationen", "Jernhusen"),
        ("garage-door", "Vasagatan 24", None),
    ],
)
def test_who_answers_for_what_is_found_or_not_known(
    klara: Collaboration, kind: str, place: str, organisation: str | None
) -> None:
    ground = Place.objects.get(collaboration=klara, name=place)
    found = responsible_for(klara, kind, place=ground, x=None, y=None).organisation
    assert (found.name if found else None) == organisation


def test_what_the_report_says_twice_and_differently_stands_twice(klara: Collaboration) -> None:
    disputed = {
        profile.organisation.slug: {stand.forum for stand in forum_stands(profile) if stand.is_disputed}
        for profile in ActorProfile.objects.filter(collaboration=klara).select_related("organisation")
    }
    assert {slug for slug, forums in disputed.items() if forums} >= {
        "jernhusen",
        "fastighetskontoret",
        "sakerhetsenheten",
    }
    assert disputed["jernhusen"] == {"Klara samverkansutsättning"}


def test_six_factors_of_the_handbook_and_nine_of_klara(klara: Collaboration) -> None:
    collections = [factor.collection for factor in Factor.objects.filter(collaboration=klara)]
    assert [collections.count(name) for name in dict.fromkeys(collections)] == [6, 9]


def test_the_agreement_is_from_may_2016_and_every_commitment_has_its_source(klara: Collaboration) -> None:
    agreement = Agreement.objects.get(collaboration=klara, title__startswith="Samverkansöverenskommelse")
    assert (agreement.valid_from.year, agreement.valid_from.month, agreement.valid_to) == (2016, 5, None)
    assert not Commitment.objects.filter(agreement__collaboration=klara, citation="").exists()


def test_what_is_invented_is_marked(klara: Collaboration) -> None:
    """Numbers, hours without a source in the report, and promises."""
    numbers = Contact.objects.filter(profile__collaboration=klara)
    assert not numbers.exclude(profile__is_exercise=True).exists()
    assert all(each.value.startswith("08-465 004") for each in numbers.filter(channel__in=("phone", "function_number")))
    assert (
        not Schedule.objects.filter(collaboration=klara, is_exercise=False).exclude(source__startswith="V, ").exists()
    )
    assert all(promise.text.startswith("Övning:") for promise in Promise.objects.filter(collaboration=klara))
    assert not Promise.objects.filter(collaboration=klara, is_exercise=False).exists()
    assert all("övning" in line.fear_reason for line in Communication.objects.filter(collaboration=klara))


def test_no_address_belongs_to_anyone_real(klara: Collaboration) -> None:
    boxes = Contact.objects.filter(profile__collaboration=klara, channel="mailbox").values_list("value", flat=True)
    assert boxes
    assert all(box.endswith(".example") for box in boxes)


def test_only_known_situations_and_kinds_are_named() -> None:
    """A misspelt code would be left out in silence."""
    from lagesbild.actors.vocabulary import OBJECT_KINDS, SITUATIONS

    told = tomllib.loads((worlds_folder() / "klara" / "actors.toml").read_text(encoding="utf-8"))
    used = {code for each in told["functions"] for code in (*each.get("own", ()), *each.get("may", ()))}
    assert used <= {each.code for each in SITUATIONS}
    assert {code for each in told["responsibilities"] for code in each.get("kinds", ())} <= {
        code for code, *_ in OBJECT_KINDS
    }


def test_functions_of_the_world_keep_their_forum_levels(klara: Collaboration) -> None:
    mika = Function.objects.get(organisation__collaboration=klara, name="MIKA")
    assert (mika.operational, mika.strategic) == (True, True)
    assert Promise.objects.filter(collaboration=klara, sharing=SharingLevel.PUBLIC).count() == 2
