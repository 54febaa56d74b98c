"""The report in a terminal: verdict first, then the reason, the witness, and how to see it again."""

from __future__ import annotations

import io
from collections.abc import Sequence

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.text import Text

from losscheck.finding import Finding
from losscheck.reporting.lines import MARK, by_severity, details, summary, title
from losscheck.reporting.report import Report
from losscheck.verdict import Severity, Verdict

_STYLE = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "cyan", Severity.NONE: "green"}
_TAG = {Severity.ERROR: "ERROR ", Severity.WARNING: "WARN  ", Severity.NOTE: "note  ", Severity.NONE: "      "}


def _finding(report: Report, finding: Finding) -> RenderableType:
    # Text, never markup: a message may hold square brackets of the user's own.
    style = _STYLE[finding.severity] if finding.verdict is not Verdict.NOT_APPLICABLE else "dim"
    head = Text.assemble((_TAG[finding.severity], style), (MARK[finding.verdict], style), "  ", (finding.id, "bold"))
    body = [Text(finding.message)]
    if finding.severity is Severity.NONE:
        # What holds needs no more than its fact; the page and the JSON have the rest.
        told = [pair for pair in details(report, finding) if pair[0] in ("value", "constants", "claim")]
    else:
        told = details(report, finding)
    body += [Text.assemble((f"{label}: ", "dim"), text) for label, text in told if label != "reproduce"]
    shown: list[RenderableType] = [head, *(Padding(line, (0, 0, 0, 6)) for line in body)]
    # A command is copied: it is never broken into lines, the terminal wraps it.
    commands = [text for label, text in told if label == "reproduce"]
    shown += [
        Text.assemble("      ", ("reproduce: ", "dim"), text, no_wrap=True, overflow="ignore") for text in commands
    ]
    return Group(*shown)


def rendered(report: Report) -> RenderableType:
    """Return the report for ``rich``: the findings, the most severe first, then the notes and the summary."""
    quiet = {finding.id for finding in report.select(verdict=Verdict.NOT_APPLICABLE) if finding.standing is None}
    shown = [_finding(report, finding) for finding in by_severity(report) if finding.id not in quiet]
    left = sorted(quiet)
    if left:
        shown.append(Text.assemble(("      n/a  ", "dim"), (", ".join(left), "dim")))
    notes = [Text(f"note: {note}") for note in report.notes]
    if not report.reproducible:
        notes.append(Text("note: the wall clock stopped a finding, so another run may say more or less"))
    state = Text(summary(report), style="bold red" if report.failures else "bold")
    return Group(Rule(Text(title(report)), align="left", characters="-"), *shown, *notes, state)


def show(console: Console, reports: Sequence[Report]) -> None:
    """Print the reports; lines that hold a command may be longer than the console is wide."""
    for report in reports:
        console.print(rendered(report), crop=False)


def as_text(reports: Sequence[Report], *, width: int = 100) -> str:
    """Return the reports as plain text without colours, ``width`` columns wide."""
    written = io.StringIO()
    console = Console(file=written, width=width, color_system=None, force_terminal=False, legacy_windows=False)
    show(console, reports)
    return "\n".join(line.rstrip() for line in written.getvalue().splitlines()) + "\n"
