"""Yes or no from the assessments of an open drug scene: one of the seven indicators, year by year.

The newest assessment of a year holds, as in the scene's own table. *Partly* is neither yes nor no and reaches no
target; *unknown* is not measured. A year that nobody has assessed is not measured, or, after the last assessed year,
still to come.
"""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lagesbild.accounts.models import Membership
from lagesbild.core.errors import UserError
from lagesbild.goals.computing.periods import Period
from lagesbild.goals.computing.registry import Computed
from lagesbild.goals.computing.registry import register as _register
from lagesbild.goals.models import Indicator, Missing
from lagesbild.scenes import queries
from lagesbild.scenes.models import Scene
from lagesbild.scenes.rule import Answer

METHOD = "assessment 1"
PARTLY = 0.5
VALUES = {Answer.YES: 1.0, Answer.PARTLY: PARTLY, Answer.NO: 0.0}


def register() -> None:
    _register("assessment", title=gettext_lazy("From the assessments of an open drug scene"), compute=compute)


def compute(membership: Membership, indicator: Indicator, period: Period) -> Computed:
    """The answer for the year in which the period begins."""
    scene = scene_of(membership, indicator)
    number = int(indicator.definition["number"])
    judged = {each.year: each for each in queries.judged_by_year(membership, [scene]) if each.indicator == number}
    year = period.from_on.year
    origin = {"scene": scene.pk, "number": number, "year": year}
    if year not in judged:
        missing = Missing.NOT_MEASURED if any(later > year for later in judged) else Missing.NOT_YET
        return Computed(None, scene.name, missing=missing, method=METHOD, origin=origin)
    holds = judged[year]
    found = Computed(
        value=VALUES.get(Answer(holds.answer)),
        source=holds.source,
        footnote=_remark(holds),
        method=METHOD,
        origin=origin | {"assessment": holds.assessment, "answer": holds.answer_key},
    )
    return found if found.value is not None else replace(found, missing=Missing.NOT_MEASURED)


def scene_of(membership: Membership, indicator: Indicator) -> Scene:
    """The scene that the definition names.

    Raises:
        UserError: it is not here, or the owner of the indicator may not see it.
    """
    found = queries.scenes_of(membership).filter(pk=indicator.definition["scene"]).first()
    if found is None:
        raise UserError("indicator.scene", gettext_lazy("The open drug scene is not here any more."), "scene")
    return found


def _remark(judged: queries.Judged) -> str:
    """What must be told beside the answer: that it is unknown, and that somebody sees it otherwise."""
    said = [_("The answer is: unknown.")] if judged.answer == Answer.UNKNOWN else []
    n = judged.n_dissents
    if n:
        said.append(ngettext("{n} party sees it otherwise.", "{n} parties see it otherwise.", n).format(n=n))
    return " ".join(said)
