"""Addresses of this subject."""

from django.urls import URLPattern, URLResolver, path

from lagesbild.picture import views, views_frozen

app_name = "picture"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.picture, name="picture"),
    path("map.json", views.map_data, name="map_data"),
    path("picture.csv", views.csv, name="csv"),
    path("picture.pdf", views.pdf, name="pdf"),
    path("picture.docx", views.docx, name="docx"),
    path("freeze/", views_frozen.freeze, name="freeze"),
    path("frozen/", views_frozen.frozen_list, name="frozen_list"),
    path("frozen/<int:pk>/", views_frozen.frozen, name="frozen"),
    path("frozen/<int:pk>/comment/", views_frozen.comment, name="comment"),
    path("frozen/<int:pk>/recompute/", views_frozen.recompute, name="recompute"),
    path("frozen/<int:pk>/map.json", views_frozen.frozen_map, name="frozen_map"),
    path("frozen/<int:pk>/picture.csv", views_frozen.frozen_csv, name="frozen_csv"),
    path("frozen/<int:pk>/picture.pdf", views_frozen.frozen_pdf, name="frozen_pdf"),
    path("frozen/<int:pk>/picture.docx", views_frozen.frozen_docx, name="frozen_docx"),
]
