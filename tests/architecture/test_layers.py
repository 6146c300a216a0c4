"""What each kind of file may hold, read out of the source."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.source import Module, called_name, calls, chain, functions, modules

pytestmark = pytest.mark.one_database

QUERYSET_WRITES = {"create", "bulk_create", "get_or_create", "update_or_create", "bulk_update", "update", "delete"}
QUERYSET_READS = {"objects", "filter", "exclude", "all", "select_for_update"}

# Files that write rows and are no actions, each with its reason.
WRITERS = {
    "accounts/models.py": "Django's manager for accounts",
    "core/audit.py": "writes the audit log",
    "core/jobs.py": "keeps leases and progress, in conditional updates of their own",
    "core/periodic.py": "keeps when a job comes next, in conditional updates of their own",
    "core/conflicts.py": "the one conditional update by version, which actions call",
    "notices/telling.py": "tells of an event that its action has logged",
    "notices/reading.py": "one's own reading is no event",
    "notices/mailing.py": "keeps what was mailed, with leases of its own",
}


def writes(module: Module) -> Iterator[str]:
    """Calls that change rows."""
    for call in calls(module.tree):
        names = chain(call.func)
        name = called_name(call)
        on_queryset = name in QUERYSET_WRITES and QUERYSET_READS & set(names[:-1])
        on_row = name in {"save", "delete"} and len(names) > 1 and "objects" not in names and _is_row(call)
        on_row = on_row and not names[-2].endswith(("Folder", "File"))  # on disk, not in the database
        if on_queryset or on_row:
            yield f"{module.name}:{call.lineno} {'.'.join(names)}"


def _is_row(call: ast.Call) -> bool:
    """``thing.save()`` or ``thing.save(update_fields=…)``, unlike ``document.save(path)`` and ``image.save(file)``."""
    return not call.args and all(keyword.arg in {"update_fields", "using"} for keyword in call.keywords)


def test_only_actions_write() -> None:
    found = [
        line
        for module in modules()
        if module.name not in WRITERS and not module.role("actions")
        for line in writes(module)
    ]
    assert not found


def test_views_hold_no_queries_and_no_transactions() -> None:
    found = []
    for module in modules():
        if not module.role("views"):
            continue
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager"}:
                found.append(f"{module.name}:{node.lineno} .{node.attr}")
            if isinstance(node, ast.ImportFrom | ast.Import) and any(a.name == "transaction" for a in node.names):
                found.append(f"{module.name}:{node.lineno} transaction")
    assert not found


def test_there_are_no_signals() -> None:
    found = [
        f"{module.name}:{node.lineno}"
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom)
        and node.module
        and (node.module.endswith(".signals") or node.module == "django.dispatch")
    ]
    assert not found


def test_no_model_overrides_save_or_delete() -> None:
    found = [
        f"{module.name}:{function.lineno} {function.name}"
        for module in modules()
        if module.role("models")
        for function in functions(module.tree)
        if function.name in {"save", "delete", "save_base", "refresh_from_db"}
    ]
    assert not found


def test_transactions_are_opened_only_in_actions() -> None:
    found = []
    for module in modules():
        if module.role("actions") or module.name in WRITERS:
            continue
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Attribute) and node.attr == "atomic":
                found.append(f"{module.name}:{node.lineno}")
    assert not found


def test_every_action_that_writes_also_writes_the_audit_log() -> None:
    """Itself, or through another function of the file, or through another subject's action."""
    found = []
    for module in modules():
        if not module.role("actions"):
            continue
        own = {function.name: function for function in functions(module.tree)}
        recording = _recording(module, own)
        writing = {name for name, node in own.items() if _writes_itself(module, node)}
        for name, node in own.items():
            if name.startswith("_") or name in recording:
                continue
            reached = {called_name(call) for call in calls(node)} & writing
            if name in writing or reached:
                found.append(f"{module.name}:{node.lineno} {name}")
    assert not found


def _writes_itself(module: Module, node: ast.AST) -> bool:
    return any(True for _ in writes(Module(module.path, node, "")))  # type: ignore[arg-type]


def _recording(module: Module, own: dict[str, ast.FunctionDef | ast.AsyncFunctionDef]) -> set[str]:
    """Functions that reach ``audit.record``."""
    others = _imported_actions(module)
    recording = {
        name
        for name, node in own.items()
        if any(chain(call.func)[-2:] == ["audit", "record"] or called_name(call) in others for call in calls(node))
    }
    while True:
        more = {
            name
            for name, node in own.items()
            if name not in recording and {called_name(call) for call in calls(node)} & recording
        }
        if not more:
            return recording
        recording |= more


def _imported_actions(module: Module) -> set[str]:
    """Names of functions that come out of another actions module."""
    names = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and node.module and "actions" in node.module.split("."):
            names |= {alias.asname or alias.name for alias in node.names}
    return names


def test_time_comes_from_the_clock() -> None:
    found = [
        f"{module.name}:{call.lineno} {'.'.join(chain(call.func))}"
        for module in modules()
        if module.name != "core/clock.py"
        for call in calls(module.tree)
        if tuple(chain(call.func)[-2:])
        in {
            ("datetime", "now"),
            ("datetime", "utcnow"),
            ("date", "today"),
            ("timezone", "now"),
            ("timezone", "localdate"),
        }
    ]
    assert not found


def test_nobody_imports_another_subjects_views_forms_or_urls() -> None:
    found = []
    for module in modules():
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.ImportFrom) or not node.module or not node.module.startswith("lagesbild."):
                continue
            _, subject, *rest = node.module.split(".")
            inner = {*rest, *(alias.name for alias in node.names)}
            if subject != module.subject and inner & {"views", "forms", "urls", "templates"} and module.subject:
                found.append(f"{module.name}:{node.lineno} {node.module}")
    assert not found
