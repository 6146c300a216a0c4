"""The product's source, parsed once: modules, functions and the calls in them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "src" / "lagesbild"

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One file of the package."""

    path: Path
    tree: ast.Module
    text: str

    @property
    def name(self) -> str:
        """As ``observations/importing/text.py``."""
        return self.path.relative_to(PACKAGE).as_posix()

    @property
    def subject(self) -> str:
        return self.name.split("/")[0] if "/" in self.name else ""

    def role(self, *roles: str) -> bool:
        """Whether the file, or the package it lies in, is called so: ``views.py``, ``views/list.py``."""
        parts = self.path.relative_to(PACKAGE).with_suffix("").parts
        return any(part in roles for part in parts[1:])


@lru_cache(maxsize=1)
def modules() -> tuple[Module, ...]:
    """Every module but migrations."""
    paths = [path for path in sorted(PACKAGE.rglob("*.py")) if "migrations" not in path.parts]
    texts = {path: path.read_text(encoding="utf-8") for path in paths}
    return tuple(Module(path, ast.parse(text), text) for path, text in texts.items())


def functions(tree: ast.AST) -> Iterator[FunctionNode]:
    """Every function, also inside classes and functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node


def called_name(call: ast.Call) -> str:
    """The last part: ``record`` of ``audit.record(…)``."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def chain(node: ast.AST) -> list[str]:
    """The names along ``Job.objects.filter(…).update``, outermost last."""
    names: list[str] = []
    while True:
        if isinstance(node, ast.Attribute):
            names.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Subscript):
            node = node.value
        else:
            break
    if isinstance(node, ast.Name):
        names.append(node.id)
    return names[::-1]
