"""Addresses of this subject."""

from django.urls import URLPattern, URLResolver

app_name = "picture"
urlpatterns: list[URLPattern | URLResolver] = []
