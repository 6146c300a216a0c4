"""All addresses. Everything of a collaboration stands under ``/c/<slug>/``."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("", include("lagesbild.web.urls")),
    path("jobs/", include("lagesbild.core.urls")),
    path("", include("lagesbild.notices.urls")),
    path(
        "c/<slug:collaboration>/",
        include(
            [
                path("picture/", include("lagesbild.picture.urls")),
                path("", include("lagesbild.fieldreports.urls")),
                path("", include("lagesbild.actors.urls")),
                path("", include("lagesbild.cooperation.urls")),
                path("", include("lagesbild.scenes.urls")),
                path("", include("lagesbild.goals.urls")),
                path("", include("lagesbild.publications.urls")),
                path("", include("lagesbild.observations.urls")),
                path("", include("lagesbild.places.urls")),
            ]
        ),
    ),
]
