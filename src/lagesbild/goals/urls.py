"""Addresses of this subject."""

from django.urls import URLPattern, URLResolver, path

from lagesbild.goals.views import editing, figures, handovers, pages

app_name = "goals"
urlpatterns: list[URLPattern | URLResolver] = [
    path("goals/", pages.goals, name="goals"),
    path("goals/tree/", pages.tree, name="tree"),
    path("goals/new/", editing.goal_new, name="goal_new"),
    path("goals/<int:pk>/", pages.goal, name="goal"),
    path("goals/<int:pk>/edit/", editing.goal_edit, name="goal_edit"),
    path("goals/<int:pk>/judge/", editing.judge, name="judge"),
    path("goals/indicators/new/", figures.indicator_new, name="indicator_new"),
    path("goals/indicators/<slug:code>/", pages.indicator, name="indicator"),
    path("goals/indicators/<slug:code>/edit/", figures.indicator_edit, name="indicator_edit"),
    path("goals/indicators/<slug:code>/refresh/", figures.indicator_refresh, name="indicator_refresh"),
    path("goals/indicators/<slug:code>/measurements/new/", figures.measurement_new, name="measurement_new"),
    path(
        "goals/indicators/<slug:code>/measurements/<int:pk>/", figures.measurement_correct, name="measurement_correct"
    ),
    path("goals/measurements/import/", figures.measurements_import, name="measurements_import"),
    path("goals/documents/new/", editing.document_new, name="document_new"),
    path("goals/documents/<int:pk>/", editing.document_edit, name="document_edit"),
    path("goals/handovers/", handovers.handovers, name="handovers"),
    path("goals/handovers/new/", handovers.handovers_new, name="handovers_new"),
    path("goals/proposals/", pages.proposals, name="proposals"),
    path("goals/proposals/new/", editing.proposal_new, name="proposal_new"),
    path("goals/proposals/<int:pk>/", editing.proposal, name="proposal"),
]
