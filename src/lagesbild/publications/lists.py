"""Lists in a report that rest on no indicator: documents, forums, actions, matters, proposals."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count
from django.urls import NoReverseMatch, reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lagesbild.accounts.access import visible_to
from lagesbild.accounts.models import Membership
from lagesbild.cooperation.models import Action, ActionState, Forum, Matter, MatterState
from lagesbild.goals import queries
from lagesbild.publications.content import Block, bullets, paragraph, span, table
from lagesbild.publications.references import Reference, unknown

ACTION_CAPTIONS = {
    "done": gettext_lazy("Actions carried out"),
    "open": gettext_lazy("Actions planned and under way"),
    "written-off": gettext_lazy("Actions written off"),
    "all": gettext_lazy("Actions"),
}


def documents(membership: Membership) -> list[Block]:
    """The governing documents, by level."""
    found = list(queries.documents_of(membership))
    items = [[span(f"{each.get_level_display()}: {each.title}")] for each in found]
    return [bullets(*items)] if items else []


def forums(membership: Membership) -> list[Block]:
    """The forums with level, rhythm, convenor and number of parties."""
    found = Forum.objects.filter(visible_to(membership), retired_on=None)
    counted = found.select_related("convenor__organisation").annotate(n=Count("members__organisation", distinct=True))
    rows = [
        [
            span(each.name, reverse("cooperation:forum", args=[membership.collaboration.slug, each.slug])),
            span(str(each.get_level_display())),
            span(each.rhythm_text or "–"),
            span(str(each.convenor)),
            span(str(each.n), reverse("cooperation:forum", args=[membership.collaboration.slug, each.slug])),
        ]
        for each in counted
    ]
    if not rows:
        return []
    header = [_("Forum"), _("Level"), _("Rhythm"), _("Convenor"), _("Parties")]
    return [table(_("Forums"), header, rows, numeric=[False, False, False, False, True])]


def actions(membership: Membership, year: int, reference: Reference) -> list[Block]:
    """The actions of the plan: done, open, written-off or all."""
    which = reference.arguments[0] if reference.arguments else "all"
    states = {
        "done": [ActionState.DONE],
        "open": [ActionState.PLANNED, ActionState.ONGOING],
        "written-off": [ActionState.WRITTEN_OFF],
        "all": list(ActionState),
    }
    if which not in states:
        raise unknown(reference, _("actions are done, open, written-off or all"))
    found = Action.objects.filter(visible_to(membership), state__in=states[which]).select_related("responsible")
    if which in ("done", "written-off"):
        found = found.filter(ended_on__lte=date(year, 12, 31))
    rows = [
        [
            span(each.title, address("cooperation:action", membership.collaboration.slug, each.number)),
            span(each.responsible.name),
            span(str((each.ended_on or each.due_on) or "–")),
            span(str(each.get_state_display())),
        ]
        for each in found
    ]
    if not rows:
        return [paragraph(span(_("No actions.")))]
    header = [_("Action"), _("Responsible"), _("Ended or due"), _("State")]
    return [table(str(ACTION_CAPTIONS[which]), header, rows, numeric=[False] * 4)]


def matters(membership: Membership, year: int) -> list[Block]:
    """How many matters were raised until the end of the year, by state."""
    counts: dict[str, int] = dict(
        Matter.objects.filter(visible_to(membership), raised_at__year__lte=year)
        .values_list("state")
        .annotate(n=Count("pk"))
    )
    if not counts:
        return [paragraph(span(_("No matters had been raised until the end of {year}.").format(year=year)))]
    path = reverse("cooperation:matters", args=[membership.collaboration.slug])
    rows = [
        [span(str(state.label)), span(number_format(counts.get(state.value, 0)), f"{path}?state={state.value}")]
        for state in MatterState
    ]
    return [
        table(
            _("Matters raised until the end of the year, by state"),
            [_("State"), _("Count")],
            rows,
            numeric=[False, True],
        )
    ]


def proposals(membership: Membership, year: int, reference: Reference) -> list[Block]:
    """The proposals for development of a year, of this one, or of the one before."""
    which = reference.arguments[0] if reference.arguments else str(year)
    asked = year - 1 if which == "before" else int(which) if which.isdecimal() else 0
    found = list(queries.proposals_of(membership, asked))
    if not found:
        return [paragraph(span(_("There are no proposals from {year}.").format(year=asked)))]
    path = reverse("goals:proposals", args=[membership.collaboration.slug])
    rows = [
        [
            span(f"{each.number}. {each.text}", path),
            span(each.heading),
            span(each.holder.name if each.holder else "–"),
            span(str(each.get_state_display())),
            span(each.decision or "–", path if each.decision else ""),
        ]
        for each in found
    ]
    header = [_("Proposal"), _("Part"), _("Holder"), _("State"), _("Decision")]
    kept = [at for at in range(5) if at < 2 or any(row[at]["text"] != "–" for row in rows)]  # no columns of dashes
    return [
        table(
            _("Proposals from {year}").format(year=asked),
            [header[at] for at in kept],
            [[row[at] for at in kept] for row in rows],
            numeric=[False] * len(kept),
        )
    ]


def address(name: str, *arguments: Any) -> str:
    """The address, or nothing where the page does not exist."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""
