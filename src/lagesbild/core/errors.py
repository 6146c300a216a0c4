"""Errors that a person can act on. Anything else is left to crash and be logged."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise

Text = str | Promise


class UserError(Exception):
    """What is wrong, where, and what to do; ``code`` is stable, ``message`` is translated and shown.

    ``message`` may hold ``{name}`` fields; they are filled from ``params`` after translation.
    """

    def __init__(self, code: str, message: Text, field: str | None = None, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.template = message
        self.field = field
        self.params = params

    @property
    def message(self) -> str:
        text = str(self.template)
        return text.format(**self.params) if self.params else text

    def __str__(self) -> str:
        return self.message
