"""Addresses of this subject."""

from django.urls import URLPattern, URLResolver, path

from lagesbild.cooperation.views import matters

app_name = "cooperation"
urlpatterns: list[URLPattern | URLResolver] = []

urlpatterns += [
    path("matters/<int:number>/", matters.matter, name="matter"),
    path("matters/mine/<int:number>/", matters.raised, name="raised"),
]
