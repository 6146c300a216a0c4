"""What comes in from the pages of places: shape and format. Rules that need other rows are the actions'."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import SharingLevel
from lagesbild.core.errors import UserError
from lagesbild.core.geo import WGS_84
from lagesbild.core.text import GuardedFormField, guard
from lagesbild.places import ground
from lagesbild.places.actions.facts import FactText
from lagesbild.places.actions.places import PlaceText
from lagesbild.places.coordinates import typed_ground
from lagesbild.places.ground import Ground
from lagesbild.places.models import FactKind, PlaceShape, PlaceType
from lagesbild.places.reading.crs import parse_crs


def crs_choices(working_crs: int) -> list[tuple[int, str]]:
    """The collaboration's own system, and longitude and latitude."""
    return [(working_crs, f"{parse_crs(working_crs).name} (EPSG:{working_crs})"), (WGS_84, "WGS 84 (EPSG:4326)")]


class Line(forms.CharField):
    """One line of text that passes the privacy guard."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.validators.append(guard)


class PlaceForm(forms.Form):
    """A place: what it is called, what kind it is, and where. Typed coordinates win over the drawing."""

    name = Line(label=_("Name"), max_length=120)
    municipality = Line(
        label=_("Municipality"),
        max_length=120,
        required=False,
        help_text=_("Part of the place's identity: two municipalities may each have a Stortorget."),
    )
    types = forms.MultipleChoiceField(
        label=_("Types"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("Several may be true.")
    )
    shape = forms.ChoiceField(label=_("Shape"), choices=PlaceShape.choices, widget=forms.RadioSelect)
    geometry = forms.CharField(required=False, widget=forms.HiddenInput, max_length=400_000)
    system = forms.TypedChoiceField(label=_("Coordinate system"), coerce=int)
    coordinates = forms.CharField(
        label=_("Coordinates"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "inputmode": "text"}),
        help_text=_("One point a line, north before east: 6580743, 674315. One line is the middle of a circle."),
    )
    radius_m = forms.FloatField(label=_("Radius, metres"), required=False, localize=True)
    aliases = Line(
        label=_("Also called"), required=False, max_length=600, help_text=_("Other names, with commas between.")
    )
    description = GuardedFormField(label=_("Description"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    source = Line(label=_("Source"), required=False, max_length=300, help_text=_("Who drew it, after what."))
    sharing = forms.ChoiceField(label=_("Seen by"), choices=SharingLevel.choices, initial=SharingLevel.PARTNERS)

    def __init__(self, *args: Any, kinds: list[PlaceType], working_crs: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.working_crs = working_crs
        self.ground: Ground | None = None
        self.fields["types"].choices = [(kind.code, kind.shown) for kind in kinds]  # type: ignore[attr-defined]
        self.fields["system"].choices = crs_choices(working_crs)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        try:
            self.ground = self._ground(values)
        except UserError as error:
            field = error.field if error.field in self.fields else "coordinates"
            self.add_error("coordinates" if field == "geometry" else field, error.message)
        return values

    def _ground(self, values: dict[str, Any]) -> Ground:
        if values.get("coordinates"):
            radius_m = values.get("radius_m") if values.get("shape") == PlaceShape.CIRCLE else None
            crs = values.get("system") or self.working_crs
            return typed_ground(values["coordinates"], crs=crs, radius_m=radius_m, working_crs=self.working_crs)
        return ground.from_feature(values.get("geometry") or "{}", working_crs=self.working_crs)

    def text(self) -> PlaceText:
        """What the valid form says beside the ground."""
        values = self.cleaned_data
        return PlaceText(
            name=values["name"],
            municipality=values["municipality"],
            aliases=[name.strip() for name in values["aliases"].split(",") if name.strip()],
            types=values["types"],
            description=values["description"],
            source=values["source"],
            sharing=values["sharing"],
        )


class FactForm(forms.Form):
    """A dated number with its source."""

    kind = forms.ChoiceField(label=_("What is counted"), choices=FactKind.choices)
    value = forms.FloatField(label=_("Number"), min_value=0, localize=True)
    valid_from = forms.DateField(
        label=_("Holds from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), localize=False
    )
    valid_to = forms.DateField(
        label=_("Until (not including)"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        localize=False,
    )
    source = Line(label=_("Source"), max_length=300)
    note = GuardedFormField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    sharing = forms.ChoiceField(label=_("Seen by"), choices=SharingLevel.choices, initial=SharingLevel.PARTNERS)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        first, last = values.get("valid_from"), values.get("valid_to")
        if first and last and last <= first:
            self.add_error("valid_to", _("The last day must be after the first."))
        return values

    def text(self) -> FactText:
        """What the valid form says."""
        return FactText(**self.cleaned_data)


class AreaUploadForm(forms.Form):
    """The first step of an import: the file, and the set it belongs to."""

    file = forms.FileField(
        label=_("File"), help_text=_("GeoJSON, GeoPackage, GeoParquet, or a Shapefile with its parts in one zip.")
    )
    name = Line(
        label=_("Name of the set"),
        max_length=120,
        help_text=_("Such as “Basområden”. The name of a set that exists adds a new version of it."),
    )
    source = Line(label=_("Source"), max_length=300, help_text=_("Who publishes the boundaries, and under what terms."))
    valid_from = forms.DateField(
        label=_("Boundaries hold from"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        localize=False,
    )


class AreaReadingForm(forms.Form):
    """The second step: which fields are codes and names, and what the areas lie in."""

    layer = forms.ChoiceField(label=_("Layer"), required=False)
    code_field = forms.ChoiceField(label=_("Code"), help_text=_("Must differ for every area."))
    name_field = forms.ChoiceField(label=_("Name"))
    parent_set = forms.ChoiceField(label=_("Lies in the areas of"), required=False)
    parent_field = forms.ChoiceField(
        label=_("Code of the area it lies in"),
        required=False,
        help_text=_("Leave empty to find it by position."),
    )
    crs = forms.CharField(
        label=_("Coordinate system"),
        required=False,
        max_length=20,
        help_text=_("Leave empty to use what the file says. Else its EPSG number, such as EPSG:3006."),
    )

    def __init__(
        self, *args: Any, fields: list[str], layers: list[str], parents: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        named = [(name, name) for name in fields]
        nothing = [("", _("– none –"))]
        self.fields["code_field"].choices = named  # type: ignore[attr-defined]
        self.fields["name_field"].choices = named  # type: ignore[attr-defined]
        self.fields["parent_field"].choices = [*nothing, *named]  # type: ignore[attr-defined]
        self.fields["parent_set"].choices = [*nothing, *parents]  # type: ignore[attr-defined]
        if len(layers) > 1:
            self.fields["layer"].choices = [(name, name) for name in layers]  # type: ignore[attr-defined]
        else:
            del self.fields["layer"]
        if not parents:
            del self.fields["parent_set"], self.fields["parent_field"]
