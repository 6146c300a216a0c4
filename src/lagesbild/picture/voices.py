"""What the actors say of a frozen picture, side by side, and how far they agree. Plain rows in, no query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from lagesbild.picture.models import PictureComment, Stance


@dataclass(frozen=True)
class Voice:
    """What one function says now, and what it said before."""

    latest: PictureComment
    earlier: tuple[PictureComment, ...]


@dataclass(frozen=True)
class Voices:
    """One voice for each function, in order of organisation; ``summary`` tells of agreement in words."""

    voices: tuple[Voice, ...]
    summary: str
    agree: tuple[str, ...]
    partly: tuple[str, ...]
    disagree: tuple[str, ...]


def voices_of(comments: Sequence[PictureComment]) -> Voices:
    """Gathered from all comments, oldest first."""
    by_function: dict[int, list[PictureComment]] = {}
    for comment in comments:
        by_function.setdefault(comment.function_id, []).append(comment)
    found = [Voice(said[-1], tuple(reversed(said[:-1]))) for said in by_function.values()]
    found.sort(key=lambda voice: (voice.latest.function.organisation.name, voice.latest.function.name))
    stances = {stance: tuple(_name(voice) for voice in found if voice.latest.stance == stance) for stance in Stance}
    return Voices(
        voices=tuple(found),
        summary=_summary(len(found), stances),
        agree=stances[Stance.AGREES],
        partly=stances[Stance.PARTLY],
        disagree=stances[Stance.DISAGREES],
    )


def _name(voice: Voice) -> str:
    return f"{voice.latest.function.organisation.name} ({voice.latest.function.name})"


def _summary(n: int, stances: dict[Stance, tuple[str, ...]]) -> str:
    if not n:
        return gettext("Nobody has said anything yet.")
    agree, partly, disagree = (len(stances[stance]) for stance in (Stance.AGREES, Stance.PARTLY, Stance.DISAGREES))
    if agree == n:
        return ngettext(
            "{n} function has spoken and recognises the picture.",
            "All {n} functions that have spoken recognise the picture.",
            n,
        ).format(n=n)
    return gettext(
        "Of {n} functions {agree} recognise the picture, {partly} in part, and {disagree} see something else."
    ).format(n=n, agree=agree, partly=partly, disagree=disagree)
