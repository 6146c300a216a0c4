"""Who may ask for the addresses of actors. What the rows make belongs to the municipality, as Anna does."""

from __future__ import annotations

from datetime import date
from typing import Any

from lagesbild.accounts.access import Capability
from lagesbild.accounts.models import SharingLevel
from lagesbild.actors import actions
from tests.actors.builders import duty, kind, line, profile_of, zone_at
from tests.architecture.permission_matrix import PUBLIC, Row
from tests.cast import Cast

READ, REPORT, COOPERATE = Capability.READ, Capability.REPORT, Capability.COOPERATE
DAY = date(2026, 1, 1)


def _organisation(cast: Cast) -> dict[str, Any]:
    return {"slug": cast.municipality.slug}


def _function(cast: Cast) -> dict[str, Any]:
    return {"pk": profile_of(cast.municipality, "Fältassistent").function_id}


def _contact(cast: Cast) -> dict[str, Any]:
    profile = profile_of(cast.municipality, "Fältassistent")
    contact = actions.add_contact(cast.anna, profile, channel="rakel", value="123")
    return {"pk": profile.function_id, "contact": contact.pk}


def _route(cast: Cast) -> dict[str, Any]:
    return {"pk": actions.create_route(cast.anna, name="SSPF").pk}


def _zone(cast: Cast) -> dict[str, Any]:
    return {"pk": zone_at(cast).pk}


def _schedule(cast: Cast) -> dict[str, Any]:
    return {"pk": duty(profile_of(cast.municipality, "Fältassistent"), "10-18").pk}


def _entry(cast: Cast) -> dict[str, Any]:
    return {"pk": line(cast, cast.police).pk}


def _agreement(cast: Cast) -> dict[str, Any]:
    return {"pk": actions.create_agreement(cast.anna, parties=[], title="Överenskommelse", valid_from=DAY).pk}


def _commitment(cast: Cast) -> dict[str, Any]:
    agreement = actions.create_agreement(cast.anna, parties=[], title="Överenskommelse", valid_from=DAY)
    made = actions.add_commitment(cast.anna, agreement, organisation=cast.police, text="Hålla utsättningar")
    return {"pk": agreement.pk, "commitment": made.pk}


def _promise(cast: Cast) -> dict[str, Any]:
    return {"pk": actions.give_promise(cast.anna, text="Tända lamporna", given_on=DAY).pk}


def _public_promise(cast: Cast) -> dict[str, Any]:
    actions.give_promise(cast.anna, text="Tända lamporna", given_on=DAY, sharing=SharingLevel.PUBLIC)
    return {}


def _vocabulary(cast: Cast) -> dict[str, Any]:
    kind(cast)
    return {}


def _own(**more: Any) -> Row:
    return Row(get=COOPERATE, post=COOPERATE, owners_only=True, **more)


ROWS = {
    "actors:actors": Row(get=READ),
    "actors:vocabulary_begin": Row(post=COOPERATE),
    "actors:organisation": Row(get=READ, kwargs=_organisation),
    "actors:organisation_edit": _own(kwargs=_organisation),
    "actors:function": Row(get=READ, kwargs=_function),
    "actors:function_edit": _own(kwargs=_function),
    "actors:contact_add": Row(post=COOPERATE, owners_only=True, kwargs=_function),
    "actors:contact_remove": Row(post=COOPERATE, owners_only=True, kwargs=_contact),
    "actors:route_new": Row(get=COOPERATE, post=COOPERATE),
    "actors:route_edit": _own(kwargs=_route),
    "actors:zones": Row(get=READ),
    "actors:zone_new": Row(get=COOPERATE, post=COOPERATE),
    "actors:zone_edit": _own(kwargs=_zone),
    "actors:duty": Row(get=READ),
    "actors:schedule_new": _own(kwargs=lambda cast: {"function": _function(cast)["pk"]}),
    "actors:schedule_edit": _own(kwargs=_schedule),
    "actors:exception_add": Row(post=COOPERATE, owners_only=True, kwargs=_schedule),
    "actors:exception_remove": Row(post=COOPERATE, owners_only=True, kwargs=_schedule),
    "actors:register": Row(get=READ, kwargs=_vocabulary),
    "actors:entry_new": Row(get=COOPERATE, post=COOPERATE, kwargs=_vocabulary),
    "actors:entry_edit": _own(kwargs=_entry),
    "actors:questions": Row(get=READ),
    "actors:ask": Row(post=REPORT),
    "actors:agreements": Row(get=READ),
    "actors:agreement_new": Row(get=COOPERATE, post=COOPERATE),
    "actors:agreement": Row(get=READ, kwargs=_agreement),
    "actors:agreement_edit": _own(kwargs=_agreement),
    "actors:commitment_new": _own(kwargs=_agreement),
    "actors:commitment_edit": _own(kwargs=_commitment),
    "actors:promises": Row(get=READ),
    "actors:promise_new": Row(get=COOPERATE, post=COOPERATE),
    "actors:promise_edit": _own(kwargs=_promise),
    "actors:promise_progress": _own(kwargs=_promise),
    "actors:promises_public": Row(get=PUBLIC, kwargs=_public_promise),
    "actors:communications": Row(get=READ),
    "actors:communication_new": Row(get=COOPERATE, post=COOPERATE),
    "actors:factors": Row(get=READ),
    "actors:assessment_new": Row(get=COOPERATE, post=COOPERATE),
    "actors:interview_new": Row(get=COOPERATE, post=COOPERATE),
    "actors:introduction": Row(get=READ),
    "actors:training_new": Row(get=REPORT, post=REPORT),
    "actors:help_now": Row(get=READ),
    "actors:help_data": Row(get=READ),
    "actors:help_offline": Row(get=READ),
    "actors:help_worker": Row(get=READ),
}
