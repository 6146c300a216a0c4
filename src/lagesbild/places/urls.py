"""Addresses of this subject."""

from django.urls import URLPattern, URLResolver, path

from lagesbild.places.views import maps as views_maps

app_name = "places"
urlpatterns: list[URLPattern | URLResolver] = [
    path("map/base.geojson", views_maps.base_map, name="base_map"),
]
