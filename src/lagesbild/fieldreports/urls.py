"""Addresses of this subject."""

from django.urls import URLPattern, URLResolver, path

from lagesbild.fieldreports.views import handling, lists, pages

app_name = "fieldreports"
urlpatterns: list[URLPattern | URLResolver] = [
    path("fieldreports/", lists.reports, name="reports"),
    path("fieldreports/new/", pages.report_new, name="report_new"),
    path("fieldreports/reports.geojson", lists.reports_geojson, name="reports_geojson"),
    path("fieldreports/reports.csv", lists.reports_csv, name="reports_csv"),
    path("fieldreports/<int:pk>/", pages.report, name="report"),
    path("fieldreports/<int:pk>/photo/", pages.report_photo, name="report_photo"),
    path("fieldreports/<int:pk>/add/", handling.report_add, name="report_add"),
    path("fieldreports/<int:pk>/review/", handling.report_review, name="report_review"),
    path("fieldreports/<int:pk>/answer/", handling.report_answer, name="report_answer"),
    path("fieldreports/<int:pk>/join/", handling.report_join, name="report_join"),
    path("fieldreports/<int:pk>/part/", handling.report_part, name="report_part"),
]
