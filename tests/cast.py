"""The cast: two collaborations that must never see each other, and a person for each role."""

from __future__ import annotations

from dataclasses import dataclass

from lagesbild.accounts import actions
from lagesbild.accounts.models import Collaboration, Function, Membership, Organisation, Role, User

PASSWORD = "ett-langt-losenord-for-prov"


@dataclass(frozen=True)
class Cast:
    """Ekby with the municipality, the police and a housing company; Sjövik with its municipality."""

    ekby: Collaboration
    sjovik: Collaboration
    municipality: Organisation
    police: Organisation
    housing: Organisation
    anna: Membership  # coordinates Ekby, municipality, operational and strategic
    bo: Membership  # reports for the housing company, operational
    dag: Membership  # may only read, municipality, sits in no forum
    eva: Membership  # analyst, police, all levels
    ada: Membership  # administrator, municipality, steering
    cecilia: Membership  # coordinates Sjövik and must never see Ekby


def make_cast() -> Cast:
    """Everyone, stored."""
    ekby = actions.ensure_collaboration("ekby", name="Trygga Ekby", actor=None)
    sjovik = actions.ensure_collaboration("sjovik", name="Sjövik centrum", actor=None)
    municipality = actions.ensure_organisation(ekby, "kommunen", name="Ekby kommun", actor=None)
    police = actions.ensure_organisation(ekby, "polisen", name="Polisen", actor=None)
    housing = actions.ensure_organisation(ekby, "ekbyhem", name="Ekbyhem AB", actor=None)
    other = actions.ensure_organisation(sjovik, "kommunen", name="Sjöviks kommun", actor=None)
    return Cast(
        ekby=ekby,
        sjovik=sjovik,
        municipality=municipality,
        police=police,
        housing=housing,
        anna=_member("anna", _function(municipality, "Trygghetssamordnare", "operational strategic"), Role.COORDINATOR),
        bo=_member("bo", _function(housing, "Fastighetsvärd", "operational"), Role.REPORTER),
        dag=_member("dag", _function(municipality, "Registrator", ""), Role.READER),
        eva=_member("eva", _function(police, "Analytiker", "operational strategic steering"), Role.ANALYST),
        ada=_member("ada", _function(municipality, "Systemförvaltare", "steering"), Role.ADMINISTRATOR),
        cecilia=_member("cecilia", _function(other, "Trygghetssamordnare", "operational"), Role.COORDINATOR),
    )


def _function(organisation: Organisation, name: str, levels: str) -> Function:
    return actions.ensure_function(
        organisation,
        name,
        actor=None,
        operational="operational" in levels,
        strategic="strategic" in levels,
        steering="steering" in levels,
    )


def _member(name: str, function: Function, role: str) -> Membership:
    user: User = actions.ensure_user(f"{name}@example.org", name=name.title(), password=PASSWORD, actor=None)
    return actions.set_membership(user, function, role=role, actor=None)
