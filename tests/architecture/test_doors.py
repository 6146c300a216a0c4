"""Every shared record has its door, and whatever is shared belongs to a collaboration and an owner."""

from __future__ import annotations

import importlib
import inspect
import re
from importlib.util import find_spec

import pytest
from django.apps import apps

from lagesbild.accounts.models import Owned

pytestmark = pytest.mark.one_database

# Shared records that no address names by themselves: they are reached through another's door.
THROUGH = {
    "places.BaseLayer": "drawn together as the base map of a collaboration one has entered",
    "places.Fact": "shown with its area or place",
    "picture.PictureComment": "shown with its picture",
}


def owned_models() -> list[type[Owned]]:
    return [model for model in apps.get_models() if issubclass(model, Owned)]


@pytest.mark.parametrize("model", owned_models(), ids=lambda model: model._meta.label)
def test_a_shared_record_has_a_door(model: type[Owned]) -> None:
    if model._meta.label in THROUGH:
        return
    subject = model.__module__.rpartition(".models")[0]
    assert find_spec(f"{subject}.access"), f"{subject} has no access.py"
    access = importlib.import_module(f"{subject}.access")
    snake = re.sub(r"(?<!^)(?=[A-Z])", "_", model.__name__).lower()
    doors = [name for name in vars(access) if name.startswith("access_")]
    short = [name for name in doors if name.removeprefix("access_") in snake.split("_") or name == f"access_{snake}"]
    assert short, f"no access_{snake} in {subject}.access (doors: {doors})"


def test_doors_take_the_membership_and_the_key() -> None:
    wrong = []
    for module in (
        "notices",
        "places",
        "observations",
        "picture",
        "fieldreports",
        "actors",
        "cooperation",
        "scenes",
        "goals",
        "publications",
    ):
        if not find_spec(f"lagesbild.{module}.access"):
            continue
        access = importlib.import_module(f"lagesbild.{module}.access")
        for name, door in vars(access).items():
            if name.startswith("access_") and inspect.isfunction(door) and door.__module__ == access.__name__:
                parameters = list(inspect.signature(door).parameters)
                if parameters[:1] not in (["membership"], ["user"]) or len(parameters) < 2:
                    wrong.append(f"{module}.{name}{inspect.signature(door)}")
    assert not wrong
