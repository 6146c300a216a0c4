"""A frozen picture stays as it was, can be made again, and is seen by those it is shared with."""

from __future__ import annotations

import pytest
from django.http import Http404, QueryDict
from django.test import Client
from django.urls import reverse

from lagesbild.accounts.models import Membership, SharingLevel
from lagesbild.core.errors import UserError
from lagesbild.core.models import AuditEvent
from lagesbild.observations.models import Caveat
from lagesbild.observations.store import IncidentStore
from lagesbild.observations.upkeep import kept_versions
from lagesbild.picture import actions, freezing, queries, since_last
from lagesbild.picture.access import access_frozen
from lagesbild.picture.asking import Ask
from lagesbild.picture.models import FrozenPicture, Stance
from lagesbild.picture.voices import voices_of
from lagesbild.places.models import Fact
from tests.cast import Cast
from tests.observations.frames import frame, incident
from tests.picture.world import NOW, TORG, World, planted


def frozen(
    member: Membership, query: str = NOW, *, title: str = "Forum i maj", sharing: str = SharingLevel.PARTNERS
) -> FrozenPicture:
    return actions.freeze_picture(member, Ask.from_query(QueryDict(query)), title=title, note="", sharing=sharing)


def page(member: Membership, name: str, *args: object, **data: str) -> tuple[int, str]:
    client = Client(headers={"accept-language": "sv"})
    client.force_login(member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    address = reverse(f"picture:{name}", args=["ekby", *args])
    response = client.post(address, data) if data else client.get(address)
    return response.status_code, response.content.decode(errors="replace")


def more_events(world: World, n: int = 40) -> None:
    """A later import: events in the same period, at the torg."""
    rows = [incident(f"late-{k}", "2025-02-02", 12, x=TORG[0], y=TORG[1]) for k in range(n)]
    IncidentStore("ekby").commit(frame(*rows), source=world.source.slug, batch_id=2)


def test_a_frozen_picture_is_the_same_after_more_imports(world: World) -> None:
    picture = frozen(world.cast.anna)
    before = freezing.content_of(picture)
    more_events(world)
    picture.refresh_from_db()
    assert freezing.content_of(picture) == before
    check = freezing.recompute(picture)
    assert check.same
    assert check.sha256 == picture.content_sha256
    assert picture.data_version == before.basis.data_version != IncidentStore("ekby").version()


def test_it_is_made_again_with_the_categories_places_and_facts_of_its_day(world: World) -> None:
    picture = frozen(world.cast.anna)
    world.damage.type_mappings.update(category=world.narcotics)
    world.torg.name = "Nya torget"
    world.torg.save()
    Caveat.objects.update(text="Annat")
    Fact.objects.update(value=5)
    world.source.name = "Ny källa"
    world.source.save()
    assert freezing.recompute(picture).same


def test_a_changed_number_in_the_store_is_found_out(world: World) -> None:
    picture = frozen(world.cast.anna)
    other = frozen(world.cast.anna, f"{NOW}&category=damage")
    FrozenPicture.objects.filter(pk=picture.pk).update(content=bytes(other.content))
    picture.refresh_from_db()
    check = freezing.recompute(picture)
    assert not check.stored_intact


def test_its_data_version_is_kept_in_the_store(world: World) -> None:
    picture = frozen(world.cast.anna)
    assert queries.frozen_versions(world.cast.ekby) == {picture.data_version}
    assert picture.data_version in kept_versions(world.cast.ekby)


def test_freezing_is_written_in_the_log(world: World) -> None:
    picture = frozen(world.cast.anna)
    event = AuditEvent.objects.get(code="pictures.frozen")
    assert event.actor == world.cast.anna.user
    assert event.details["sha256"] == picture.content_sha256


def test_the_frozen_page_shows_what_was_frozen(world: World) -> None:
    picture = frozen(world.cast.anna)
    more_events(world, 400)
    status, text = page(world.cast.bo, "frozen", picture.pk)
    assert status == 200
    assert "Torget med omnejd" in text
    assert "Upptäcktsbrott: följer polisens arbete." in text
    assert picture.content_sha256 in text


def test_it_is_frozen_through_the_form(world: World) -> None:
    client = Client()
    client.force_login(world.cast.anna.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    address = f"{reverse('picture:freeze', args=['ekby'])}?{NOW}&category=narcotics"
    assert client.get(address).status_code == 200
    response = client.post(address, {"title": "FO Ekby 3 juni", "note": "", "sharing": "partners"})
    picture = FrozenPicture.objects.get()
    assert response.status_code == 302
    assert picture.parameters["ask"]["filters"]["categories"] == ["narcotics"]
    assert freezing.content_of(picture).question.categories[0].code == "narcotics"


def test_a_personal_number_in_the_note_is_refused(world: World) -> None:
    client = Client()
    client.force_login(world.cast.anna.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    address = f"{reverse('picture:freeze', args=['ekby'])}?{NOW}"
    refused = client.post(address, {"title": "A", "note": "19811228-9874", "sharing": "partners"})
    assert refused.status_code == 422
    assert not FrozenPicture.objects.exists()


def test_the_check_page_says_that_every_figure_is_the_same(world: World) -> None:
    picture = frozen(world.cast.anna)
    status, text = page(world.cast.dag, "recompute", picture.pk)
    assert status == 200
    assert "Varje siffra är densamma" in text


def test_what_is_shared_is_seen_as_shared(world: World) -> None:
    own = frozen(world.cast.anna, sharing=SharingLevel.OWN)
    assert access_frozen(world.cast.dag, own.pk)
    with pytest.raises(Http404):
        access_frozen(world.cast.bo, own.pk)
    steering = frozen(world.cast.anna, sharing=SharingLevel.STEERING)
    assert access_frozen(world.cast.eva, steering.pk)
    with pytest.raises(Http404):
        access_frozen(world.cast.bo, steering.pk)
    with pytest.raises(Http404):
        access_frozen(world.cast.cecilia, steering.pk)
    assert [each.pk for each in queries.frozen_pictures(world.cast.bo)] == []


def test_small_numbers_are_hidden_before_a_picture_is_shared(world: World) -> None:
    shared = freezing.content_of(frozen(world.cast.anna))
    own = freezing.content_of(frozen(world.cast.anna, sharing=SharingLevel.OWN))
    assert shared.disclosure.threshold == 5
    assert own.disclosure.threshold is None
    shown = [row.n for row in shared.areas.rows if row.n is not None] if shared.areas else []
    assert all(n == 0 or n >= 5 for n in shown)
    assert freezing.recompute(frozen(world.cast.anna)).same


def test_anothers_data_is_shared_no_wider_than_its_owner_has(cast: Cast) -> None:
    planted(cast, owner=cast.police, sharing=SharingLevel.OPERATIONAL)
    with pytest.raises(UserError) as refused:
        frozen(cast.anna, sharing=SharingLevel.PARTNERS)
    assert refused.value.field == "sharing"
    picture = frozen(cast.anna, sharing=SharingLevel.OWN)
    assert access_frozen(cast.anna, picture.pk)
    with pytest.raises(Http404):
        access_frozen(cast.dag, picture.pk)  # of the same organisation, but may not see the source
    assert queries.frozen_pictures(cast.dag) == []


def test_actors_speak_side_by_side_and_the_newest_word_counts(world: World) -> None:
    cast = world.cast
    picture = frozen(cast.anna)
    actions.comment_on_picture(cast.anna, picture, stance=Stance.AGREES, text="")
    actions.comment_on_picture(cast.eva, picture, stance=Stance.AGREES, text="")
    actions.comment_on_picture(cast.eva, picture, stance=Stance.DISAGREES, text="Mer vid parken på natten.")
    voices = voices_of(queries.comments_on(cast.bo, picture))
    assert [voice.latest.stance for voice in voices.voices] == ["agrees", "disagrees"]
    assert len(voices.voices[1].earlier) == 1
    assert voices.disagree == ("Polisen (Analytiker)",)
    assert voices.agree == ("Ekby kommun (Trygghetssamordnare)",)


def test_a_reporter_may_speak_and_must_say_what_else_it_sees(world: World) -> None:
    picture = frozen(world.cast.anna)
    status, text = page(world.cast.bo, "comment", picture.pk, stance="disagrees", text="")
    assert status == 422
    assert "så att de andra kan förstå" in text
    assert page(world.cast.bo, "comment", picture.pk, stance="disagrees", text="Trapphusen.")[0] == 302
    assert "Trapphusen." in page(world.cast.dag, "frozen", picture.pk)[1]
    assert page(world.cast.dag, "comment", picture.pk, stance="agrees", text="")[0] == 403


def test_the_next_picture_of_the_same_question_tells_what_changed(world: World) -> None:
    first = frozen(world.cast.anna, "from=2024-01-01&to=2024-06-30")
    other = frozen(world.cast.anna, f"{NOW}&category=narcotics")
    second = frozen(world.cast.anna)
    assert other.previous is None
    assert second.previous == first
    found = since_last.differences(freezing.content_of(first), freezing.content_of(second))
    assert (found.n_before, found.n) == (160, 165)  # 163, rounded for those it is shared with
    assert [spot.name.name for spot in found.new] == ["Kvarter D4"]
    assert [spot.name.name for spot in found.gone] == ["Kvarter D1"]
    assert [after.name.name for _before, after in found.remaining] == ["Torget"]
    assert found.change is not None
    assert not found.overlaps


def test_overlapping_periods_are_not_tested_against_each_other(world: World) -> None:
    first = freezing.content_of(frozen(world.cast.anna, "from=2025-01-01&to=2025-05-31"))
    second = freezing.content_of(frozen(world.cast.anna, "from=2025-02-01&to=2025-05-31"))
    found = since_last.differences(first, second)
    assert found.overlaps
    assert found.change is None
    assert any("överlappar" in line or "overlap" in line for line in since_last.sentences(found))


def test_the_frozen_table_and_map_are_those_of_the_frozen_picture(world: World) -> None:
    picture = frozen(world.cast.anna)
    before = page(world.cast.bo, "frozen_csv", picture.pk)[1], page(world.cast.bo, "frozen_map", picture.pk)[1]
    more_events(world, 400)
    after = page(world.cast.bo, "frozen_csv", picture.pk)[1], page(world.cast.bo, "frozen_map", picture.pk)[1]
    assert before == after
    assert "Torget" in before[0]
    assert "Torget" in before[1]
