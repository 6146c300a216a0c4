"""The one free-text field for models and forms: every word a person writes passes the privacy guard here."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from lagesbild.core.privacy import find_personal_numbers

PERSONAL_NUMBER_MESSAGE = _(
    "The text holds a personal identity number. Lagesbild keeps no register of persons: "
    "take the number out, and bring individual cases to the channel meant for them."
)


def guard(text: str) -> None:
    """Raise ``ValidationError`` if the text says who a private person is."""
    if find_personal_numbers(text):
        raise ValidationError(PERSONAL_NUMBER_MESSAGE, code="personal_number")


class GuardedFormField(forms.CharField):
    """Free text in a form; many lines unless the widget says otherwise."""

    widget = forms.Textarea

    def __init__(self, *, max_length: int = 4000, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)
        self.validators.append(guard)


class GuardedTextField(models.TextField):  # type: ignore[type-arg]
    """Free text in a model. The guard also runs when a row is saved, so that no path goes around it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 4000)
        super().__init__(*args, **kwargs)
        self.validators.append(guard)

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        return super().formfield(**{"form_class": GuardedFormField, "max_length": self.max_length, **kwargs})

    def get_prep_value(self, value: Any) -> Any:
        prepared = super().get_prep_value(value)
        if isinstance(prepared, str):
            guard(prepared)
        return prepared
