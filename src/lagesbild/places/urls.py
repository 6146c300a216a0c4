"""Addresses of this subject."""

from django.urls import URLPattern, URLResolver, path

from lagesbild.places.views import editing, importing, maps, pages

app_name = "places"
urlpatterns: list[URLPattern | URLResolver] = [
    path("places/", pages.places, name="places"),
    path("places/new/", editing.place_new, name="place_new"),
    path("places/places.geojson", maps.places_geojson, name="places_geojson"),
    path("places/places.csv", maps.places_csv, name="places_csv"),
    path("places/<int:pk>/", pages.place, name="place"),
    path("places/<int:pk>/edit/", editing.place_edit, name="place_edit"),
    path("places/<int:pk>/retire/", editing.place_retire, name="place_retire"),
    path("places/<int:pk>/facts/", editing.place_fact_add, name="place_fact_add"),
    path("facts/<int:pk>/remove/", editing.fact_remove, name="fact_remove"),
    path("areas/", pages.area_sets, name="area_sets"),
    path("areas/import/", importing.areas_import, name="areas_import"),
    path("areas/import/<str:token>/", importing.areas_import_check, name="areas_import_check"),
    path("areas/<slug:slug>/", pages.area_set, name="area_set"),
    path("areas/<slug:slug>/areas.geojson", maps.area_geojson, name="area_geojson"),
    path("areas/<slug:slug>/areas.csv", maps.area_csv, name="area_csv"),
    path("areas/<slug:slug>/<int:pk>/", pages.area, name="area"),
    path("areas/<slug:slug>/<int:pk>/facts/", editing.area_fact_add, name="area_fact_add"),
    path("map/base.geojson", maps.base_map, name="base_map"),
]
