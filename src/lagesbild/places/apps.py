"""Areas, places, what is known of them, and the layers of the base map."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "lagesbild.places"
    label = "places"
