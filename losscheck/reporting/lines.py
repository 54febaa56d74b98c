"""What every form of a report says of a finding, in the same order: verdict, reason, evidence, how to see it again."""

from __future__ import annotations

import json
from typing import Any

from losscheck.finding import Finding
from losscheck.reporting.report import RANK, Report
from losscheck.verdict import Severity, Verdict

# Letters, so that nothing rests on colour alone.
MARK = {
    Verdict.PROVED: "proved",
    Verdict.REFUTED: "refuted",
    Verdict.SUPPORTED: "supported",
    Verdict.UNDECIDED: "undecided",
    Verdict.UNSUPPORTED: "unsupported",
    Verdict.NOT_APPLICABLE: "n/a",
    Verdict.ERROR: "internal error",
}


def by_severity(report: Report) -> list[Finding]:
    """Return the findings, the most severe first."""
    return sorted(report.findings, key=lambda finding: RANK[finding.severity])


def shown(value: Any) -> str:
    """Return a value as a reader wants it: 17 digits are noise, a long list is cut."""
    if isinstance(value, float):
        return f"{value:.9g}"
    if isinstance(value, tuple | list):
        parts = [shown(part) for part in value[:8]] + ["..."] * (len(value) > 8)
        return f"({', '.join(parts)})"
    if isinstance(value, dict):
        return json.dumps(value, sort_keys=True)
    return str(value)


def details(report: Report, finding: Finding) -> list[tuple[str, str]]:
    """Return ``(label, text)`` pairs of everything beside the verdict and the message that a reader needs."""
    told = [
        ("reason", finding.reason),
        ("value", None if finding.value is None else shown(finding.value)),
        ("bounds", None if finding.bounds is None else shown(finding.bounds)),
        ("domain", finding.domain),
        ("constants", ", ".join(f"{key} read as {value}" for key, value in finding.constants.items()) or None),
        ("slack", None if finding.slack is None else shown(finding.slack)),
        ("witness", None if finding.witness is None else shown(finding.witness)),
        ("claim", None if finding.standing is None else f"{finding.claim!r} is {finding.standing}"),
        ("waived", finding.waived),
        ("at", finding.location),
    ]
    if finding.severity in (Severity.ERROR, Severity.WARNING):
        told.append(("reproduce", report.reproduce(finding)))
    return [(label, text) for label, text in told if text is not None]


def summary(report: Report) -> str:
    """Return one line: is the report ok, and how many findings there are of each verdict.

    >>> summary(Report("demo.py:loss", ()))
    'ok: no finding'
    """
    counts = {verdict: len(report.select(verdict=verdict)) for verdict in Verdict}
    tally = ", ".join(f"{count} {MARK[verdict]}" for verdict, count in counts.items() if count) or "no finding"
    if report.failures:
        state = f"FAILED ({len(report.failures)} error{'s' * (len(report.failures) > 1)})"
    else:
        state = "ok"
    warned = f", {len(report.warnings)} warning{'s' * (len(report.warnings) > 1)}" if report.warnings else ""
    return f"{state}{warned}: {tally}"


def title(report: Report) -> str:
    """Return the target with what was asked of it."""
    asked = [f"kind {report.kind}"] if report.kind else []
    asked += [f"K={','.join(map(str, report.n_classes))}"] if report.n_classes else []
    asked += [f"{key}={shown(value)}" for key, value in report.params.items()]
    return f"{report.target} ({', '.join(asked)})" if asked else report.target
