"""Word to people. Others use `tell` and `register_kind`; nothing else here is theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lagesbild.notices.kinds import register as register_kind
    from lagesbild.notices.telling import tell

__all__ = ["register_kind", "tell"]


def __getattr__(name: str) -> Any:
    """Loaded when asked for: models cannot be loaded while the apps are still starting."""
    if name == "tell":
        from lagesbild.notices.telling import tell

        return tell
    if name == "register_kind":
        from lagesbild.notices.kinds import register

        return register
    raise AttributeError(name)
