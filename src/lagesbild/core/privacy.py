"""The privacy guard: finds what points out a private person in free text.

Swedish personal identity numbers and coordination numbers (day + 60) in all usual spellings; the check digit
(Luhn over the ten digits) and a possible date tell them from other numbers. Source of the form: Act (1991:481)
section 18 and Skatteverket's SKV 704.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

# Century is optional; parts may be split by space, hyphen, plus (over a hundred years), dots or dashes.
_GAP = r"[\s\u00a0\u2000-\u200b./_\-\u2010-\u2015\u2212]{0,2}"
CANDIDATE = re.compile(
    rf"(?<!\d)(?P<century>1[89]|20)?{_GAP}(?P<year>\d\d){_GAP}(?P<month>\d\d){_GAP}(?P<day>\d\d)"
    rf"(?:{_GAP}|\s?\+\s?)(?P<serial>(?:\d{_GAP}){{3}})(?P<check>\d)(?!\d)"
)


@dataclass(frozen=True)
class PersonalNumber:
    """Where in the text a number stands; the number itself is never kept."""

    start: int
    end: int


def find_personal_numbers(text: str) -> list[PersonalNumber]:
    """Every personal identity or coordination number in ``text``, also overlapping other digits' separators."""
    plain = "".join(_digit(character) for character in text)
    found = []
    position = 0
    while match := CANDIDATE.search(plain, position):
        if _is_number(match):
            found.append(PersonalNumber(match.start(), match.end()))
            position = match.end()
        else:
            position = match.start() + 1
    return found


def mask_personal_numbers(text: str) -> str:
    """The text with each number replaced by asterisks of the same length."""
    masked = list(text)
    for number in find_personal_numbers(text):
        masked[number.start : number.end] = "*" * (number.end - number.start)
    return "".join(masked)


def _digit(character: str) -> str:
    """Full-width and other decimal digits as ASCII, one character for one so that positions stay."""
    if character.isdecimal() and not character.isascii():
        return str(unicodedata.decimal(character))
    return character


def _is_number(match: re.Match[str]) -> bool:
    serial = re.sub(r"\D", "", match["serial"])
    ten = match["year"] + match["month"] + match["day"] + serial + match["check"]
    return _is_date(match["century"], match["year"], match["month"], match["day"]) and _luhn(ten)


def _is_date(century: str | None, year: str, month: str, day: str) -> bool:
    number = int(day)
    number = number - 60 if number > 60 else number
    centuries = [century] if century else ["19", "20"]  # 29 February: either century may have it
    for each in centuries:
        try:
            date(int(each + year), int(month), number)
        except ValueError:
            continue
        return True
    return False


def _luhn(digits: str) -> bool:
    total = 0
    for position, digit in enumerate(digits):
        product = int(digit) * (2 - position % 2)
        total += product // 10 + product % 10
    return total % 10 == 0
