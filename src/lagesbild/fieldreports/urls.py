"""Addresses of this subject."""

from django.urls import URLPattern, URLResolver

app_name = "fieldreports"
urlpatterns: list[URLPattern | URLResolver] = []
