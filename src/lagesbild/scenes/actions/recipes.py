"""How an index is made: a changed recipe is a new row, so that older values keep the one that made them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Organisation, User
from lagesbild.core import audit, clock
from lagesbild.core.errors import UserError
from lagesbild.scenes.counting import Spec
from lagesbild.scenes.index import Part
from lagesbild.scenes.models import IndexRecipe, Scene


@transaction.atomic
def record_recipe(
    owner: Organisation,
    scene: Scene,
    indicator: int,
    parts: Sequence[dict[str, Any]],
    *,
    actor: User | None,
    note: str = "",
) -> IndexRecipe:
    """Say how the index of an indicator of a scene is made from now on.

    Raises:
        UserError: a weight is not positive, or a scale has no length.
    """
    try:
        for part in parts:
            Part("", part["weight"], part["zero_at"], part["hundred_at"])
            Spec.of_part(part)
    except ValueError as error:
        message = _("Each weight must be more than 0, and each scale must have two different ends.")
        raise UserError("scenes.recipe_wrong", message, "parts") from error
    recipe = IndexRecipe.objects.create(
        collaboration_id=owner.collaboration_id,
        owner=owner,
        scene=scene,
        indicator=indicator,
        parts=list(parts),
        note=note,
        recorded_at=clock.now(),
    )
    slug = owner.collaboration.slug
    audit.record("scenes.recipe_recorded", scene, actor=actor, collaboration=slug, indicator=indicator)
    return recipe
