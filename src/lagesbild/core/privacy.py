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

# One character that people put between the parts; dates put the same one twice ("85-07-09"), or none.
_SPACE = "[ \\t\u00a0\u2000-\u200a\u202f]"
_DASH = "[\\-\u2010-\u2015\u2212]"
CANDIDATE = re.compile(
    r"(?<!\d)(?!(?<=\d[.,])\d{10}(?!\d))"  # not the ten decimals of a coordinate
    rf"(?:(?P<century>1[89]|20){_SPACE}?)?(?P<year>\d\d)(?P<part>{_SPACE}|{_DASH}|[./_])?(?P<month>\d\d)"
    rf"(?(part)(?P=part))(?P<day>\d\d)"
    # A lone dot is left out: 670512.3456 is a coordinate, 85.07.09.9805 a number.
    rf"(?:{_SPACE}?(?:{_DASH}|[+/_]){_SPACE}?|{_SPACE}{{0,2}}|(?(part)\.))"
    # No dot or colon inside the last four: "2026-02-28 14.05" is a time.
    rf"(?P<serial>\d{_SPACE}?\d{_SPACE}?\d){_SPACE}?(?P<check>\d)(?!\d)"
)


@dataclass(frozen=True)
class PersonalNumber:
    """Where in the text a number stands; the number itself is never kept."""

    start: int
    end: int


def find_personal_numbers(text: str) -> list[PersonalNumber]:
    """Every personal identity or coordination number in ``text``, in time proportional to its length."""
    plain, positions = _plain(text)
    found = []
    position = 0
    while match := CANDIDATE.search(plain, position):
        if _is_number(match):
            found.append(PersonalNumber(positions[match.start()], positions[match.end() - 1] + 1))
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


def _plain(text: str) -> tuple[str, list[int]]:
    """The text with plain digits and without characters that cannot be seen, and where each character stood."""
    if text.isascii():
        return text, list(range(len(text)))
    kept = [(at, _digit(character)) for at, character in enumerate(text) if unicodedata.category(character) != "Cf"]
    return "".join(character for _, character in kept), [at for at, _ in kept]


def _digit(character: str) -> str:
    """Full-width and other decimal digits as ASCII."""
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
