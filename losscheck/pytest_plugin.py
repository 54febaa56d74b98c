"""The pytest plugin: a summary of the verdicts that a test session's audits gave.

It costs nothing in sessions without audits: losscheck's own modules are imported by the tests, never here.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Generator
from typing import Any

import pytest

KEY = "losscheck"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """Move the verdicts of a test into its report, which also travels from the workers of pytest-xdist."""
    testing = sys.modules.get("losscheck.testing")
    if testing is not None and call.when == "call" and testing.RECORD:
        item.user_properties.append((KEY, list(testing.RECORD)))
        testing.RECORD.clear()
    return (yield)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print how many findings ended with each verdict, and name what is refuted or undecided."""
    said: dict[str, str] = {}
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, value in getattr(report, "user_properties", ()):
                if name == KEY:
                    said.update({finding: verdict for finding, verdict in value})
    if not said:
        return
    terminalreporter.section("losscheck")
    counts = Counter(said.values())
    terminalreporter.line(", ".join(f"{n} {verdict}" for verdict, n in counts.most_common()))
    for finding, verdict in sorted(said.items()):
        if verdict in ("refuted", "undecided", "unsupported", "error"):
            terminalreporter.line(f"  {verdict:<12} {finding}")
