"""Forms of the register: a scene, its ground in a round, a round, what a scene became."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Membership
from lagesbild.core.errors import UserError
from lagesbild.core.geo import WGS_84
from lagesbild.core.text import GuardedFormField, guard
from lagesbild.places import ground, lists
from lagesbild.places.coordinates import typed_ground
from lagesbild.places.ground import Ground
from lagesbild.places.models import PlaceShape
from lagesbild.places.reading.crs import parse_crs
from lagesbild.scenes.models import MappingRound, Scene

TEMPLATE = ("size", "surroundings", "users_anchoring", "sellers_anchoring", "crime", "ongoing_work", "potential")


def day(label: Any, **kwargs: Any) -> forms.DateField:
    """A date as ISO, with the browser's own chooser."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, localize=False, **kwargs)


class SceneForm(forms.ModelForm[Scene]):
    """A scene by the template of the Stockholm mapping. The version that was seen goes with it."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Scene
        fields = ("name", "place", *TEMPLATE, "source", "sharing")
        labels = {
            "name": _("Name"),
            "place": _("Place in the register of places"),
            "size": _("Size"),
            "surroundings": _("Surroundings"),
            "users_anchoring": _("How users are anchored here"),
            "sellers_anchoring": _("How sellers are anchored here"),
            "crime": _("Crime tied to the place"),
            "ongoing_work": _("Ongoing work"),
            "potential": _("What could be developed"),
            "source": _("Source"),
            "sharing": _("Seen by"),
        }
        help_texts = {"place": _("Ties the scene to reports, matters and actions of the place.")}
        widgets = {name: forms.Textarea(attrs={"rows": 3}) for name in TEMPLATE}

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version
        place = self.fields["place"]
        assert isinstance(place, forms.ModelChoiceField)
        place.queryset = lists.places_of(membership)

    def validate_unique(self) -> None:
        """The name is checked where it is stored, with a sentence of its own."""


class GroundForm(forms.Form):
    """Where a scene is in one round: a drawing, or coordinates, which win."""

    mapped_in = forms.TypedChoiceField(label=_("Mapping round"), coerce=int)
    shape = forms.ChoiceField(
        label=_("Shape"), choices=PlaceShape.choices, widget=forms.RadioSelect, initial=PlaceShape.POLYGON
    )
    geometry = forms.CharField(required=False, widget=forms.HiddenInput, max_length=400_000)
    system = forms.TypedChoiceField(label=_("Coordinate system"), coerce=int, required=False)
    coordinates = forms.CharField(
        label=_("Coordinates"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        help_text=_("One point a line, north before east. One line is the middle of a circle."),
    )
    radius_m = forms.FloatField(label=_("Radius, metres"), required=False, localize=True)
    drawn = forms.CharField(
        label=_("Drawn after"),
        max_length=300,
        help_text=_("Such as a police map, a walk, by hand."),
        validators=[guard],
    )

    def __init__(self, *args: Any, rounds: list[MappingRound], working_crs: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.working_crs = working_crs
        self.ground: Ground | None = None
        self.rounds = {each.pk: each for each in rounds}
        systems = [(working_crs, parse_crs(working_crs).name), (WGS_84, "WGS 84")]
        self.fields["mapped_in"].choices = [(each.pk, each.title) for each in rounds]  # type: ignore[attr-defined]
        self.fields["system"].choices = systems  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        try:
            self.ground = self._ground(values)
        except UserError as error:
            self.add_error("radius_m" if error.field == "radius_m" else "coordinates", error.message)
        return values

    def _ground(self, values: dict[str, Any]) -> Ground:
        if values.get("coordinates"):
            radius_m = values.get("radius_m") if values.get("shape") == PlaceShape.CIRCLE else None
            crs = values.get("system") or self.working_crs
            return typed_ground(values["coordinates"], crs=crs, radius_m=radius_m, working_crs=self.working_crs)
        return ground.from_feature(values.get("geometry") or "{}", working_crs=self.working_crs)

    @property
    def round(self) -> MappingRound:
        """The chosen round of a valid form."""
        return self.rounds[self.cleaned_data["mapped_in"]]


class RoundForm(forms.Form):
    """A mapping round."""

    title = forms.CharField(label=_("Title"), max_length=200, validators=[guard])
    mapped_on = day(_("Mapped on"))
    source = forms.CharField(label=_("Source"), max_length=300, validators=[guard])
    n_scenes = forms.IntegerField(label=_("Scenes found, as the source says"), min_value=0, required=False)
    note = GuardedFormField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2}))


class LinkForm(forms.Form):
    """What the scene came from or became, in a round."""

    mapped_in = forms.TypedChoiceField(label=_("Mapping round"), coerce=int)
    direction = forms.ChoiceField(
        label=_("What happened"),
        choices=[("became", _("This scene became")), ("came", _("This scene came from"))],
        widget=forms.RadioSelect,
    )
    other = forms.TypedChoiceField(label=_("The other scene"), coerce=int)
    note = GuardedFormField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, rounds: list[MappingRound], scenes: list[Scene], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mapped_in"].choices = [(each.pk, each.title) for each in rounds]  # type: ignore[attr-defined]
        self.fields["other"].choices = [(each.pk, each.name) for each in scenes]  # type: ignore[attr-defined]


class EndForm(forms.Form):
    """That a scene is no more."""

    ended_on = day(_("Ended on"))
    ended_why = GuardedFormField(label=_("How one knows"), widget=forms.Textarea(attrs={"rows": 2}))
