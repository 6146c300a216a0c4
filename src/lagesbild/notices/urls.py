"""Addresses of this subject. ``mute`` stands outside every collaboration: a mail's link is followed without sign-in."""

from django.urls import URLPattern, URLResolver, path

from lagesbild.notices import views

app_name = "notices"
urlpatterns: list[URLPattern | URLResolver] = [
    path("c/<slug:collaboration>/notices/", views.notices, name="notices"),
    path("c/<slug:collaboration>/notices/bell/", views.bell, name="bell"),
    path("c/<slug:collaboration>/notices/read/", views.read_all, name="read_all"),
    path("c/<slug:collaboration>/notices/settings/", views.settings, name="settings"),
    path("c/<slug:collaboration>/notices/<int:pk>/open/", views.notice_open, name="notice_open"),
    path("c/<slug:collaboration>/notices/<int:pk>/mute/", views.notice_mute, name="notice_mute"),
    path("mute/<str:token>/", views.mute, name="mute"),
]
