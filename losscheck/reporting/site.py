"""Many reports as a folder of pages: a table of library, loss and property first, then a page for each loss.

The first page is self-contained, without a script, and filtered by its style alone. A cell that says error leads to the
defect below the table: message, witness, and the line that gives it again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from losscheck.finding import Finding
from losscheck.reporting.lines import MARK, by_severity, details, shown
from losscheck.reporting.page import cut, page, template
from losscheck.reporting.report import RANK, Report
from losscheck.target import parse_target
from losscheck.verdict import Severity, Verdict

LETTER = {
    Verdict.PROVED: "P",
    Verdict.REFUTED: "R",
    Verdict.SUPPORTED: "s",
    Verdict.UNDECIDED: "?",
    Verdict.UNSUPPORTED: "-",
    Verdict.NOT_APPLICABLE: ".",
    Verdict.ERROR: "!",
}
"""One letter for a cell, so that nothing rests on colour alone; errors are E, warnings W."""

TEXT = 2000
"""Characters of one message or witness on the first page."""

Known = Mapping[tuple[str, str], str]
"""What readers have made of errors, by the target of a report and the id of the finding: "true", "documented"."""


class Row(NamedTuple):
    """A loss in the table: the page it leads to, and what is said of each property."""

    name: str
    page: str
    state: str
    cells: dict[str, tuple[str, str, str]]
    """The letter, the classes of style, and where it leads, by property."""


def library(report: Report) -> str:
    """Return what a report is shown under: the library with its version, a file, or the catalogue.

    >>> [library(Report(target, ())) for target in ("mine.losses:focal", "mine/focal.py:focal", "hinge")]
    ['mine', 'mine/focal.py', 'losscheck']
    >>> library(Report("entmax:entmax15_loss", (), environment={"library": "entmax 1.3"}))
    'entmax 1.3'
    """
    told = report.environment.get("library")
    if told:
        return told
    place = _place(report)
    return "losscheck" if place is None else place if place.endswith(".py") else place.split(".")[0]


def _place(report: Report) -> str | None:
    try:
        return parse_target(report.target).place
    except ValueError:  # a name of the catalogue, or what a callable is called
        return None


def _named(report: Report) -> str:
    place = _place(report)
    target = report.target if place is None else report.target.removeprefix(f"{place}:")
    asked = [f"{key}={shown(value)}" for key, value in report.params.items()]
    asked += [f"K={','.join(map(str, report.n_classes))}"] if report.n_classes not in ((), (3,)) else []
    return f"{target} ({', '.join(asked)})" if asked else target


def _file(number: int, report: Report) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", _named(report).lower().removesuffix(".py")).strip("-")
    return f"{number:04}-{words[:60]}.html"


def _worst(report: Report) -> dict[str, Finding]:
    """Return the most severe finding of each property."""
    found: dict[str, Finding] = {}
    for finding in sorted(report.findings, key=lambda each: RANK[each.severity]):
        found.setdefault(finding.property, finding)
    return found


def _cell(finding: Finding, anchor: str) -> tuple[str, str, str]:
    loud = {Severity.ERROR: "E", Severity.WARNING: "W"}.get(finding.severity)
    style = f"mark {finding.verdict} {finding.severity}"
    return loud or LETTER[finding.verdict], style, anchor if finding.severity is Severity.ERROR else ""


def site(reports: Sequence[Report], known: Known | None = None, *, pages: bool = True) -> dict[str, str]:
    """Return the pages by their names in the folder, ``index.html`` first.

    Parameters
    ----------
    reports
        What a sweep found.
    known
        What is known of errors, shown beside them; others are "new".
    pages
        Whether each loss has a page of its own; without them the first page stands alone.
    """
    groups: dict[str, list[Row]] = {}
    defects: list[dict[str, Any]] = []
    files: dict[str, str] = {"index.html": ""}
    layers = {finding.property: finding.layer for report in reports for finding in report.findings}
    for number, report in enumerate(reports, 1):
        file = _file(number, report)
        anchors: dict[str, str] = {}
        for finding in by_severity(report):
            if finding.severity is not Severity.ERROR:
                break
            anchors.setdefault(finding.property, f"d{len(defects) + 1}")
            told = dict(details(report, finding))
            defects.append(
                {
                    "anchor": f"d{len(defects) + 1}",
                    "library": library(report),
                    "loss": cut(_named(report), TEXT),
                    "page": file if pages else "",
                    "id": finding.id,
                    "known": (known or {}).get((report.target, finding.id), "new"),
                    "message": cut(finding.message, TEXT),
                    "details": [(key, cut(told[key], TEXT)) for key in ("witness", "at", "reproduce") if key in told],
                }
            )
        cells = {name: _cell(finding, anchors.get(name, "")) for name, finding in _worst(report).items()}
        state = "error" if report.failures else "warning" if report.warnings else "fine"
        groups.setdefault(library(report), []).append(
            Row(cut(_named(report), 200), file if pages else "", state, cells)
        )
        if pages:
            files[file] = page([report])
    files["index.html"] = template("site.html").render(
        groups=[_group(name, rows, layers) for name, rows in groups.items()],
        defects=defects,
        layers=layers,
        css=_style(),
        letters=[("E", "error"), ("W", "warning"), *((letter, MARK[verdict]) for verdict, letter in LETTER.items())],
        counts={state: sum(row.state == state for rows in groups.values() for row in rows) for state in STATES},
        losses=len(reports),
    )
    return files


STATES = ("error", "warning", "fine")


def _group(name: str, rows: list[Row], layers: Mapping[str, str]) -> dict[str, Any]:
    applies = {
        name for row in rows for name, (letter, *_) in row.cells.items() if letter != LETTER[Verdict.NOT_APPLICABLE]
    }
    columns = sorted(applies, key=lambda each: (layers[each] != "theory", each))
    counts = {state: sum(row.state == state for row in rows) for state in STATES}
    return {"name": name, "rows": rows, "columns": columns, "counts": counts}


@cache
def _style() -> str:
    folder = Path(__file__).parent
    return "".join((folder / name).read_text(encoding="utf-8") for name in ("page.css", "site.css"))


def save_site(reports: Sequence[Report], folder: Path, known: Known | None = None) -> None:
    """Write the pages into a folder, which is made where it does not exist; other files there stay as they are.

    Raises
    ------
    OSError
        If the folder cannot be written to.
    """
    folder.mkdir(exist_ok=True)
    for name, text in site(reports, known).items():
        (folder / name).write_text(text, encoding="utf-8")
