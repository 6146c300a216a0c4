"""People who sign in, the organisations they act for, and what they may see."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "lagesbild.accounts"
    label = "accounts"

    def ready(self) -> None:
        from lagesbild.accounts.access import administers
        from lagesbild.core.access import let_administer

        let_administer(administers)
