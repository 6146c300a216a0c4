"""Build hook: compiles the translations, so that wheels and editable installs carry them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileTranslations(BuildHookInterface[Any]):
    """Makes the .mo files before files are gathered."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - the interface
        sys.path.insert(0, self.root)
        from tools.translations import compile_all

        compile_all(Path(self.root) / "src" / "lagesbild")
