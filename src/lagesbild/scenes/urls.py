"""Addresses of this subject."""

from django.urls import URLPattern, URLResolver, path

from lagesbild.scenes.views import assessing, deep, editing, guests, index, pages, watch

app_name = "scenes"
urlpatterns: list[URLPattern | URLResolver] = [
    path("scenes/", pages.scenes, name="scenes"),
    path("scenes/scenes.geojson", pages.scenes_geojson, name="scenes_geojson"),
    path("scenes/new/", editing.scene_new, name="scene_new"),
    path("scenes/rounds/new/", editing.round_new, name="round_new"),
    path("scenes/<int:pk>/", pages.scene, name="scene"),
    path("scenes/<int:pk>/edit/", editing.scene_edit, name="scene_edit"),
    path("scenes/<int:pk>/outline/", editing.scene_outline, name="scene_outline"),
    path("scenes/<int:pk>/link/", editing.scene_link, name="scene_link"),
    path("scenes/<int:pk>/end/", editing.scene_end, name="scene_end"),
    path("scenes/agreement/", index.agreement, name="agreement"),
    path("scenes/<int:pk>/index/", index.scene_index, name="scene_index"),
    path("scenes/<int:pk>/index/new/", index.recipe_new, name="recipe_new"),
    path("scenes/<int:pk>/index/<int:recipe>/<int:number>/", index.figure, name="figure"),
    path("scenes/<int:pk>/assess/", assessing.assess, name="assess"),
    path("scenes/<int:pk>/focus/", assessing.focus, name="focus"),
    path("scenes/<int:pk>/answers/<int:answer>/dissent/", assessing.dissent, name="dissent"),
    path("places/<int:pk>/everything/", deep.deep_dive, name="deep_dive"),
    path("places/<int:pk>/everything/incidents/", deep.deep_incidents, name="deep_incidents"),
    path("places/<int:pk>/everything/duty/", deep.deep_duty, name="deep_duty"),
    path("watch/", watch.watch_list, name="watch"),
    path("watch/computed/", watch.watch_computed, name="watch_computed"),
    path("watch/<int:pk>/dismiss/", watch.watch_dismiss, name="watch_dismiss"),
    path("guests/", guests.guest_arena, name="guests"),
    path("guests/new/", guests.origins_new, name="origins_new"),
    path("guests/<int:pk>/", guests.origin_table, name="origins"),
    path("guests/<int:pk>/letters/new/", guests.letter_new, name="letter_new"),
    path("guests/letters/<int:pk>/", guests.letter, name="letter"),
    path("guests/letters/<int:pk>/edit/", guests.letter_edit, name="letter_edit"),
    path("guests/letters/<int:pk>/sent/", guests.letter_sent, name="letter_sent"),
    path("guests/letters/<int:pk>.pdf", guests.letter_pdf, name="letter_pdf"),
]
