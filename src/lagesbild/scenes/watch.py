"""Which places stand out, by which rule and why. Rules point; people decide what it means.

`written` asks the database; what asks the picture and the incident store takes longer and stands in
``watch_computed.py``. The key of a finding is what the rule saw: when it sees something new, a dismissed place stands
on the list again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Min, Q
from django.urls import reverse
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lagesbild.accounts.access import visible_to
from lagesbild.accounts.models import Membership
from lagesbild.actors.models import Promise, PromiseStatus
from lagesbild.cooperation.models import Matter
from lagesbild.cooperation.models.matters import OPEN
from lagesbild.core import clock
from lagesbild.scenes.models import Scene, WatchDismissal
from lagesbild.scenes.queries import latest_two, result_of, scenes_of

MANY_MATTERS = 5  # open at one place at the same time: more than one meeting takes up


class Rule(StrEnum):
    """The rules, in the order in which they are told."""

    ALARM = "alarm"
    HOT_SPOT = "hot_spot"
    RISING = "rising"
    INDEX = "index"
    MATTERS = "matters"
    PROMISE = "promise"


RULES: dict[str, str | Lazy] = {
    Rule.ALARM: gettext_lazy("Alarm: more incidents than its own past lets one expect"),
    Rule.HOT_SPOT: gettext_lazy("New hot spot"),
    Rule.RISING: gettext_lazy("More indicators of an open drug scene than before"),
    Rule.INDEX: gettext_lazy("Rising index of an open drug scene"),
    Rule.MATTERS: gettext_lazy("Many open matters"),
    Rule.PROMISE: gettext_lazy("A promise that is not kept"),
}


@dataclass(frozen=True)
class Finding:
    """One rule that points at one place; ``why`` has the numbers and ``source`` says where they come from."""

    place: int
    name: str
    rule: Rule
    key: str
    why: str
    path: str
    source: str = ""
    is_exercise: bool = False

    @property
    def rule_name(self) -> str:
        """The rule in words."""
        return str(RULES[self.rule])


@dataclass(frozen=True)
class Watched:
    """A place with every rule that points at it."""

    place: int
    name: str
    findings: tuple[Finding, ...]


def written(membership: Membership) -> list[Finding]:
    """What the records say. Four queries."""
    return [*_rising(membership), *_many_matters(membership), *_failing_promises(membership)]


def by_place(found: Iterable[Finding], dismissed: set[tuple[int, str]]) -> list[Watched]:
    """The places that still stand out, those with most rules first."""
    places: dict[int, list[Finding]] = defaultdict(list)
    for each in found:
        if (each.place, each.key) not in dismissed:
            places[each.place].append(each)
    order = list(Rule)
    rows = [
        Watched(place, each[0].name, tuple(sorted(each, key=lambda one: order.index(one.rule))))
        for place, each in places.items()
    ]
    return sorted(rows, key=lambda row: (-len(row.findings), row.name))


def dismissals(membership: Membership) -> list[WatchDismissal]:
    """What was taken from the list, newest first."""
    rows = WatchDismissal.objects.filter(visible_to(membership)).select_related("place", "owner")
    return list(rows.defer("place__geometry", "place__drawing"))


def _rising(membership: Membership) -> list[Finding]:
    present = scenes_of(membership).filter(ended_on=None, place__isnull=False)
    scenes: dict[int, Scene] = {scene.pk: scene for scene in present}
    found = []
    for pk, (newest, before) in latest_two(scenes.values()).items():
        now, then = result_of(newest), result_of(before)
        scene = scenes[pk]
        if now.n_yes > then.n_yes and scene.place is not None:
            words = {"before": then.n_yes, "then": before.year, "n": now.n_yes, "year": newest.year}
            why = _("{before} of 7 in {then}, {n} of 7 in {year}.").format(**words)
            path = f"{reverse('scenes:scene', args=[membership.collaboration.slug, pk])}#assessment-{newest.pk}"
            source = newest.source or newest.organisation.name
            key = f"rising:{newest.pk}"
            found.append(Finding(scene.place.pk, scene.place.name, Rule.RISING, key, why, path, source))
    return found


def _many_matters(membership: Membership) -> list[Finding]:
    rows = (
        Matter.objects.filter(visible_to(membership), state__in=OPEN, place__isnull=False)
        .values("place", "place__name")
        .annotate(
            n=Count("pk"), newest=Max("number"), oldest=Min("raised_at"), n_exercise=Count("pk", Q(is_exercise=True))
        )
        .filter(n__gte=MANY_MATTERS)
        .order_by("place")
    )
    path = reverse("cooperation:matters", args=[membership.collaboration.slug])
    zone = ZoneInfo(membership.collaboration.time_zone)
    return [
        Finding(
            row["place"],
            row["place__name"],
            Rule.MATTERS,
            f"matters:{row['newest']}",
            _("{n} matters are open here, the oldest since {day}.").format(
                n=row["n"], day=row["oldest"].astimezone(zone).date()
            ),
            f"{path}?place={row['place']}",
            _("Matters that you may see"),
            bool(row["n_exercise"]),
        )
        for row in rows
    ]


def _failing_promises(membership: Membership) -> list[Finding]:
    today = clock.today(membership.collaboration.time_zone)
    failing = Q(status=PromiseStatus.BROKEN) | (Q(due_on__lt=today) & ~Q(status=PromiseStatus.KEPT))
    rows = Promise.objects.filter(visible_to(membership), failing, place__isnull=False)
    path = reverse("actors:promises", args=[membership.collaboration.slug])
    return [
        Finding(
            each.place.pk,
            each.place.name,
            Rule.PROMISE,
            f"promise:{each.pk}:{each.status}",
            _why_failing(each, today),
            path,
            each.source or each.owner.name,
            each.is_exercise,
        )
        for each in rows.select_related("place", "owner").defer("place__geometry", "place__drawing")
        if each.place is not None
    ]


def _why_failing(promise: Promise, today: date) -> str:
    about = {"promise": promise.text, "status": promise.get_status_display(), "due": promise.due_on}
    if promise.due_on is None or promise.due_on >= today:
        return _("{promise} Status: {status}.").format(**about)
    return _("{promise} Due {due}, {days} days ago. Status: {status}.").format(
        **about, days=(today - promise.due_on).days
    )
