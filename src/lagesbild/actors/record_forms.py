"""The plain editors: which fields of which record, and how they are called."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lagesbild.actors.forms import MandateFields, RecordForm, SharedForm, _check_period
from lagesbild.actors.models import (
    ActorProfile,
    Agreement,
    CaseRoute,
    Commitment,
    Communication,
    Contact,
    FunctionProfile,
    Interview,
    Promise,
    PromiseProgress,
    ResponsibilityEntry,
    Training,
)


class ActorForm(SharedForm):
    """What an organisation says of itself."""

    model = ActorProfile
    labels = {
        "mission": _("Mission"),
        "limits": _("Where the mandate ends"),
        "is_party": _("Takes part in the collaboration"),
        "source": _("Source"),
    }


class FunctionForm(MandateFields, SharedForm):
    """What a function does, for whom, and where its mandate ends."""

    model = FunctionProfile
    labels = {
        "task": _("Task"),
        "limits": _("Where the mandate ends"),
        "min_age": _("From age"),
        "max_age": _("To age"),
        "home_municipality": _("Only residents of"),
        "needs_zone": _("May act only in its zones"),
        "source": _("Source"),
    }
    helps = {"home_municipality": _("Leave empty if everybody is met, wherever they live.")}

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        low, high = values.get("min_age"), values.get("max_age")
        if low is not None and high is not None and high < low:
            self.add_error("max_age", _("The higher age must not be below the lower."))
        return values


class ContactForm(RecordForm):
    """A way to reach a function, which is nobody's own."""

    model = Contact
    labels = {"channel": _("Channel"), "value": _("Number or address"), "note": _("Note")}
    is_function = forms.BooleanField(
        label=_("It belongs to the function, not to a private person"),
        error_messages={"required": _("Only contacts of functions are kept. Confirm that this is one.")},
    )


class RouteForm(SharedForm):
    """A route for individual cases."""

    model = CaseRoute
    labels = {
        "name": _("Short name"),
        "full_name": _("Full name"),
        "description": _("When it is used, and by whom"),
        "source": _("Source"),
    }


class ResponsibilityForm(SharedForm):
    """A line of the responsibility register."""

    model = ResponsibilityEntry
    labels = {
        "kind": _("Kind of object"),
        "organisation": _("Responsible"),
        "place": _("Place"),
        "area": _("Area"),
        "zone": _("Zone"),
        "is_private": _("Private land"),
        "valid_from": _("Holds from"),
        "valid_to": _("Until (not including)"),
        "source": _("Source"),
        "note": _("Note"),
    }
    helps = {
        "kind": _("Leave empty for all kinds."),
        "place": _("One of place, area and zone; none of them means everywhere."),
    }

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if sum(bool(values.get(name)) for name in ("place", "area", "zone")) > 1:
            self.add_error("place", _("Choose a place, an area or a zone, not several of them."))
        _check_period(self, values)
        return values


class AgreementForm(SharedForm):
    """An agreement and its parties."""

    model = Agreement
    labels = {
        "title": _("Title"),
        "parties": _("Parties"),
        "purpose": _("Purpose"),
        "goals": _("Goals"),
        "valid_from": _("Holds from"),
        "valid_to": _("Until (not including)"),
        "funded_to": _("Money settled until"),
        "remind_days": _("Remind this many days before the end"),
        "source": _("Source"),
    }

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        _check_period(self, values)
        return values


class CommitmentForm(RecordForm):
    """What one party takes upon itself, and how it stands."""

    model = Commitment
    labels = {
        "organisation": _("Party"),
        "text": _("Commitment"),
        "status": _("State"),
        "follow_up": _("Follow-up"),
        "followed_up_on": _("Followed up on"),
        "citation": _("Source"),
    }


class PromiseForm(SharedForm):
    """A promise to citizens."""

    model = Promise
    labels = {
        "text": _("Promise"),
        "place": _("Place"),
        "given_on": _("Given on"),
        "due_on": _("To be kept by"),
        "status": _("State"),
        "source": _("Source"),
    }
    helps = {"text": _("Seen by everybody when it is shared with the public.")}


class ProgressForm(RecordForm):
    """What has been done for a promise."""

    model = PromiseProgress
    labels = {"on": _("Date"), "text": _("What has been done")}


class CommunicationForm(SharedForm):
    """Something said in public, and the check of what it does to fear."""

    model = Communication
    labels = {
        "on": _("Date"),
        "channel": _("Channel"),
        "audience": _("To whom"),
        "text": _("What is said"),
        "agreed_message": _("Agreed message it rests on"),
        "about": _("Action or goal it belongs to"),
        "promise": _("Promise it belongs to"),
        "fear_check": _("Does this raise fear?"),
        "fear_reason": _("Why we think so"),
        "source": _("Source"),
    }
    helps = {
        "fear_check": _("To tell that a place is cared for may lower fear; to tell why may raise it."),
    }


class InterviewForm(SharedForm):
    """What a function says of a forum."""

    model = Interview
    labels = {
        "on": _("Date"),
        "forum": _("Forum"),
        "function": _("Function interviewed"),
        "form": _("Its form"),
        "frequency": _("How often it meets"),
        "set_up": _("Its set-up and agenda"),
        "changed": _("What changed because of this"),
        "source": _("Source"),
    }


class TrainingForm(SharedForm):
    """How many have learnt of the work; never who."""

    model = Training
    labels = {
        "on": _("Date"),
        "function": _("Function"),
        "unit": _("Unit or shift"),
        "kind": _("Kind"),
        "topic": _("Topic"),
        "n_people": _("Number of people"),
        "source": _("Source"),
    }
