"""What a filter means: which incidents match, and whose."""

from __future__ import annotations

import json
from datetime import date

import polars as pl
import pytest
import shapely

from lagesbild.accounts.models import SharingLevel
from lagesbild.core.errors import UserError
from lagesbild.observations.categories import CategoryMapping, CategoryNode
from lagesbild.observations.filters import EventFilter
from lagesbild.observations.models import Caveat
from lagesbild.observations.queries import caveats_for, events, point_events, resolve, visible_sources
from lagesbild.observations.questions import PlaceShape, Question
from lagesbild.observations.store import IncidentStore
from lagesbild.places.models import Area, Place
from lagesbild.places.models import PlaceShape as Shape
from tests.cast import Cast
from tests.observations import world
from tests.observations.frames import frame, incident


def ids(lazy: pl.LazyFrame) -> str:
    return "".join(sorted(lazy.collect()["source_id"]))


def put(cast: Cast, *rows: dict, source: str = "vakter") -> None:
    IncidentStore(cast.ekby.slug).commit(frame(*rows), source=source, batch_id=1)


def matching(cast: Cast, **filters: object) -> str:
    return ids(events(cast.ekby, EventFilter(**filters)))


def test_without_filter_everything_is_there(cast: Cast) -> None:
    world.source(cast.municipality, "vakter")
    put(cast, incident("a"), incident("b", "2020-02-29"))
    assert matching(cast) == "ab"


def test_no_import_yet_is_no_incidents(cast: Cast) -> None:
    assert matching(cast) == ""


def test_the_period_is_half_open(cast: Cast) -> None:
    world.source(cast.municipality, "vakter")
    put(cast, incident("a", "2024-12-31"), incident("b", "2025-01-01"), incident("c", "2026-01-01"))
    assert matching(cast, from_on=date(2025, 1, 1), to_on=date(2026, 1, 1)) == "b"
    assert matching(cast, from_on=date(2025, 1, 1)) == "bc"
    assert matching(cast, to_on=date(2025, 1, 1)) == "a"


def test_hours_weekdays_and_months_narrow_and_unknown_hours_are_counted(cast: Cast) -> None:
    world.source(cast.municipality, "vakter")
    put(
        cast,
        incident("a", "2025-03-14", 23),  # a Friday
        incident("b", "2025-03-15", 23),
        incident("c", "2025-03-14", None, time_precision="day"),
        incident("d", "2025-04-18", 22),
    )
    assert matching(cast, hours=frozenset({23})) == "ab"
    assert matching(cast, weekdays=frozenset({5})) == "acd"
    assert matching(cast, months=frozenset({3})) == "abc"
    question = resolve(cast.ekby, EventFilter(hours=frozenset({23}), weekdays=frozenset({5})))
    assert question.n_without_hour() == 1
    assert resolve(cast.ekby, EventFilter()).n_without_hour() == 0


def test_a_category_holds_what_is_mapped_to_it_and_below_in_each_source(cast: Cast) -> None:
    vakter, polisen = world.source(cast.municipality, "vakter"), world.source(cast.police, "polisen")
    violence = world.category(cast.ekby, "violence", None, (polisen, "Våld"))
    world.category(cast.ekby, "assault", violence, (vakter, "Bråk"))
    world.category(cast.ekby, "damage", None, (vakter, "Klotter"))
    put(
        cast, incident("a", source_type="Bråk"), incident("b", source_type="Klotter"), incident("c", source_type="Våld")
    )
    put(cast, incident("d", source_type="Våld"), incident("e", source_type="Bråk"), source="polisen")
    assert matching(cast, categories=frozenset({"violence"})) == "ad"
    assert matching(cast, categories=frozenset({"assault"})) == "a"
    assert matching(cast, categories=frozenset({"damage", "assault"})) == "ab"
    assert matching(cast) == "abcde"


def test_a_category_without_types_has_no_incidents(cast: Cast) -> None:
    world.source(cast.municipality, "vakter")
    world.category(cast.ekby, "empty")
    put(cast, incident("a"))
    assert matching(cast, categories=frozenset({"empty"})) == ""


def test_an_unknown_category_area_or_place_is_an_error_at_its_field(cast: Cast) -> None:
    for filters, field in (
        (EventFilter(categories=frozenset({"finns-inte"})), "category"),
        (EventFilter(areas=frozenset({987})), "area"),
        (EventFilter(place=987), "place"),
    ):
        with pytest.raises(UserError) as caught:
            resolve(cast.ekby, filters)
        assert caught.value.field == field
        assert "{" not in caught.value.message


def test_an_area_is_its_code_in_any_version_of_its_set(cast: Cast) -> None:
    world.source(cast.municipality, "vakter")
    old = world.area_version(cast.municipality, "basomraden", "NS", number=1)
    new = world.area_version(cast.municipality, "basomraden", "NS", number=2)
    column = f"area_{new.area_set_id}"
    north_then, north_now = (Area.objects.get(version=version, code="N").pk for version in (old, new))
    south_now = Area.objects.get(version=new, code="S").pk
    put(
        cast,
        incident("a", **{column: north_then}),
        incident("b", **{column: north_now}),
        incident("c", **{column: south_now}),
        incident("d", **{column: None}),
    )
    assert matching(cast, areas=frozenset({north_now})) == "ab"
    assert matching(cast, areas=frozenset({north_then})) == "ab"
    assert matching(cast, areas=frozenset({north_now, south_now})) == "abc"


def test_areas_of_two_sets_are_either_or(cast: Cast) -> None:
    world.source(cast.municipality, "vakter")
    fine, coarse = world.area_version(cast.municipality, "fin", "N"), world.area_version(cast.municipality, "grov", "X")
    put(
        cast,
        incident("a", **{f"area_{fine.area_set_id}": fine.areas.get().pk}),
        incident("b", **{f"area_{coarse.area_set_id}": coarse.areas.get().pk}),
        incident("c"),
    )
    assert matching(cast, areas=frozenset({fine.areas.get().pk, coarse.areas.get().pk})) == "ab"


def test_an_area_the_stored_version_knows_nothing_of_is_empty(cast: Cast) -> None:
    world.source(cast.municipality, "vakter")
    put(cast, incident("a"))
    version = world.area_version(cast.municipality, "senare", "N")
    assert matching(cast, areas=frozenset({version.areas.get().pk})) == ""


def test_an_area_of_another_collaboration_is_unknown(cast: Cast) -> None:
    version = world.area_version(cast.cecilia.organisation, "basomraden", "N")
    with pytest.raises(UserError):
        resolve(cast.ekby, EventFilter(areas=frozenset({version.areas.get().pk})))


def place(cast: Cast, **fields: object) -> Place:
    square = shapely.box(0, 0, 100, 100)
    return Place.objects.create(
        collaboration=cast.ekby,
        owner=cast.municipality,
        name="Torget",
        **{"shape": Shape.POLYGON, "geometry": shapely.to_wkb(square), "x": 50, "y": 50, **fields},
    )


def test_a_place_holds_the_points_inside_and_on_its_edge_only(cast: Cast) -> None:
    world.source(cast.municipality, "vakter")
    put(
        cast,
        incident("a", x=50.0, y=50.0),
        incident("b", x=100.0, y=50.0),
        incident("c", x=100.1, y=50.0),
        incident("d", x=50.0, y=50.0, precision="municipality"),
        incident("e", x=None, y=None, precision="none"),
        incident("f", x=50.0, y=50.0, precision="street"),
    )
    assert matching(cast, place=place(cast).pk) == "abf"


def test_a_place_with_radius_is_a_circle(cast: Cast) -> None:
    world.source(cast.municipality, "vakter")
    put(cast, incident("a", x=30.0, y=40.0), incident("b", x=30.1, y=40.0), incident("c", x=-49.0, y=-49.0))
    circle = place(cast, shape=Shape.CIRCLE, radius_m=50.0, x=0, y=0)
    assert matching(cast, place=circle.pk) == "a"


def test_points_are_exact_or_street_with_coordinates(cast: Cast) -> None:
    world.source(cast.municipality, "vakter")
    put(
        cast,
        incident("a"),
        incident("b", precision="street"),
        incident("c", precision="area"),
        incident("d", precision="municipality"),
        incident("e", x=None, y=None),
    )
    assert ids(point_events(events(cast.ekby, EventFilter()))) == "ab"


def test_only_sources_the_member_may_see_count(cast: Cast) -> None:
    world.source(cast.municipality, "vakter")
    world.source(cast.police, "polisen", sharing=SharingLevel.OWN)
    put(cast, incident("a"))
    put(cast, incident("b"), source="polisen")
    assert ids(events(cast.ekby, EventFilter(), membership=cast.eva)) == "ab"
    assert ids(events(cast.ekby, EventFilter(), membership=cast.anna)) == "a"
    assert ids(events(cast.ekby, EventFilter(sources=frozenset({"polisen"})), membership=cast.anna)) == ""
    assert [each.slug for each in visible_sources(cast.ekby, cast.anna)] == ["vakter"]


def test_a_place_the_member_may_not_see_is_unknown_to_her(cast: Cast) -> None:
    secret = place(cast, sharing=SharingLevel.OWN)
    with pytest.raises(UserError):
        resolve(cast.ekby, EventFilter(place=secret.pk), membership=cast.eva)
    assert resolve(cast.ekby, EventFilter(place=secret.pk), membership=cast.anna).place


def test_a_question_is_settled_in_at_most_five_queries(cast: Cast, django_assert_max_num_queries) -> None:
    version = world.area_version(cast.municipality, "basomraden", "NS")
    filters = EventFilter(areas=frozenset(version.areas.values_list("pk", flat=True)), place=place(cast).pk)
    with django_assert_max_num_queries(5):
        resolve(cast.ekby, filters, membership=cast.anna)


def test_a_saved_question_gives_the_same_answer_when_the_world_has_moved_on(cast: Cast) -> None:
    vakter = world.source(cast.municipality, "vakter")
    damage = world.category(cast.ekby, "damage", None, (vakter, "Klotter"))
    put(cast, incident("a", source_type="Klotter", x=1.0, y=1.0), incident("b", source_type="Bråk", x=1.0, y=1.0))
    square = place(cast)
    question = resolve(cast.ekby, EventFilter(categories=frozenset({"damage"}), place=square.pk))
    version = IncidentStore("ekby").version()
    saved = json.loads(json.dumps(question.to_dict()))

    vakter.type_mappings.all().delete()
    damage.delete()
    square.delete()
    put(cast, incident("c", source_type="Klotter", x=1.0, y=1.0))

    again = Question.from_dict(saved)
    assert again.digest() == question.digest()
    assert ids(again.events(version)) == "a"


def test_caveats_follow_sources_and_categories_up_the_tree(cast: Cast) -> None:
    vakter, polisen = world.source(cast.municipality, "vakter"), world.source(cast.police, "polisen", sharing="own")
    violence = world.category(cast.ekby, "violence")
    assault = world.category(cast.ekby, "assault", violence)
    damage = world.category(cast.ekby, "damage")
    for text, about in {
        "källan": {"source": vakter},
        "dold": {"source": polisen},
        "våld": {"category": violence},
        "misshandel": {"category": assault, "text_en": "assault"},
        "skada": {"category": damage},
        "förr": {"category": assault, "to_on": date(2010, 1, 1)},
        "sedan": {"category": assault, "from_on": date(2030, 1, 1)},
    }.items():
        Caveat.objects.create(collaboration=cast.ekby, text=text, **about)

    def texts(**filters: object) -> list[str]:
        question = resolve(cast.ekby, EventFilter(**filters), membership=cast.anna)
        return [caveat.text for caveat in caveats_for(question, cast.ekby)]

    period = {"from_on": date(2020, 1, 1), "to_on": date(2021, 1, 1)}
    assert texts(categories=frozenset({"assault"}), **period) == ["källan", "våld", "misshandel"]
    assert texts(categories=frozenset({"violence"}), **period) == ["källan", "våld", "misshandel"]
    assert texts(categories=frozenset({"damage"}), **period) == ["källan", "skada"]
    assert texts() == ["källan", "våld", "misshandel", "skada", "förr", "sedan"]


TREE = CategoryMapping(
    tuple(
        CategoryNode(code, code, "", parent, "mixed")
        for code, parent in (("a", None), ("b", "a"), ("c", "b"), ("d", None))
    ),
    (("s", "x", "b"), ("s", "y", "c"), ("s", "z", "d")),
)


@pytest.mark.one_database
def test_the_tree_goes_up_and_down() -> None:
    assert TREE.below(["b"]) == {"b", "c"}
    assert TREE.above(["c"]) == {"a", "b"}
    assert [(node.code, depth) for node, depth in TREE.in_order()] == [("a", 0), ("b", 1), ("c", 2), ("d", 0)]
    assert TREE.unknown(["a", "q"]) == ["q"]


@pytest.mark.one_database
def test_counts_are_rolled_up_and_unmapped_types_have_no_category() -> None:
    counted = (
        TREE.with_category(
            pl.LazyFrame({"source": ["s", "s", "s", "s", "t"], "source_type": ["x", "y", "y", "okänd", "x"]})
        )
        .group_by("category")
        .agg(n=pl.len())
        .collect()
    )
    assert TREE.rolled_up(counted) == {"a": 3, "b": 3, "c": 2, "d": 0}
    assert counted.filter(pl.col("category").is_null())["n"].item() == 2


@pytest.mark.one_database
def test_the_digest_does_not_depend_on_the_order_of_the_pairs() -> None:
    assert CategoryMapping(TREE.nodes, TREE.pairs[::-1]).digest() == TREE.digest()
    assert CategoryMapping(TREE.nodes, TREE.pairs[1:]).digest() != TREE.digest()


@pytest.mark.one_database
def test_a_polygon_with_a_hole_leaves_out_the_hole() -> None:
    ring = shapely.box(0, 0, 10, 10).difference(shapely.box(4, 4, 6, 6))
    shape = PlaceShape("ring", 5, 5, None, shapely.to_wkb(ring, hex=True))
    points = pl.LazyFrame({"x": [5.0, 4.0, 1.0, None, 11.0], "y": [5.0, 5.0, 1.0, 1.0, 5.0]})
    assert points.filter(shape.condition()).collect()["x"].to_list() == [4.0, 1.0]
