"""The form of a recipe: up to four figures, each a stored series or something counted, with weight and scale."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from lagesbild.core.errors import UserError
from lagesbild.core.text import GuardedFormField
from lagesbild.observations.categories import CategoryMapping
from lagesbild.observations.filters import EventFilter
from lagesbild.observations.models import Series
from lagesbild.observations.queries import in_language
from lagesbild.scenes.counting import Kind, free_of_ground
from lagesbild.scenes.figures import KINDS, series_name
from lagesbild.scenes.indicators import INDICATORS

MOST_FIGURES = 4
SCALE = ("weight", "zero_at", "hundred_at")
COUNTED = ("category", "around", "measure", "address")
AROUND_M = (0, 100, 250)
NUMBER = "number"


@dataclass(frozen=True)
class Choices:
    """What there is to choose from: series, categories, areas around the scene as ("set:code", name)."""

    series: Sequence[Series]
    mapping: CategoryMapping
    areas: Sequence[tuple[str, str]]


class RecipeForm(forms.Form):
    """How the index of one indicator is made."""

    indicator = forms.TypedChoiceField(
        label=_("Indicator"), coerce=int, choices=[(each.number, each.statement) for each in INDICATORS]
    )
    note = GuardedFormField(
        label=_("Why these figures and scales"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, MOST_FIGURES + 1):
            self.fields |= {f"{name}_{number}": field for name, field in _fields(choices).items()}

    def figures(self) -> Iterator[tuple[int, forms.BoundField, list[forms.BoundField], list[forms.BoundField]]]:
        """Of each figure its number, what it is, what is said of a count, and weight and scale."""
        for number in range(1, MOST_FIGURES + 1):
            counted = [self[f"{name}_{number}"] for name in COUNTED]
            yield number, self[f"figure_{number}"], counted, [self[f"{name}_{number}"] for name in SCALE]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        for number in range(1, MOST_FIGURES + 1):
            figure = values.get(f"figure_{number}")
            for name in SCALE if figure else ():
                if values.get(f"{name}_{number}") is None and f"{name}_{number}" not in self.errors:
                    self.add_error(f"{name}_{number}", _("Write a number."))
            if figure in KINDS:
                self._clean_count(number, figure, values)
        if not any(values.get(f"figure_{number}") for number in range(1, MOST_FIGURES + 1)):
            self.add_error("figure_1", _("Choose at least one figure."))
        return values

    def _clean_count(self, number: int, figure: str, values: dict[str, Any]) -> None:
        if figure != Kind.INCIDENTS and values.get(f"measure_{number}", NUMBER) != NUMBER:
            self.add_error(f"measure_{number}", _("Only incidents are held against the rest of an area."))
        try:
            query = QueryDict(urlsplit(values.get(f"address_{number}") or "").query)
            narrowed = free_of_ground(EventFilter.from_query(query)).to_query()
        except UserError as error:
            self.add_error(f"address_{number}", error.message)
        else:
            filters = QueryDict(narrowed, mutable=True)
            if values.get(f"category_{number}"):
                filters.setlist("category", sorted(values[f"category_{number}"]))
            values[f"query_{number}"] = EventFilter.from_query(filters).to_query()

    def parts(self) -> list[dict[str, Any]]:
        """The figures of the valid form."""
        return [self._part(number) for number in range(1, MOST_FIGURES + 1) if self.cleaned_data[f"figure_{number}"]]

    def _part(self, number: int) -> dict[str, Any]:
        values = self.cleaned_data
        scale = {name: values[f"{name}_{number}"] for name in SCALE}
        figure = values[f"figure_{number}"]
        if figure not in KINDS:
            return {"series": figure, **scale}
        measure = values[f"measure_{number}"] or NUMBER
        return {
            "kind": figure,
            "query": "" if figure == Kind.MATTERS else values[f"query_{number}"],
            "around_m": values[f"around_{number}"] or 0,
            "area": "" if measure == NUMBER else measure,
            **scale,
        }


def initial_of(indicator: int, note: str, parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What the form begins with when a recipe is changed."""
    found: dict[str, Any] = {"indicator": indicator, "note": note}
    for number, part in enumerate(parts[:MOST_FIGURES], 1):
        found |= {f"{name}_{number}": part[name] for name in SCALE}
        found[f"figure_{number}"] = part.get("series") or part["kind"]
        filters = EventFilter.from_query(QueryDict(part.get("query", "")))
        found[f"category_{number}"] = sorted(filters.categories)
        found[f"around_{number}"] = part.get("around_m", 0)
        found[f"measure_{number}"] = part.get("area") or NUMBER
        if filters.hours or filters.weekdays or filters.months or filters.sources:
            found[f"address_{number}"] = f"?{part['query']}"
    return found


def _fields(choices: Choices) -> dict[str, forms.Field]:
    made: dict[str, forms.Field] = {
        "figure": forms.ChoiceField(label=_("What the figure is"), choices=_figures(choices.series), required=False),
        "category": forms.MultipleChoiceField(
            label=_("Categories"),
            choices=_categories(choices.mapping),
            required=False,
            help_text=_("None is all of them. What lies below a category is included. Matters have no categories."),
        ),
        "around": forms.TypedChoiceField(
            label=_("Where"), coerce=int, empty_value=None, required=False, choices=[(m, _around(m)) for m in AROUND_M]
        ),
        "measure": forms.ChoiceField(label=_("Counted as"), choices=_measures(choices.areas), required=False),
        "address": forms.CharField(
            label=_("Only at certain times, or from certain sources"),
            required=False,
            max_length=2000,
            help_text=_("The address of a list of incidents with the filter. Its period and place are not used."),
        ),
    }
    labels = (_("Weight"), _("Scores 0 at"), _("Scores 100 at"))
    made |= {
        name: forms.FloatField(label=label, required=False, localize=True)
        for name, label in zip(SCALE, labels, strict=True)
    }
    return made


def _figures(series: Sequence[Series]) -> list[Any]:
    tables: dict[str, list[tuple[str, str]]] = {}
    for each in series:
        tables.setdefault(each.table.title, []).append((series_name(each), each.title))
    return [("", "–"), (_("Counted at the scene"), list(KINDS.items())), *tables.items()]


def _categories(mapping: CategoryMapping) -> list[tuple[str, str]]:
    return [(node.code, "\u2003" * depth + in_language(node.name, node.name_en)) for node, depth in mapping.in_order()]


def _around(metres: int) -> Any:
    return _("{n} m around the ground too").format(n=metres) if metres else _("On the ground of the scene")


def _measures(areas: Sequence[tuple[str, str]]) -> list[tuple[str, Any]]:
    times = [(name, _("Times as dense as in the rest of {area}").format(area=title)) for name, title in areas]
    return [(NUMBER, _("Number a year")), *times]
