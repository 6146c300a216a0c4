"""Randomisation: the same everywhere, fair, and as many as asked for."""

from __future__ import annotations

import hashlib
from collections import Counter

import numpy as np
import pytest
from scipy import stats as scipy_stats

from lagesbild.stats import randomise
from tests.stats.trials.jersey_city import BLOCKS, hot_spots

pytestmark = pytest.mark.one_database

# The draw of Jersey City's design with seed 1995. Allocations that are in use must come out the same in all versions.
PINNED = (1, 2, 6, 8, 10, 11, 15, 17, 18, 20, 21, 23, 24, 26, 27, 28, 30, 35, 40, 41, 42, 44, 45, 48, 52, 54, 55, 56)
CHECKSUM = "718a1d52d6f87a2b"
PLACES = ["Sergels torg", "Centralen", "Drottninggatan", "Klara", "Åhléns", "Hötorget"]


def test_the_draw_is_the_one_that_anybody_gets_from_the_words_of_the_algorithm() -> None:
    result = randomise(PLACES, seed=7)
    numbers = {each: hashlib.sha256(f"lagesbild-sha256-1|7|all|{each}".encode()).hexdigest() for each in PLACES}
    assert {name for name, each in zip(result.ids, result.treated, strict=True) if each} == set(
        sorted(PLACES, key=numbers.__getitem__)[:3]
    )


def test_the_draw_stays_the_same_for_ever() -> None:
    spots = hot_spots(np.random.default_rng(1))
    result = randomise(spots.names, block=spots.block, seed=1995)
    assert tuple((np.flatnonzero(result.treated) + 1).tolist()) == PINNED
    assert result.checksum == CHECKSUM
    assert result.parameters["algorithm"] == "lagesbild-sha256-1"


def test_each_block_of_the_jersey_city_design_is_halved() -> None:
    spots = hot_spots(np.random.default_rng(1))
    result = randomise(spots.names, block=spots.block, seed="drawn by lot on 3 May")
    assert {each.label: (each.size, each.n_treated) for each in result.blocks} == {
        name: (size, size // 2) for name, size in BLOCKS.items()
    }
    assert result.n_treated == 28


def test_the_order_of_the_places_does_not_matter() -> None:
    block = np.array([1, 1, 2, 2, 3, 3])
    order = np.array([3, 1, 5, 0, 4, 2])
    one = randomise(PLACES, block=block, seed=3)
    other = randomise([PLACES[at] for at in order], block=block[order], seed=3)
    assert one.treated[order].tolist() == other.treated.tolist()
    assert one.checksum == other.checksum


def test_another_seed_is_another_draw() -> None:
    assert len({randomise(PLACES, seed=seed).checksum for seed in range(60)}) == 20


def test_every_choice_within_a_block_is_as_likely() -> None:
    counts = Counter(tuple(randomise(PLACES, seed=seed).treated.tolist()) for seed in range(4000))
    assert len(counts) == 20
    assert scipy_stats.chisquare(list(counts.values())).pvalue > 0.001


def test_draws_of_different_blocks_have_nothing_to_do_with_each_other() -> None:
    first = [randomise(PLACES[:4], block=[1, 1, 2, 2], seed=seed).treated[[0, 2]].tolist() for seed in range(2000)]
    counts = Counter(map(tuple, first))
    assert scipy_stats.chisquare([counts[a, b] for a in (True, False) for b in (True, False)]).pvalue > 0.001


@pytest.mark.parametrize("share", [0.5, 1 / 3, 0.4])
def test_each_place_has_the_chance_asked_for_also_in_odd_blocks(share: float) -> None:
    block = [1, 1, 1, 2, 2, 2, 2, 2, 3]
    names = [f"p{at}" for at in range(9)]
    draws = np.array([randomise(names, block=block, treatment_share=share, seed=seed).treated for seed in range(3000)])
    errors = np.sqrt(share * (1 - share) / len(draws))
    assert np.all(np.abs(draws.mean(axis=0) - share) < 4 * errors)
    assert set(draws.sum(axis=1).tolist()) <= {int(9 * share), int(9 * share) + 1}


def test_blocks_with_one_kind_only_are_told() -> None:
    result = randomise(PLACES[:3], block=["a", "b", "c"], seed=1)
    assert [note.code for note in result.notes] == ["trial.blocks_without_comparison"]


def test_no_places_are_an_answer() -> None:
    assert randomise([], seed=1).n_treated == 0


def test_names_that_are_no_names_are_refused() -> None:
    with pytest.raises(ValueError, match="`ids` must name each place once"):
        randomise(["a", "b", "a"], seed=1)
    with pytest.raises(ValueError, match="`ids` must not be empty"):
        randomise(["a", "b|c"], seed=1)
    with pytest.raises(TypeError, match="`ids` must hold texts or whole numbers"):
        randomise([1.5], seed=1)
    with pytest.raises(ValueError, match="`treatment_share` must lie between 0 and 1"):
        randomise(["a"], treatment_share=1, seed=1)
    with pytest.raises(ValueError, match="`seed` must be zero or more"):
        randomise(["a"], seed=-1)
    with pytest.raises(TypeError, match="`seed` must be a whole number or a text"):
        randomise(["a"], seed=1.5)  # type: ignore[arg-type]
