"""Addresses of this subject."""

from django.urls import URLPattern, URLResolver, path

from lagesbild.goals.views import editing, pages

app_name = "goals"
urlpatterns: list[URLPattern | URLResolver] = [
    path("goals/", pages.goals, name="goals"),
    path("goals/tree/", pages.tree, name="tree"),
    path("goals/new/", editing.goal_new, name="goal_new"),
    path("goals/<int:pk>/", pages.goal, name="goal"),
    path("goals/<int:pk>/edit/", editing.goal_edit, name="goal_edit"),
    path("goals/<int:pk>/judge/", editing.judge, name="judge"),
    path("goals/indicators/<slug:code>/", pages.indicator, name="indicator"),
    path("goals/proposals/", pages.proposals, name="proposals"),
    path("goals/proposals/<int:pk>/", editing.proposal, name="proposal"),
]
