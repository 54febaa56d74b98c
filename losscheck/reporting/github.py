"""The report as annotations of GitHub Actions: lines on standard output that mark the code of a pull request.

References
----------
.. [1] GitHub Docs, Workflow commands for GitHub Actions, "Setting an error message".
"""

from __future__ import annotations

from collections.abc import Sequence

from losscheck.reporting.lines import MARK, by_severity
from losscheck.reporting.place import place, relative
from losscheck.reporting.report import Report
from losscheck.verdict import Severity


def as_annotations(reports: Sequence[Report]) -> str:
    """Return one line per error and warning; the empty text where there is none."""
    lines = []
    for report in reports:
        for finding in by_severity(report):
            if finding.severity not in (Severity.ERROR, Severity.WARNING):
                continue
            where = place(report.target, finding)
            told = {"title": f"{finding.id}: {MARK[finding.verdict]}"}
            if where is not None:
                told = (
                    {"file": relative(where.file).as_posix()} | ({"line": str(where.line)} if where.line else {}) | told
                )
            given = ",".join(f"{key}={_escape_value(text)}" for key, text in told.items())
            message = f"{report.target}: {finding.message}\nreproduce: {report.reproduce(finding)}"
            lines.append(f"::{finding.severity.value} {given}::{_escape(message)}\n")
    return "".join(lines)


def _escape(text: str) -> str:
    """Escape a message so that it stays on its line: nothing in it may start a command of its own.

    >>> _escape("50%" + chr(10) + "::error::x")
    '50%25%0A::error::x'
    """
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_value(text: str) -> str:
    return _escape(text).replace(":", "%3A").replace(",", "%2C")
