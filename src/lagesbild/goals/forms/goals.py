"""Goals, judgements, proposals and governing documents as they come in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.access import visible_to
from lagesbild.accounts.models import Membership, Organisation
from lagesbild.cooperation.models import Action
from lagesbild.core.text import GuardedFormField
from lagesbild.goals.models import Goal, GoalKind, GoverningDocument, Proposal, ProposalState, Verdict


class GoalForm(forms.ModelForm[Goal]):
    """A goal. The version that was seen goes with it."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Goal
        fields = (
            "number",
            "kind",
            "parent",
            "title",
            "text",
            "responsible",
            "documents",
            "actions",
            "valid_from",
            "valid_to",
            "source",
        )
        labels = {
            "number": _("Number"),
            "kind": _("Kind"),
            "parent": _("Part of"),
            "title": _("Goal"),
            "text": _("Explanation"),
            "responsible": _("Responsible"),
            "documents": _("Governing documents it comes from"),
            "actions": _("Actions that serve it"),
            "valid_from": _("Holds from"),
            "valid_to": _("Holds until, not including"),
            "source": _("Source"),
        }
        widgets = {
            "title": forms.Textarea(attrs={"rows": 2}),
            "text": forms.Textarea(attrs={"rows": 4}),
            "kind": forms.RadioSelect(choices=GoalKind.choices),
            "documents": forms.CheckboxSelectMultiple,
            "actions": forms.SelectMultiple(attrs={"size": 8}),
            "valid_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "valid_to": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args: Any, membership: Membership, others: list[Goal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version
        parent, responsible = self.fields["parent"], self.fields["responsible"]
        assert isinstance(parent, forms.ModelChoiceField)
        assert isinstance(responsible, forms.ModelChoiceField)
        parent.queryset = Goal.objects.filter(pk__in=[each.pk for each in others if each.pk != self.instance.pk])
        responsible.queryset = Organisation.objects.filter(collaboration=membership.collaboration_id)
        for name, model in (("documents", GoverningDocument), ("actions", Action)):
            several = self.fields[name]
            assert isinstance(several, forms.ModelMultipleChoiceField)
            several.queryset = model.objects.filter(visible_to(membership))


class JudgementForm(forms.Form):
    """What people decide of a goal for a year."""

    year = forms.IntegerField(label=_("Year"), min_value=1990, max_value=2100)
    verdict = forms.ChoiceField(label=_("Judgement"), choices=Verdict.choices, widget=forms.RadioSelect)
    difference = GuardedFormField(
        label=_("Why it differs from the proposal"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    analysis = GuardedFormField(
        label=_("Analysis"), required=False, max_length=8000, widget=forms.Textarea(attrs={"rows": 6})
    )


class ProposalForm(forms.ModelForm[Proposal]):
    """Who holds a proposal and what was decided. The version that was seen goes with it."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Proposal
        fields = ("holder", "state", "decision", "decided_on", "action_number")
        labels = {
            "holder": _("Holder"),
            "state": _("State"),
            "decision": _("Decision"),
            "decided_on": _("Decided on"),
            "action_number": _("Number in the action plan"),
        }
        widgets = {
            "state": forms.RadioSelect(choices=ProposalState.choices),
            "decision": forms.Textarea(attrs={"rows": 3}),
            "decided_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version
        holder = self.fields["holder"]
        assert isinstance(holder, forms.ModelChoiceField)
        holder.queryset = Organisation.objects.filter(collaboration=membership.collaboration_id)


class NewProposalForm(forms.ModelForm[Proposal]):
    """A proposal for development, numbered when it is stored."""

    class Meta:
        model = Proposal
        fields = ("year", "heading", "text", "source")
        labels = {"year": _("Year"), "heading": _("Heading"), "text": _("Proposal"), "source": _("Source")}
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}


class DocumentForm(forms.ModelForm[GoverningDocument]):
    """A governing document. The version that was seen goes with it."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = GoverningDocument
        fields = ("title", "level", "issued_by", "valid_from", "valid_to", "note", "source")
        labels = {
            "title": _("Document"),
            "level": _("Level"),
            "issued_by": _("Issued by"),
            "valid_from": _("Holds from"),
            "valid_to": _("Holds until, not including"),
            "note": _("Remark"),
            "source": _("Source"),
        }
        widgets = {
            "note": forms.Textarea(attrs={"rows": 2}),
            "valid_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "valid_to": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version
