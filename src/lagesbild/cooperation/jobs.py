"""Work that nobody waits for: meetings made ahead, the question "is it fixed?", and word of what is due."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from lagesbild.accounts.queries import collaborations
from lagesbild.cooperation.actions.asking import ask
from lagesbild.cooperation.actions.meetings import plan_ahead
from lagesbild.cooperation.actions.reminding import remind
from lagesbild.cooperation.queries.matters import matters_to_ask
from lagesbild.cooperation.queries.meetings import forums_to_plan
from lagesbild.cooperation.queries.plan import to_remind
from lagesbild.core import clock, jobs, periodic
from lagesbild.core.models import Job


@jobs.handler("meetings.plan")
def plan_meetings(_job: Job, _progress: jobs.Progress) -> dict[str, Any]:
    """Make the meetings of the coming eight weeks that are missing. Running twice makes none twice."""
    made = {each.slug: plan_ahead(each, forums_to_plan(each), actor=None) for each in collaborations()}
    return {"made": {slug: n for slug, n in made.items() if n}}


periodic.register("meetings.plan", every=timedelta(hours=6))


@jobs.handler("matters.ask")
def ask_raisers(_job: Job, progress: jobs.Progress) -> dict[str, Any]:
    """Ask those who raised matters whether they are fixed, where it is time. Running twice asks nobody twice."""
    due, asked = matters_to_ask(), 0
    for done, matter in enumerate(due):
        asked += ask(matter)
        progress(done + 1, len(due))
    return {"matters": len(due), "asked": asked}


periodic.register("matters.ask", every=timedelta(hours=6))


@jobs.handler("actions.remind")
def remind_of_actions(_job: Job, _progress: jobs.Progress) -> dict[str, Any]:
    """Tell of what is due within a week, and of what is overdue. Running twice tells nobody twice."""
    told = {
        each.slug: sum(remind(action, clock.today(each.time_zone)) for action in to_remind(each))
        for each in collaborations()
    }
    return {"told": {slug: n for slug, n in told.items() if n}}


periodic.register("actions.remind", every=timedelta(hours=6))
