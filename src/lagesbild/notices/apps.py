"""Word to people: in the page, by e-mail, as a digest; and when they want to be left alone."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "lagesbild.notices"
    label = "notices"
