"""The report as one self-contained HTML page below 300 kB: no script, no network, dark and light."""

from __future__ import annotations

import html
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from losscheck.reporting.chart import chart
from losscheck.reporting.lines import MARK, by_severity, details, summary, title
from losscheck.reporting.proof import Budget, steps
from losscheck.reporting.report import Report

LIMIT = 300_000
# Tried in turn until the page is small enough: (steps of proofs, plots shown, characters of one text).
_SIZES = ((600, True, 4000), (120, True, 1000), (0, True, 400), (0, False, 160))


@cache
def _template() -> Template:
    folder = Path(__file__).parent
    # Autoescape is on for everything: names, messages and witnesses come from the user's code.
    surroundings = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return surroundings.get_template("page.html")


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[:length]}... ({len(text)} characters)"


def _render(reports: Sequence[Report], size: tuple[int, bool, int]) -> str:
    budget, plots, length = Budget(size[0]), size[1], size[2]
    shown: list[dict[str, Any]] = []
    for report in reports:
        findings = [
            {
                "finding": finding,
                "mark": MARK[finding.verdict],
                "message": _cut(finding.message, length),
                "details": [(label, _cut(text, length)) for label, text in details(report, finding)],
                "references": [_cut(text, length) for text in finding.references],
                "proof": steps((finding.certificate or {}).get("proof"), budget),
            }
            for finding in by_severity(report)
        ]
        charts = [chart(plot) for plot in report.plots.values()] if plots else []
        head = {"title": _cut(title(report), length), "summary": summary(report), "charts": charts}
        shown.append({"report": report, "findings": findings, **head})
    css = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")
    return _template().render(reports=shown, css=css, complete=size == _SIZES[0])


def page(reports: Sequence[Report], *, embedded: bool = False) -> str:
    """Return the page; ``embedded`` wraps it in a frame for a notebook, so that its style stays its own.

    Raises
    ------
    ValueError
        If the reports do not fit into one page even without plots and proofs.
    """
    for size in _SIZES:
        text = _render(reports, size)
        if len(text.encode()) < LIMIT:
            break
    else:
        raise ValueError(
            f"{len(reports)} reports do not fit into one page of {LIMIT} bytes; save them one by one, or as .json"
        )
    if embedded:
        return f'<iframe srcdoc="{html.escape(text, quote=True)}" style="width:100%;height:36em;border:0"></iframe>'
    return text
