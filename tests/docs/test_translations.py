"""The checks of the translations themselves."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.support import Translations

from tools import translations

pytestmark = pytest.mark.one_database

HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\nPlural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
CODE = """
from django.utils.translation import gettext as _, ngettext, pgettext
_("Row {row} is empty")
ngettext("%(n)d row", "%(n)d rows", 2)
pgettext("verb", "Open")
"""
WHOLE = (
    'msgid "Row {row} is empty"\nmsgstr "Rad {row} är tom"\n\n'
    'msgid "%(n)d row"\nmsgid_plural "%(n)d rows"\nmsgstr[0] "%(n)d rad"\nmsgstr[1] "%(n)d rader"\n\n'
    'msgctxt "verb"\nmsgid "Open"\nmsgstr "Öppna"\n\n'
    'msgid "Sign out"\nmsgstr "Logga ut"\n\n'
)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package of one subject with four texts, three in code and one in a template, all translated."""
    subject = tmp_path / "places"
    (subject / "templates" / "places").mkdir(parents=True)
    (subject / "views.py").write_text(CODE)
    template = "{% load i18n %}\n  <p>{% translate 'Sign out' %}\n<p>Not a text</p>"
    (subject / "templates" / "places" / "a.html").write_text(template)
    write(tmp_path, WHOLE)
    return tmp_path


def write(package: Path, entries: str) -> None:
    path = translations.catalogue_path("places", "sv", package)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEAD + entries, encoding="utf-8")


def test_all_our_texts_are_translated() -> None:
    assert not translations.problems("sv")


def test_a_complete_translation_has_no_problem(package: Path) -> None:
    assert translations.problems("sv", package) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("Logga ut", ""), "no translation to sv of 'Sign out'"),
        (('msgid "Sign out"', '#, fuzzy\nmsgid "Sign out"'), "marked fuzzy"),
        (('msgid "Sign out"', 'msgid "Sign off"'), "not in the code any more"),
        (("Rad {row} är", "Rad {rad} är"), "other fields"),
        (("Rad {row} är", "Raden är"), "lacks a field"),
        (('msgctxt "verb"\n', ""), "no translation to sv of 'Open'"),
        (('msgstr[1] "%(n)d rader"', 'msgstr[1] ""'), "no translation to sv of '%(n)d row'"),
    ],
)
def test_each_kind_of_problem_is_found(package: Path, change: tuple[str, str], problem: str) -> None:
    write(package, WHOLE.replace(*change))
    assert any(problem in line for line in translations.problems("sv", package))


def test_two_subjects_may_not_translate_the_same_text_differently(package: Path) -> None:
    other = translations.catalogue_path("picture", "sv", package)
    other.parent.mkdir(parents=True)
    other.write_text(HEAD + 'msgid "Sign out"\nmsgstr "Avsluta"\n', encoding="utf-8")
    assert any("translated otherwise" in line for line in translations.problems("sv", package))


def test_compiling_makes_what_django_reads_and_only_when_needed(package: Path) -> None:
    made = translations.compile_all(package)
    assert [path.name for path in made] == ["django.mo"]
    with made[0].open("rb") as file:
        assert Translations(file).ugettext("Sign out") == "Logga ut"
    assert translations.compile_all(package) == []
