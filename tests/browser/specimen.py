"""A page with one of everything from the base look, for the browser tests only, and the addresses it needs."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import include, path

LON, LAT = 18.06, 59.332


class SpecimenForm(forms.Form):
    name = forms.CharField(label="Namn", help_text="Som folk säger, till exempel Vasagatan 24.")
    kind = forms.ChoiceField(label="Typ", choices=[("a", "Torg"), ("b", "Gata")], widget=forms.RadioSelect)
    types = forms.MultipleChoiceField(
        label="Slag", choices=[("a", "Park"), ("b", "Station")], widget=forms.CheckboxSelectMultiple, required=False
    )
    area = forms.ChoiceField(label="Område", choices=[("1", "Klara"), ("2", "Norrmalm")])
    note = forms.CharField(label="Anteckning", widget=forms.Textarea, required=False)
    agreed = forms.BooleanField(label="Jag har läst")


def square(east: int, north: int, *, size: float = 0.002, **properties: Any) -> dict[str, Any]:
    west, south = LON + east * 0.002, LAT + north * 0.001
    ring = [
        [west, south],
        [west + size, south],
        [west + size, south + size / 2],
        [west, south + size / 2],
        [west, south],
    ]
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def collection(*features: dict[str, Any], **members: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features), **members}


BASE = collection(
    square(-8, -8, size=0.04, kind="land"),
    square(-8, 6, size=0.02, kind="water", name="Klara sjö"),
    {
        "type": "Feature",
        "properties": {"kind": "point", "name": "T-Centralen"},
        "geometry": {"type": "Point", "coordinates": [LON + 0.004, LAT + 0.001]},
    },
    sources=["Exempel"],
)
GRID = {
    "type": "LagesbildGrid",
    "columns": 10,
    "rows": 10,
    "corners": [
        [LON - 0.01, LAT - 0.005],
        [LON + 0.01, LAT - 0.005],
        [LON + 0.01, LAT + 0.005],
        [LON - 0.01, LAT + 0.005],
    ],
    "cells": list(range(0, 100, 2)),
    "values": [i % 17 for i in range(50)],
}
SPOTS = collection(
    square(-2, 1, id=1, rank=1, name="Vasagatan 24 med omnejd", status="new", text="42 händelser, p = 0,003"),
    square(1, 0, id=2, rank=2, name="Klara norra", status="persistent"),
    square(3, -2, id=3, rank=3, name="Centralplan", status="fading"),
)
LAYERS = [
    {
        "id": "cells",
        "src": "/specimen/map/?part=1",
        "kind": "grid",
        "property": "value",
        "title": "Händelser",
        "lowest": 0,
    },
    {"id": "hotspots", "src": "/specimen/map/?part=1", "kind": "hotspots", "title": "Hot spots"},
]
MAP = {"label": "Karta över Klara", "layers": LAYERS, "fit": "cells"}
CHART = {
    "data": {"values": [{"m": f"2018-{m:02d}-01", "n": 100 + (m * 37) % 60} for m in range(1, 13)]},
    "mark": {"type": "line", "point": True},
    "encoding": {
        "x": {"field": "m", "type": "temporal", "title": None},
        "y": {"field": "n", "type": "quantitative", "title": "Händelser"},
        "tooltip": [{"field": "n", "type": "quantitative"}],
    },
    "height": 220,
}


@login_not_required
def specimen(request: HttpRequest) -> HttpResponse:
    form = SpecimenForm(request.POST or None)
    context = {
        "form": form,
        "map": MAP,
        "chart": CHART,
        "exercise": True,
        "caveats": [{"text": "Narkotikabrott speglar spaningen.", "source": "rapporten, s. 12"}],
        "heat": [[(day * 5 + hour * 3) % 9 for hour in range(24)] for day in range(7)],
    }
    return render(request, "specimen.html", context, status=422 if form.errors else 200)


@login_not_required
def specimen_map(request: HttpRequest) -> HttpResponse:
    if request.GET.get("broken"):
        return HttpResponse(status=503)
    return JsonResponse({"cells": GRID, "hotspots": SPOTS})


@login_not_required
def specimen_base(request: HttpRequest) -> HttpResponse:
    return JsonResponse(BASE)


@login_not_required
def drawing(request: HttpRequest) -> HttpResponse:
    config = {"label": "Rita", "layers": [], "bounds": [18.05, 59.32, 18.08, 59.34]}
    value = json.dumps(square(0, 0)) if request.GET.get("value") else ""
    return render(request, "drawing.html", {"map": config, "value": value})


@login_not_required
def fragment(request: HttpRequest) -> HttpResponse:
    return render(request, "specimen.html#fragment", {"chart": CHART, "again": True})


urlpatterns = [
    path("specimen/", specimen),
    path("specimen/map/", specimen_map),
    path("specimen/base/", specimen_base),
    path("specimen/fragment/", fragment),
    path("drawing/", drawing),
    path("", include("lagesbild.urls")),
]
