"""The doors: from an address to a scene, a mapping round, a table of origins, a letter, a dismissal or a recipe."""

from __future__ import annotations

from django.http import Http404

from lagesbild.accounts.access import access_owned
from lagesbild.accounts.models import Membership
from lagesbild.scenes.models import (
    AssessmentAnswer,
    FeedbackLetter,
    IndexRecipe,
    MappingRound,
    OriginTable,
    Scene,
    WatchDismissal,
)


def access_scene(membership: Membership, pk: int, *, write: bool = False) -> Scene:
    """A scene with its place and owner."""
    return access_owned(membership, Scene.objects.select_related("owner", "place", "collaboration"), write=write, pk=pk)


def access_answer(membership: Membership, scene: Scene, pk: int) -> AssessmentAnswer:
    """An answer of one of the scene's assessments; whoever may see the scene may see what is said of it."""
    access_scene(membership, scene.pk)
    answer = AssessmentAnswer.objects.select_related("assessment").filter(assessment__scene=scene, pk=pk).first()
    if answer is None:
        raise Http404
    return answer


def access_mapping_round(membership: Membership, pk: int, *, write: bool = False) -> MappingRound:
    """A mapping round."""
    return access_owned(membership, MappingRound.objects.select_related("owner"), write=write, pk=pk)


def access_origin_table(membership: Membership, pk: int, *, write: bool = False) -> OriginTable:
    """A table of where people came from."""
    tables = OriginTable.objects.select_related("owner", "place", "collaboration")
    return access_owned(membership, tables, write=write, pk=pk)


def access_feedback_letter(membership: Membership, pk: int, *, write: bool = False) -> FeedbackLetter:
    """A letter with its table."""
    letters = FeedbackLetter.objects.select_related("owner", "table", "collaboration")
    return access_owned(membership, letters, write=write, pk=pk)


def access_watch_dismissal(membership: Membership, pk: int, *, write: bool = False) -> WatchDismissal:
    """What somebody took from the watch list."""
    return access_owned(membership, WatchDismissal.objects.select_related("owner", "place"), write=write, pk=pk)


def access_index_recipe(membership: Membership, pk: int, *, write: bool = False) -> IndexRecipe:
    """How an index is made."""
    return access_owned(membership, IndexRecipe.objects.select_related("owner"), write=write, pk=pk)
