"""Builders for tests of observations: sources, categories and stored incidents of Ekby."""

from __future__ import annotations

from datetime import UTC, datetime

from lagesbild.accounts.models import Collaboration, Organisation, SharingLevel
from lagesbild.core import clock
from lagesbild.observations.models import Category, Detection, Source, TypeMapping
from lagesbild.places.models import Area, AreaSet, AreaSetVersion

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def source(owner: Organisation, slug: str, *, sharing: str = SharingLevel.PARTNERS, exercise: bool = False) -> Source:
    return Source.objects.create(
        collaboration=owner.collaboration,
        owner=owner,
        slug=slug,
        name=slug.title(),
        sharing=sharing,
        is_exercise=exercise,
        created_at=clock.now(),
    )


def category(
    collaboration: Collaboration, code: str, parent: Category | None = None, *types: tuple[Source, str]
) -> Category:
    made = Category.objects.create(
        collaboration=collaboration, code=code, name=code.title(), parent=parent, detection=Detection.MIXED
    )
    for each, source_type in types:
        TypeMapping.objects.create(source=each, source_type=source_type, category=made)
    return made


def area_version(owner: Organisation, slug: str, codes: str, *, number: int = 1) -> AreaSetVersion:
    """A version of an area set with one area for each letter of ``codes``; their geometry is not used here."""
    area_set, _ = AreaSet.objects.get_or_create(
        collaboration=owner.collaboration, slug=slug, defaults={"owner": owner, "name": slug}
    )
    version = AreaSetVersion.objects.create(
        area_set=area_set, number=number, source="prov", imported_crs="EPSG:3006", imported_at=clock.now()
    )
    for code in codes:
        Area.objects.create(
            version=version,
            code=code,
            name=f"Område {code}",
            geometry=b"",
            **dict.fromkeys(("min_x", "min_y", "max_x", "max_y", "label_x", "label_y", "area_m2"), 0.0),
        )
    return version
