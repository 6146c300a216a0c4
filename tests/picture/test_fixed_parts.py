"""Others' data is asked for by parts that never overlap, so that many answers together hide what each of them hides."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from django.http import QueryDict

from lagesbild.accounts.models import SharingLevel
from lagesbild.core.errors import UserError
from lagesbild.picture import answer
from lagesbild.picture.asking import Ask
from lagesbild.picture.disclosure import Hider
from lagesbild.picture.fixed_parts import fitted, periods
from lagesbild.picture.queries import ground
from lagesbild.stats import narrowing
from tests.cast import Cast
from tests.picture.test_page import address, get, rows, signed_in
from tests.picture.world import NOW, World, planted


def period_of(query: str) -> tuple[str, str]:
    found = fitted(Ask.from_query(QueryDict(query))).period
    return found.from_on.isoformat(), found.last_on.isoformat()


@pytest.mark.parametrize(
    ("query", "first", "last"),
    [
        ("from=2025-01-01&to=2025-06-30", "2025-01-01", "2025-06-30"),
        ("from=2025-01-01&to=2025-06-29", "2025-01-01", "2025-06-30"),
        ("from=2025-03-15&to=2025-03-15", "2025-03-10", "2025-03-16"),
        ("from=2025-02-10&to=2025-03-15", "2025-03-01", "2025-03-31"),
        ("from=2024-11-01&to=2025-02-10", "2025-01-01", "2025-03-31"),
        ("from=2020-01-01&to=2025-02-10", "2025-01-01", "2025-12-31"),
        ("from=2024-12-30&to=2025-01-05", "2024-12-30", "2025-01-05"),
        ("from=2025-12-01&to=2025-12-31", "2025-12-01", "2025-12-31"),
    ],
)
def test_a_period_becomes_the_nearest_fixed_one(query: str, first: str, last: str) -> None:
    assert period_of(query) == (first, last)


def test_fixed_periods_hold_their_day_and_months_lie_within_one_another() -> None:
    for day in (date(2024, 2, 29), date(2024, 12, 31), date(2025, 1, 1)):
        found = periods(day)
        assert all(each.from_on <= day < each.to_on for each in found)
        for inner, outer in pairwise(found[1:]):
            assert outer.from_on <= inner.from_on < inner.to_on <= outer.to_on


@pytest.mark.parametrize(
    "more", ["category=narcotics,damage", "hour=22", "hour=0-7", "weekday=5-6", "weekday=1,3", "month=1-4", "month=1,2"]
)
def test_parts_are_not_put_together(more: str) -> None:
    with pytest.raises(UserError) as refused:
        period_of(f"{NOW}&{more}")
    assert refused.value.field == more.split("=", maxsplit=1)[0]


@pytest.mark.parametrize(
    "more", ["category=narcotics", "hour=20-23", "weekday=1-5", "weekday=7", "month=6-8", "month=12-2"]
)
def test_one_part_of_each_is_fine(more: str) -> None:
    assert period_of(f"{NOW}&{more}") == ("2025-01-01", "2025-06-30")


def test_the_page_of_another_owners_data_says_what_it_shows_instead(cast: Cast) -> None:
    planted(cast, owner=cast.police)
    page = get(cast.anna, query="from=2025-01-01&to=2025-06-29").content.decode()
    assert "hela veckor, månader, kvartal, halvår och år" in page
    assert "Halvår" in page
    assert "hela veckor" not in get(cast.anna).content.decode()
    refused = get(cast.anna, query=f"{NOW}&weekday=5-6")
    assert refused.status_code == 422
    assert "Välj en dag, måndag till fredag, eller helgen." in refused.content.decode()
    assert get(cast.anna, "csv", f"{NOW}&weekday=5-6").status_code == 422


def test_the_owner_may_ask_anything(world: World) -> None:
    client = signed_in(world.cast.anna)
    assert client.get(address(query="from=2025-01-01&to=2025-06-29&weekday=5-6&hour=22")).status_code == 200


def test_page_and_file_of_neighbouring_periods_are_the_same_picture(cast: Cast) -> None:
    """The day between the two cannot be worked out, since nothing is different."""
    planted(cast, owner=cast.police)
    one, other = (rows(get(cast.anna, "csv", f"from=2025-01-01&to=2025-06-{day}")) for day in (29, 30))
    assert one == other


def test_freezing_anothers_data_keeps_to_fixed_parts(cast: Cast) -> None:
    planted(cast, owner=cast.police, sharing=SharingLevel.PARTNERS)
    found = answer.prepare_open(cast.anna, Ask.from_query(QueryDict("from=2025-01-03&to=2025-06-29")))
    assert found.fitted
    assert found.ask.period.from_on == date(2025, 1, 1)
    assert ground(cast.ekby, cast.anna).slug == "ekby"


def test_all_fixed_periods_together_narrow_no_hidden_day() -> None:
    """What a solver makes of every answer: a quarter of small weeks by week and month, and the quarter itself."""
    rng, hide = np.random.default_rng(7), Hider(5)
    days = np.arange(91)
    months = np.repeat([0, 1, 2], [31, 28, 32])
    for _world in range(5):
        counts = rng.poisson(0.9, 91)
        parts = [days // 7 == week for week in range(13)] + [months == month for month in range(3)] + [days >= 0]
        sums = [int(counts[part].sum()) for part in parts]
        shown = hide.counts(sums)
        low = [_low(value) for value in shown]
        high = [_high(value) for value in shown]
        small = [at for at, value in enumerate(shown) if value is None]
        found = narrowing(np.array(parts), low, high, asked=np.array(parts)[small].reshape(len(small), 91))
        assert all((each.low, each.high) == (1, 4) for each in found.ranges)


def _low(shown: int | None) -> int:
    return 1 if shown is None else shown if shown <= 5 else 10 if shown == 10 else shown - 2


def _high(shown: int | None) -> int:
    return 4 if shown is None else 0 if shown == 0 else 9 if shown == 5 else shown + 2
