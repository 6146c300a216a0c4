"""Addresses that belong to no subject."""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, path
from django.views.i18n import set_language

from lagesbild.web import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("collaborations/", views.collaborations, name="collaborations"),
    path("c/<slug:collaboration>/", views.start, name="start"),
    path("language/", login_not_required(set_language), name="set_language"),
    path("theme/", views.set_theme, name="set_theme"),
]
