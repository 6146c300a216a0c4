"""People who sign in, the organisations they act for, and what they may see."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "lagesbild.accounts"
    label = "accounts"
