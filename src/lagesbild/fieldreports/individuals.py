"""Telling a report about a place from one about a person, as far as words can. Pure.

Beyond the personal identity numbers that no text may hold: telephone numbers, e-mail addresses, vehicle registration
plates, and a person who is given a name. What is found is refused, never kept, and the writer is shown where individual
cases belong.
"""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy as _

from lagesbild.core.errors import UserError
from lagesbild.core.privacy import find_personal_numbers

INDIVIDUAL = "fieldreports.individual"

# 070-123 45 67, +46 70 123 45 67, 08-123 456 78. A house number or a line number is shorter.
_TELEPHONE = re.compile(r"(?<![\d.,])(?:\+46|0046|0)[\s-]?\(?\d{1,3}\)?(?:[\s-]?\d){6,8}(?!\d)")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w")
# Three letters (not I, Q, V, Å, Ä, Ö) and two digits with a digit or letter: the Swedish form since 2019.
_PLATE = re.compile(r"\b[A-HJ-PR-UW-Z]{3}[ -]?\d{2}[0-9A-HJ-NPR-UW-Z]\b")
_PERSON = (
    r"(?:\w*(?:kille|tjej|pojke|flicka|ungdom|person|säljare|köpare|langare|granne|hyresgäst|elev)\w*|mannen|man|kvinnan|kvinna|"
    r"han|hon|hen|dealer|guy|boy|girl|woman|he|she)"
)
_NAMED = re.compile(
    rf"\b(?i:{_PERSON})\b[^.!?\n]{{0,40}}?\b(?:heter|hette|kallas|kallar sig|vid namn|alias|named|called)"
    r"\s+[\"”“']?[A-ZÅÄÖÉ]\w+"
)
# A surname that means somebody's son or daughter, after another word with a capital: Anna Andersson, familjen Svensson.
# Of names by themselves only these can be told from streets, squares and organisations: those take a genitive
# (Lars Erikssons gata) or say before or after that they are a firm. Other names look like names of places.
_NO_FIRST_NAME = (
    "AB Hotell Hotel Restaurang Café Kafé Bageri Konditori Butik Firma Åkeri Salong Frisör Galleri Krog Bar Byggfirma "
    "Sony Bröderna Systrarna Vid Hos I På Utanför Bakom Framför Mot Från Till Om Av Med Efter Före Där Här När Det Den "
    "Kring Bredvid Intill Nära Mellan Under Över Inne Ute Innanför Runt Mittemot"
).replace(" ", "|")
_FIRM_AFTER = r"(?:AB|HB|KB|KF|&|Globe|Arena|och [Ss]ön\w*|[Ff]astighet\w*|[Bb]ygg\w*|[Ff]öretag\w*|[Ss]tiftelse\w*)"
_CAPITAL = r"[A-ZÅÄÖÉ][a-zåäöéü]+"
_KIN_NAMED = re.compile(
    rf"(?<![\w&.-])(?!(?:{_NO_FIRST_NAME})\b)(?:{_CAPITAL}(?:-{_CAPITAL})?|familjen|syskonen)(?:[ \t][A-ZÅÄÖÉ]\.?)?"
    rf"[ \t](?:{_CAPITAL}[ -])?[A-ZÅÄÖÉ][a-zåäöéü]*s(?:son|dotter)\b(?![ \t]{_FIRM_AFTER})"
)
_KINDS = (_TELEPHONE, _MAIL, _PLATE, _NAMED, _KIN_NAMED)


def points_out_a_person(*texts: str) -> bool:
    """Whether any of the texts holds what leads to one person."""
    return any(find_personal_numbers(text) or any(kind.search(text) for kind in _KINDS) for text in texts)


def refuse_individuals(*, note: str, place_text: str = "") -> None:
    """Raise `UserError` at the field that points out a person."""
    for field, text in (("note", note), ("place_text", place_text)):
        if points_out_a_person(text):
            raise UserError(
                INDIVIDUAL,
                _(
                    "This seems to be about a particular person. A report is about a place: "
                    "write what goes on and where, not who."
                ),
                field,
            )
