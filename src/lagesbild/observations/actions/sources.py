"""Sources, the category tree, what is mapped to it, and the reservations that follow the figures."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Collaboration, Organisation, SharingLevel, User
from lagesbild.core import audit, clock
from lagesbild.core.errors import UserError
from lagesbild.observations.importing import Mapping
from lagesbild.observations.models import Category, Caveat, Detection, Source, TypeMapping

OPEN_LEVELS = (SharingLevel.PARTNERS, SharingLevel.PUBLIC)


@transaction.atomic
def ensure_source(
    owner: Organisation,
    slug: str,
    *,
    name: str,
    actor: User | None,
    is_exercise: bool = False,
    sharing: str = SharingLevel.PARTNERS,
    mapping: Mapping | None = None,
) -> Source:
    """The source with this slug in the owner's collaboration, made if it does not exist."""
    if slugify(slug) != slug or not slug:
        raise UserError("sources.slug_refused", _('"{slug}" cannot be the short name of a source.'), slug=slug)
    source, made = Source.objects.get_or_create(
        collaboration=owner.collaboration,
        slug=slug,
        defaults={
            "owner": owner,
            "name": name,
            "is_exercise": is_exercise,
            "sharing": sharing,
            "mapping": mapping.to_dict() if mapping else {},
            "created_at": clock.now(),
        },
    )
    if made:
        audit.record("sources.created", source, actor=actor, collaboration=owner.collaboration.slug)
    return source


@transaction.atomic
def create_source(
    owner: Organisation,
    *,
    name: str,
    actor: User | None,
    sharing: str = SharingLevel.PARTNERS,
    is_exercise: bool = False,
) -> Source:
    """A new source with a short name of its own. Raises `UserError` if the name is taken."""
    slug = slugify(name)[:55].strip("-")
    existing = Source.objects.filter(Q(slug=slug) | Q(name__iexact=name), collaboration=owner.collaboration).first()
    if existing is not None and (existing.owner_id == owner.pk or existing.sharing in OPEN_LEVELS):
        raise UserError("sources.name_taken", _('There is already a source called "{name}".'), field="name", name=name)
    if existing is not None or not slug:  # what one may not see must not be told by a refusal
        slug = f"{slug or 'source'}-{Source.objects.filter(collaboration=owner.collaboration).count() + 1}"
    return ensure_source(owner, slug, name=name, sharing=sharing, is_exercise=is_exercise, actor=actor)


@transaction.atomic
def save_mapping(source: Source, mapping: AnyMapping[str, object], *, actor: User | None) -> None:
    """Remember how the files of the source are read, for the next time."""
    changed = Source.objects.filter(pk=source.pk).exclude(mapping=mapping).update(mapping=mapping)
    if changed:
        audit.record("sources.mapping_saved", source, actor=actor, collaboration=source.collaboration.slug)


@transaction.atomic
def ensure_category(
    collaboration: Collaboration,
    code: str,
    *,
    name: str,
    actor: User | None,
    name_en: str = "",
    parent: str | None = None,
    detection: str = Detection.MIXED,
    order: int | None = None,
) -> Category:
    """The category with this code, made (last among its likes) if it does not exist. ``parent`` is a code."""
    above = _category(collaboration, parent) if parent else None
    category, made = Category.objects.get_or_create(
        collaboration=collaboration,
        code=code,
        defaults={
            "name": name,
            "name_en": name_en,
            "parent": above,
            "detection": detection,
            "order": Category.objects.filter(collaboration=collaboration).count() if order is None else order,
        },
    )
    if made:
        audit.record("categories.created", category, actor=actor, collaboration=collaboration.slug)
    return category


def map_type(source: Source, source_type: str, category: str, *, actor: User | None) -> None:
    """Have a type of the source count in a category (by code)."""
    map_types(source, {source_type: category}, actor=actor)


@transaction.atomic
def map_types(source: Source, types: AnyMapping[str, str | None], *, actor: User | None) -> int:
    """Have types of the source count in categories (by code), or in none; how many changed.

    Nothing in the store changes: the mapping is applied when counting.
    """
    categories = {each.code: each for each in Category.objects.filter(collaboration=source.collaboration_id)}
    for code in types.values():
        if code is not None and code not in categories:
            raise _unknown_category(code)
    stored = dict(TypeMapping.objects.filter(source=source).values_list("source_type", "category__code"))
    changed = {kind: code for kind, code in types.items() if stored.get(kind) != code}
    TypeMapping.objects.filter(
        source=source, source_type__in=[k for k, code in changed.items() if code is None]
    ).delete()
    TypeMapping.objects.bulk_create(
        [
            TypeMapping(source=source, source_type=kind, category=categories[code])
            for kind, code in changed.items()
            if code is not None
        ],
        update_conflicts=True,
        unique_fields=["source", "source_type"],
        update_fields=["category"],
    )
    if changed:
        audit.record("types.mapped", source, actor=actor, collaboration=source.collaboration.slug, types=changed)
    return len(changed)


@transaction.atomic
def ensure_caveat(
    collaboration: Collaboration,
    *,
    text: str,
    actor: User | None,
    text_en: str = "",
    category: str | None = None,
    source: Source | None = None,
    from_on: date | None = None,
    to_on: date | None = None,
    citation: str = "",
) -> Caveat:
    """A reservation about a category (by code), a source or both; made if there is none with this text."""
    about = _category(collaboration, category) if category else None
    caveat, made = Caveat.objects.get_or_create(
        collaboration=collaboration,
        category=about,
        source=source,
        text=text,
        defaults={"text_en": text_en, "from_on": from_on, "to_on": to_on, "citation": citation},
    )
    if made:
        audit.record("caveats.created", caveat, actor=actor, collaboration=collaboration.slug)
    return caveat


def _category(collaboration: Collaboration, code: str) -> Category:
    category = Category.objects.filter(collaboration=collaboration, code=code).first()
    if category is None:
        raise _unknown_category(code)
    return category


def _unknown_category(code: str) -> UserError:
    return UserError("categories.unknown", _('There is no category "{category}".'), field="category", category=code)
