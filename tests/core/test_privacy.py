"""The privacy guard finds every usual spelling of a personal number, and leaves other numbers alone.

The numbers are drawn from dates in years whose holders would be over 110 years old (19th century and 1900–1909) or made
with an impossible series for tests, and the check digit is computed here by a second, independent formula.
"""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lagesbild.core.privacy import find_personal_numbers, mask_personal_numbers

pytestmark = pytest.mark.one_database

DOUBLED = {0: 0, 1: 2, 2: 4, 3: 6, 4: 8, 5: 1, 6: 3, 7: 5, 8: 7, 9: 9}


def check_digit(nine: str) -> str:
    total = sum(DOUBLED[int(digit)] if at % 2 == 0 else int(digit) for at, digit in enumerate(nine))
    return str(-total % 10)


@st.composite
def numbers(draw: st.DrawFn) -> tuple[str, str, str, str, str]:
    """Century, year, month, day (60 more in coordination numbers) and the last four."""
    born = draw(st.dates(date(1890, 1, 1), date(2025, 12, 31)))
    day = born.day + (60 if draw(st.booleans()) else 0)
    year, month = f"{born.year % 100:02}", f"{born.month:02}"
    serial = f"{draw(st.integers(0, 999)):03}"
    last = serial + check_digit(f"{year}{month}{day:02}{serial}")
    return str(born.year // 100), year, month, f"{day:02}", last


DATE_GAPS = ["", "-", " ", ".", "/", "–", "\u00a0", "_"]
LAST_GAPS = ["", "-", "+", " ", "–", "—", "−", "‑", "\u00a0", " - ", "- ", " –", " + ", "/", "_", "\u202f"]
HIDDEN = ["", "\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad"]
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


@given(
    numbers(),
    st.booleans(),
    st.sampled_from(DATE_GAPS),
    st.sampled_from(LAST_GAPS),
    st.sampled_from(HIDDEN),
    st.sampled_from([{}, FULL_WIDTH, ARABIC]),
    st.sampled_from(["", "Se ", "pnr:", "(", "bror till ", "x", "2019-", "\n"]),
    st.sampled_from(["", ".", " bor", ")", ", som", "y", "\n"]),
)
def test_every_usual_spelling_is_found_and_nothing_of_it_is_left(
    number: tuple[str, str, str, str, str],
    with_century: bool,
    date_gap: str,
    last_gap: str,
    hidden: str,
    digits: dict[int, int],
    before: str,
    after: str,
) -> None:
    century, year, month, day, last = number
    written = (
        f"{century if with_century else ''}{year}{date_gap}{month}{date_gap}{day}{last_gap}{last[:2]}{hidden}{last[2:]}"
    )
    text = before + written.translate(digits) + after
    found = find_personal_numbers(text)
    assert len(found) == 1
    masked = mask_personal_numbers(text)
    assert len(masked) == len(text)
    assert masked.startswith(before)
    assert masked.endswith(after)
    assert not any(character.isdecimal() for character in masked[len(before) : len(masked) - len(after)])


@given(numbers(), st.integers(1, 9))
def test_a_wrong_check_digit_is_another_number(number: tuple[str, str, str, str, str], off: int) -> None:
    _, year, month, day, last = number
    wrong = last[:3] + str((int(last[3]) + off) % 10)
    assert not find_personal_numbers(f"{year}{month}{day}-{wrong}")


@pytest.mark.parametrize(
    "text",
    [
        "08-508 290 00",
        "070-123 45 67",
        "+46 70 174 06 05",
        "073 123 45 08",
        "556036-0793",  # an organisation's number: its month is at least 20
        "202100-2676",
        "Dnr 2024-001234",
        "5000-K123456-19",
        "2026-02-28 14.05",
        "2026-02-28 14:05",
        "2026-02-28T14:05:33",
        "28/2 2026 kl. 14.05",
        "59.33258 18.06490",
        "18.06123450",
        "18.0612123455 18,0612123455",
        "670512.3456",
        "6580822 674032",
        "x=674032.12 y=6580743.50",
        "1234567890123456",
        "OCR 8507099805123",
        "000000-0000",
        "850230-1234",
        "",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert not find_personal_numbers(text)


@given(st.dates(date(1890, 1, 1), date(2050, 12, 31)), st.times())
def test_a_date_with_a_time_of_day_is_never_a_number(day: date, time: object) -> None:
    for form in ("%H.%M", "%H:%M", "%H.%M.%S", "kl %H.%M"):
        assert not find_personal_numbers(f"{day.isoformat()} {time:{form}}")


@given(st.floats(10, 70, allow_nan=False), st.floats(10, 25, allow_nan=False), st.integers(0, 12))
@example(18.06123450, 59.0, 8)
def test_coordinates_are_never_numbers(lat: float, lon: float, decimals: int) -> None:
    assert not find_personal_numbers(f"{lat:.{decimals}f}, {lon:.{decimals}f}")


@given(st.text(alphabet="0123456789 -+.\u200b", max_size=300))
@settings(max_examples=200)
def test_masking_leaves_nothing_to_find(text: str) -> None:
    assert not find_personal_numbers(mask_personal_numbers(text))


@pytest.mark.parametrize("piece", ["1", "85", "85 07 09 ", "850709-", "19850709 - ", "8507099801 ", "\u200b9"])
def test_a_long_text_costs_in_proportion_to_its_length(piece: str) -> None:
    """A quadratic search would need minutes here."""
    find_personal_numbers(piece * (1_000_000 // len(piece)))


def test_two_numbers_in_one_text_are_both_found() -> None:
    first, second = "090709-" + "980" + check_digit("090709980"), "0001693456"[:9]
    second += check_digit(second)
    text = f"{first} och {second}"
    assert [text[each.start : each.end] for each in find_personal_numbers(text)] == [first, second]
