"""The seven indicators of an open drug scene, in the words of the handbook, and where an answer usually comes from."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lagesbild.scenes.rule import Answer, Grade, Result


@dataclass(frozen=True)
class SceneIndicator:
    """One statement about a place. ``usual_source`` is what one looks at first (after Ö 11.2 and V)."""

    number: int
    statement: str | Promise
    usual_source: str | Promise


INDICATORS: tuple[SceneIndicator, ...] = (
    SceneIndicator(
        1,
        _("The place causes unease or inconvenience for the public."),
        _("Safety survey: the share disturbed by drug users in public places; reports of disorder."),
    ),
    SceneIndicator(
        2,
        _("The place is felt to be unsafe."),
        _("Safety survey: the share who feel unsafe; safety walks; staff at the place."),
    ),
    SceneIndicator(
        3,
        _("The place is a hot spot for crime."),
        _("Reported crime and incidents at the place, held against the rest of the area."),
    ),
    SceneIndicator(
        4,
        _("The place attracts new users and other vulnerable groups."),
        _("Outreach workers' contacts; where those who come live; counts of new contacts."),
    ),
    SceneIndicator(
        5,
        _("Young people are advised against being at the place."),
        _("Interviews by function: schools, outreach workers, social services."),
    ),
    SceneIndicator(
        6,
        _("The public avoid the place."),
        _("Safety survey: the share who avoid particular places; counts of passers-by."),
    ),
    SceneIndicator(
        7,
        _("The place is an informal zone of tolerance for deviant behaviour."),
        _("Interviews by function; reports of open sale and use; safety walks."),
    ),
)

ANSWERS: dict[str, str | Promise] = {
    Answer.YES: pgettext_lazy("indicator", "Yes"),
    Answer.PARTLY: pgettext_lazy("indicator", "Partly"),
    Answer.NO: pgettext_lazy("indicator", "No"),
    Answer.UNKNOWN: pgettext_lazy("indicator", "Unknown"),
}

GRADES: dict[str, str | Promise] = {
    Grade.BELOW: _("Fewer than five indicators"),
    Grade.SERIOUS: _("Serious open drug scene"),
    Grade.ALL: _("All seven: qualified open drug scene"),
}


def result_text(result: Result) -> str:
    """The grade in words; both ends where what is unknown decides."""
    low, high = str(GRADES[result.low]), str(GRADES[result.high])
    return low if low == high else str(_("Undecided: {low} – {high}")).format(low=low, high=high)


def count_text(result: Result) -> str:
    """How many of the seven hold: "7", or "4–6" where some are unknown."""
    return str(result.n_yes) if not result.n_unknown else f"{result.n_yes}–{result.n_most}"
