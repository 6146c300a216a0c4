"""Work that nobody waits for: meetings made ahead, the question "is it fixed?", word of what is due, and sweeping."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any, TypeVar

from django.db import models

from lagesbild.accounts.queries import collaborations
from lagesbild.cooperation import evidence
from lagesbild.cooperation.actions.asking import ask
from lagesbild.cooperation.actions.meetings import plan_ahead
from lagesbild.cooperation.actions.reminding import remind
from lagesbild.cooperation.models import Action, Forum, Matter
from lagesbild.cooperation.queries.matters import matters_to_ask
from lagesbild.cooperation.queries.meetings import forums_to_plan
from lagesbild.cooperation.queries.plan import to_remind
from lagesbild.core import clock, jobs, periodic
from lagesbild.core.models import Job

logger = logging.getLogger(__name__)
Row = TypeVar("Row", bound=models.Model)


@jobs.handler("meetings.plan")
def plan_meetings(_job: Job, _progress: jobs.Progress) -> dict[str, Any]:
    """Make the meetings of the coming eight weeks that are missing. Running twice makes none twice."""
    made: Counter[str] = Counter()

    def plan(forum: Forum) -> None:
        made[forum.collaboration.slug] += plan_ahead(forum.collaboration, [forum], actor=None)

    failed = _each([forum for each in collaborations() for forum in forums_to_plan(each)], plan)
    return {"made": dict(+made), "failed": failed}


periodic.register("meetings.plan", every=timedelta(hours=6))


@jobs.handler("matters.ask")
def ask_raisers(_job: Job, progress: jobs.Progress) -> dict[str, Any]:
    """Ask those who raised matters whether they are fixed, where it is time. Running twice asks nobody twice."""
    due, asked = matters_to_ask(), Counter[str]()

    def ask_one(matter: Matter) -> None:
        asked["people"] += ask(matter)
        asked["matters"] += 1
        progress(asked["matters"], len(due))

    failed = _each(due, ask_one)
    return {"matters": len(due), "asked": asked["people"], "failed": failed}


periodic.register("matters.ask", every=timedelta(hours=6))


@jobs.handler("actions.remind")
def remind_of_actions(_job: Job, _progress: jobs.Progress) -> dict[str, Any]:
    """Tell of what is due within a week, and of what is overdue. Running twice tells nobody twice."""
    told: Counter[str] = Counter()
    due = [action for each in collaborations() for action in to_remind(each)]

    def remind_one(action: Action) -> None:
        of = action.collaboration
        told[of.slug] += remind(action, clock.today(of.time_zone))

    failed = _each(due, remind_one)
    return {"told": dict(+told), "failed": failed}


periodic.register("actions.remind", every=timedelta(hours=6))


@jobs.handler("evidence.sweep")
def sweep_evidence(_job: Job, _progress: jobs.Progress) -> dict[str, Any]:
    """Delete documents that came to nothing. Running twice deletes nothing more."""
    return {"deleted": evidence.sweep()}


periodic.register("evidence.sweep", every=timedelta(days=1))


def _each(rows: Iterable[Row], do: Callable[[Row], None]) -> int:
    """Do it with each by itself; how many failed (each is logged). What is wrong with one does not stop the others."""
    failed = 0
    for row in rows:
        try:
            do(row)
        except (jobs.JobCancelled, jobs.LeaseLost):
            raise
        except Exception:
            logger.exception("%s of %s %s failed", do.__name__, type(row).__name__, row.pk)
            failed += 1
    return failed
