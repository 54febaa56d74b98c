"""The report as GitHub-flavoured Markdown: one table, then what went wrong in full."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from losscheck.reporting.lines import MARK, by_severity, details, summary, title
from losscheck.reporting.report import Report
from losscheck.verdict import Severity

_SPECIAL = re.compile(r"([\\`*_\[\]|~#])")


def _escape(text: str) -> str:
    """Return ``text`` so that it means itself, on one line: Markdown and HTML in a user's message must not act."""
    return _SPECIAL.sub(r"\\\1", html.escape(" ".join(text.split()), quote=False))


def _code(text: str) -> str:
    """Return ``text`` as a code span whose fence is longer than any run of backticks inside."""
    text = " ".join(text.split())
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    space = " " if longest else ""
    return f"{fence}{space}{text}{space}{fence}"


def as_markdown(reports: Sequence[Report]) -> str:
    """Return the reports as Markdown."""
    lines: list[str] = []
    for report in reports:
        lines += [f"## {_escape(title(report))}", "", f"**{_escape(summary(report))}**", ""]
        lines += [f"> {_escape(note)}" for note in report.notes] + [""] * bool(report.notes)
        if report.findings:
            lines += ["| finding | verdict | severity | what is known |", "|---|---|---|---|"]
        for finding in by_severity(report):
            cells = (finding.id, MARK[finding.verdict], finding.severity.value, finding.message)
            lines.append(f"| {' | '.join(map(_escape, cells))} |")
        lines.append("")
        for finding in by_severity(report):
            if finding.severity in (Severity.ERROR, Severity.WARNING):
                lines += [f"### {_escape(finding.id)}: {MARK[finding.verdict]}", "", _escape(finding.message), ""]
                lines += [f"- {label}: {_code(text)}" for label, text in details(report, finding)] + [""]
    return "\n".join(lines).rstrip() + "\n"
