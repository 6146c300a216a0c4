"""Addresses of this subject."""

from django.urls import URLPattern, URLResolver, path

from lagesbild.goals import views

app_name = "goals"
urlpatterns: list[URLPattern | URLResolver] = [
    path("goals/", views.goals, name="goals"),
    path("goals/<int:pk>/", views.goal, name="goal"),
    path("goals/indicators/<slug:code>/", views.indicator, name="indicator"),
]
