"""The report as one self-contained HTML page below 300 kB: no script, no network, dark and light."""

from __future__ import annotations

import html
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from losscheck.reporting.chart import chart
from losscheck.reporting.dtype_matrix import dtype_matrix
from losscheck.reporting.lines import MARK, by_severity, details, summary, title
from losscheck.reporting.proof import Budget, steps
from losscheck.reporting.report import Report
from losscheck.verdict import Severity

LIMIT = 300_000


class Size(NamedTuple):
    """How much a page shows: steps of proofs, plots, characters of one text, evidence of what needs no attention."""

    steps: int
    plots: bool
    text: int
    evidence: bool


# Tried in turn until the page is small enough.
SIZES = (Size(600, True, 4000, True), Size(120, True, 1000, True), Size(0, True, 300, True), Size(0, False, 100, False))


@cache
def template(name: str) -> Template:
    """Return a template of this folder; it escapes everything that it is given."""
    folder = Path(__file__).parent
    # Autoescape is on for everything: names, messages and witnesses come from the user's code.
    surroundings = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return surroundings.get_template(name)


def cut(text: str, length: int) -> str:
    """Return a text, cut where it is longer than ``length`` characters."""
    return text if len(text) <= length else f"{text[:length]}... ({len(text)} characters)"


def _render(reports: Sequence[Report], size: Size) -> str:
    budget, length = Budget(size.steps), size.text
    shown: list[dict[str, Any]] = []
    for report in reports:
        findings = [
            {
                "finding": finding,
                "id": cut(finding.id, length),
                "mark": MARK[finding.verdict],
                "message": cut(finding.message, length),
                "details": [(label, cut(text, length)) for label, text in details(report, finding)] if shows else [],
                "references": [cut(text, length) for text in finding.references] if shows else [],
                "proof": steps((finding.certificate or {}).get("proof"), budget),
            }
            for finding in by_severity(report)
            for shows in (size.evidence or finding.severity in (Severity.ERROR, Severity.WARNING),)
        ]
        charts = [chart(plot) for plot in report.plots.values()] if size.plots else []
        head = {"title": cut(title(report), length), "summary": summary(report), "charts": charts}
        formats, by_format = dtype_matrix(report) if size.evidence else ([], [])
        shown.append({"report": report, "findings": findings, "formats": formats, "by_format": by_format, **head})
    css = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")
    return template("page.html").render(reports=shown, css=css, complete=size == SIZES[0])


def page(reports: Sequence[Report], *, embedded: bool = False) -> str:
    """Return the page; ``embedded`` wraps it in a frame for a notebook, so that its style stays its own.

    Raises
    ------
    ValueError
        If the reports do not fit into one page even without plots and proofs.
    """
    for size in SIZES:
        text = _render(reports, size)
        if len(text.encode()) < LIMIT:
            break
    else:
        raise ValueError(
            f"{len(reports)} reports do not fit into one page of {LIMIT} bytes; save them one by one, as .json, "
            "or as a site (losscheck sweep --site)"
        )
    if embedded:
        return f'<iframe srcdoc="{html.escape(text, quote=True)}" style="width:100%;height:36em;border:0"></iframe>'
    return text
