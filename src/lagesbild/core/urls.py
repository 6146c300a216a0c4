"""Addresses of this subject."""

from django.urls import URLPattern, URLResolver, path

from lagesbild.core import views

app_name = "core"
urlpatterns: list[URLPattern | URLResolver] = [
    path("<uuid:pk>/", views.job, name="job"),
    path("<uuid:pk>/cancel/", views.cancel, name="job_cancel"),
]
