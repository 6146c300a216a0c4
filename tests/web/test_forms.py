"""How forms look: one field template for all, help and errors tied to their field, errors told first."""

from __future__ import annotations

import pytest
from django import forms
from django.utils.html import escape

pytestmark = pytest.mark.one_database


class Example(forms.Form):
    name = forms.CharField(label="Namn", help_text="Som folk säger.")
    note = forms.CharField(label="Anteckning", required=False)
    agreed = forms.BooleanField(label="Jag har läst")
    kind = forms.ChoiceField(label="Typ", choices=[("a", "A")], widget=forms.RadioSelect)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


def test_help_and_error_are_tied_to_the_field() -> None:
    page = str(Example({"kind": "a", "agreed": "on"}))
    assert 'aria-describedby="id_name_helptext id_name_error"' in page
    assert 'id="id_name_helptext"' in page
    assert 'id="id_name_error"' in page
    assert 'aria-invalid="true"' in page


def test_errors_are_told_first_with_a_link_to_each_field() -> None:
    page = str(Example({"kind": "a"}))
    summary = page[: page.index("</div>")]
    assert 'role="alert"' in summary
    assert 'href="#id_name"' in summary
    assert 'href="#id_agreed"' in summary
    assert "2 fel behöver rättas" in summary


def test_a_form_without_errors_has_no_summary() -> None:
    assert "error-summary" not in str(Example())


def test_what_may_be_left_out_says_so_and_what_must_be_given_does_not() -> None:
    page = str(Example())
    assert page.count("(valfritt)") == 1
    assert page.index("Anteckning") < page.index("(valfritt)") < page.index("Jag har läst")


def test_a_checkbox_stands_before_its_label() -> None:
    page = str(Example())
    assert page.index('id="id_agreed"') < page.index('for="id_agreed"')


def test_a_group_of_choices_is_a_fieldset_with_a_legend() -> None:
    assert "<legend>Typ</legend>" in str(Example())


def test_hidden_fields_are_in_the_form_once() -> None:
    assert str(Example()).count('name="secret"') == 1


def test_a_value_given_back_is_escaped_in_field_and_summary() -> None:
    class Picky(forms.Form):
        name = forms.CharField()

        def clean_name(self) -> str:
            raise forms.ValidationError(f'"{self.cleaned_data["name"]}" duger inte.')

    page = str(Picky({"name": "<script>"}))
    assert "<script>" not in page
    assert escape('"<script>" duger inte.') in page
