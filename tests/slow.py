"""Where the time of a run goes: ``--slow 30`` lists the files and tests that took most of the processor.

The processor's time, not the clock's: a busy machine does not change it much. That of ended child processes counts;
a browser's does not. ``tests/environment.py`` loads this.
"""

from __future__ import annotations

import resource
import time
from collections import Counter
from collections.abc import Iterator

import pytest

SPENT = "processor_s"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", type=int, default=0, metavar="N", help="List the N slowest files and tests.")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[object]:
    item.stash[_BEGAN] = _now()
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[pytest.TestReport]:
    report: pytest.TestReport = yield
    report.user_properties.append((SPENT, _now() - item.stash[_BEGAN]))
    item.stash[_BEGAN] = _now()
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    wanted = config.getoption("--slow")
    if not wanted:
        return
    files: Counter[str] = Counter()
    tests: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, spent in getattr(report, "user_properties", ()):
                if name == SPENT:
                    files[report.nodeid.split("::")[0]] += spent
                    tests[report.nodeid] += spent
    terminalreporter.section(f"processor: {sum(files.values()):.0f} s")
    for counted in (files, tests):
        for name, spent in counted.most_common(wanted):
            terminalreporter.write_line(f"{spent:7.2f} s  {name}")
        terminalreporter.write_line("")


def _now() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


_BEGAN = pytest.StashKey[float]()
