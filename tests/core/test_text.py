"""The one free-text field: a personal number gets into no form and no row."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models

from lagesbild.core.text import GuardedFormField, GuardedTextField
from lagesbild.places.models import Place

pytestmark = pytest.mark.one_database
NUMBER = "850709-9805"


def test_a_form_refuses_a_personal_number_and_takes_other_text() -> None:
    field = GuardedFormField()
    assert field.clean(" Belysningen är trasig ") == "Belysningen är trasig"
    with pytest.raises(ValidationError) as refused:
        field.clean(f"Vi talade med {NUMBER}.")
    assert [error.code for error in refused.value.error_list] == ["personal_number"]


def test_a_row_that_goes_around_the_form_is_refused_too() -> None:
    with pytest.raises(ValidationError):
        GuardedTextField().get_prep_value(f"se {NUMBER}")


def test_the_form_of_a_model_gets_the_guarded_field() -> None:
    assert isinstance(Place._meta.get_field("description").formfield(), GuardedFormField)


def test_free_text_of_our_models_is_always_guarded() -> None:
    """What people write in their own words; content made by the program is listed here with its reason."""
    made_by_program = {
        "observations.ImportBatch.error_message",  # the importer's own words; values in it are masked
        "places.AreaSetDrawing.outline",  # map layers
        "places.AreaSetDrawing.polygons",
        "places.BaseLayer.geojson",
        "places.Place.drawing",
        "actors.Zone.drawing",
        "scenes.SceneOutline.drawing",
    }
    plain = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("lagesbild.")
        for field in model._meta.get_fields()
        if type(field) is models.TextField
    }
    assert plain <= made_by_program
