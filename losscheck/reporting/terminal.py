"""The report in a terminal: verdict first, then the reason, the witness, and how to see it again.

Errors and warnings come first and in full; what needs no attention follows as a table of one line each, or in blocks
where the terminal is too narrow for one.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from losscheck.finding import Finding
from losscheck.reporting.lines import MARK, by_severity, details, summary, title
from losscheck.reporting.report import Report
from losscheck.verdict import Severity, Verdict

_STYLE = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "cyan", Severity.NONE: "green"}
_TAG = {Severity.ERROR: "ERROR", Severity.WARNING: "WARN", Severity.NOTE: "note", Severity.NONE: ""}
_INDENT = 6
# The table needs the tag, a verdict, an id and at least this much room for a sentence.
_SENTENCE = 44
# What is told of a calm finding beside its sentence; the page and the JSON have the rest.
_BRIEF = frozenset({"reason", "value", "constants", "slack", "claim", "waived"})


def _urgent(finding: Finding) -> bool:
    return finding.severity in (Severity.ERROR, Severity.WARNING)


def _told(pairs: Iterable[tuple[str, str]]) -> list[Text]:
    return [Text.assemble((f"{label}: ", "dim"), text) for label, text in pairs]


def _brief(report: Report, finding: Finding) -> list[tuple[str, str]]:
    return [pair for pair in details(report, finding) if pair[0] in _BRIEF]


def _sentence(finding: Finding) -> Text:
    # A verdict holds on its domain and nowhere else, so the domain stands beside the fact.
    where = f"  on {finding.domain}" if finding.domain and not _urgent(finding) else ""
    return Text.assemble(finding.message, (where, "dim"))


def _block(report: Report, finding: Finding) -> RenderableType:
    # Text, never markup: a message may hold square brackets of the user's own.
    style = _STYLE[finding.severity]
    pairs = details(report, finding) if _urgent(finding) else _brief(report, finding)
    tag = _TAG[finding.severity].ljust(_INDENT)
    head = Text.assemble((tag, style), (MARK[finding.verdict], style), "  ", (finding.id, "bold"))
    body = [_sentence(finding), *_told(pair for pair in pairs if pair[0] != "reproduce")]
    shown: list[RenderableType] = [head, *(Padding(line, (0, 0, 0, _INDENT)) for line in body)]
    # A command is copied: it is never broken into lines, the terminal wraps it.
    commands = [text for label, text in pairs if label == "reproduce"]
    start = (" " * _INDENT, ("reproduce: ", "dim"))
    shown += [Text.assemble(*start, text, no_wrap=True, overflow="ignore") for text in commands]
    return Group(*shown)


def _table(report: Report, findings: Sequence[Finding]) -> RenderableType:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(width=_INDENT - 2)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    for finding in findings:
        style = _STYLE[finding.severity]
        told = Group(_sentence(finding), *_told(_brief(report, finding)))
        tag, mark = Text(_TAG[finding.severity], style), Text(MARK[finding.verdict], style)
        table.add_row(tag, mark, Text(finding.id, "bold"), told)
    return table


def rendered(report: Report, width: int) -> RenderableType:
    """Return the report for ``rich``, to be shown ``width`` columns wide."""
    quiet = {finding.id for finding in report.select(verdict=Verdict.NOT_APPLICABLE) if finding.standing is None}
    findings = [finding for finding in by_severity(report) if finding.id not in quiet]
    shown = [_block(report, finding) for finding in findings if _urgent(finding)]
    calm = [finding for finding in findings if not _urgent(finding)]
    beside = _INDENT + sum(max((len(text) for text in column), default=0) + 2 for column in _columns(calm))
    if calm and width - beside >= _SENTENCE:
        shown.append(_table(report, calm))
    else:
        shown += [_block(report, finding) for finding in calm]
    if quiet:
        shown.append(Text.assemble((" " * _INDENT + "n/a  ", "dim"), (", ".join(sorted(quiet)), "dim")))
    notes = [Text(f"note: {note}") for note in report.notes]
    if not report.reproducible:
        notes.append(Text("note: the wall clock stopped a finding, so another run may say more or less"))
    state = Text(summary(report), style="bold red" if report.failures else "bold")
    named = Text(title(report), style="bold")
    return Group(named, Text("-" * min(width, named.cell_len)), *shown, *notes, state)


def _columns(findings: Sequence[Finding]) -> tuple[list[str], list[str]]:
    return [MARK[finding.verdict] for finding in findings], [finding.id for finding in findings]


def show(console: Console, reports: Sequence[Report]) -> None:
    """Print the reports; lines that hold a command may be longer than the console is wide."""
    for report in reports:
        console.print(rendered(report, console.width), crop=False)


def as_text(reports: Sequence[Report], *, width: int = 100) -> str:
    """Return the reports as plain text without colours, ``width`` columns wide."""
    written = io.StringIO()
    console = Console(file=written, width=width, color_system=None, force_terminal=False, legacy_windows=False)
    show(console, reports)
    return "\n".join(line.rstrip() for line in written.getvalue().splitlines()) + "\n"
