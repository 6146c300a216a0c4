"""Real points: a real open drug market stands out where it is known to have been."""

from __future__ import annotations

import json

import pytest
from django.http import QueryDict

from lagesbild.accounts.models import Collaboration
from lagesbild.picture import answer
from lagesbild.picture.asking import Ask
from lagesbild.picture.content import PictureContent
from lagesbild.picture.maps import map_parts
from lagesbild.worlds.actions import load_world
from lagesbild.worlds.description import read_world, worlds_folder


@pytest.fixture
def san_francisco(db: None, data_dir: object) -> Collaboration:
    load_world(read_world(worlds_folder() / "san-francisco"))
    return Collaboration.objects.get(slug="san-francisco")


def picture_of(collaboration: Collaboration, query: str) -> PictureContent:
    prepared = answer.prepare(collaboration, None, Ask.from_query(QueryDict(query)))
    return answer.answer(prepared, None).content


def test_the_picture_of_a_real_drug_market(san_francisco: Collaboration) -> None:
    content = picture_of(san_francisco, "from=2012-07-01&to=2012-12-31&category=narcotics&compare=none")
    assert content.totals.n == 3_897  # data/README: drugs 3,897
    assert content.hot_spots is not None
    first = content.hot_spots.spots[0]
    # The Tenderloin: within 400 m of Golden Gate Avenue and Leavenworth Street
    assert abs(first.lon - -122.4146) < 0.005
    assert abs(first.lat - 37.7820) < 0.004
    assert first.p_adjusted < 1e-6
    assert (first.n or 0) > 1_000
    assert len(json.dumps(map_parts(content, None))) < 1_000_000
    assert content.caveats

    everything = picture_of(san_francisco, "")
    assert everything.question.comparison == "previous"  # half a year of data: its later half with its earlier
    assert (everything.totals.n or 0) + (everything.totals.n_before or 0) == 13_472
    assert "aoristic.hour_unknown" in {note.code for note in everything.notes}  # only days are known
