"""Addresses of this subject."""

from django.urls import URLPattern, URLResolver

app_name = "scenes"
urlpatterns: list[URLPattern | URLResolver] = []
