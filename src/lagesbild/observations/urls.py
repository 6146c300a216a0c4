"""Addresses of this subject."""

from django.urls import URLPattern, URLResolver, path

from lagesbild.observations import views

app_name = "observations"
urlpatterns: list[URLPattern | URLResolver] = [
    path("reports/", views.reports, name="reports"),
    path("reports/incidents/", views.incidents, name="incidents"),
    path("reports/incidents.csv", views.incidents_csv, name="incidents_csv"),
    path("reports/imports/new/", views.import_new, name="import_new"),
    path("reports/imports/<int:pk>/", views.import_batch, name="import"),
    path("reports/imports/<int:pk>/mapping/", views.import_mapping, name="import_mapping"),
    path("reports/imports/<int:pk>/sheet/", views.import_sheet, name="import_sheet"),
    path("reports/imports/<int:pk>/apply/", views.import_apply, name="import_apply"),
    path("reports/imports/<int:pk>/cancel/", views.import_cancel, name="import_cancel"),
    path("reports/imports/<int:pk>/problems.csv", views.import_problems, name="import_problems"),
    path("reports/sources/<slug:slug>/", views.source, name="source"),
    path("reports/sources/<slug:slug>/types/", views.source_types, name="source_types"),
    path("reports/categories/", views.categories, name="categories"),
    path("reports/series/", views.series_tables, name="series_tables"),
    path("reports/series/new/", views.series_new, name="series_new"),
    path("reports/series/<slug:slug>/", views.series_table, name="series_table"),
    path("reports/series/<slug:slug>.csv", views.series_csv, name="series_csv"),
]
