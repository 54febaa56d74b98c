"""A baseline: an earlier report whose failures are known, so that only what is worse fails.

A failure is known when the baseline has one of the same target, parameters, number of classes and finding id; a claim
that stayed open is known when it was open or violated there. Known findings become notes, waived as ``KNOWN``; a report
that was itself gated is as good a baseline as the run that came before it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from losscheck.claim import Standing
from losscheck.finding import Finding
from losscheck.reporting.report import Report
from losscheck.verdict import Severity, Verdict

KNOWN = "known: it is in the baseline"
KNOWN_OPEN = "known: the claim is open in the baseline too"


class Baseline(NamedTuple):
    """What was wrong before: findings of severity error, and findings whose claim was open."""

    failed: frozenset[str]
    open: frozenset[str]


def _key(report: Report, finding: Finding) -> str:
    return json.dumps([report.target, report.params, finding.n_classes, finding.id], sort_keys=True)


def baseline(reports: Iterable[Report]) -> Baseline:
    """Return what is wrong in ``reports``."""
    pairs = [(report, finding) for report in reports for finding in report.findings]
    failed = {_key(*pair) for pair in pairs if pair[1].severity is Severity.ERROR or pair[1].waived == KNOWN}
    still = {_key(*pair) for pair in pairs if pair[1].standing is Standing.OPEN or pair[1].waived == KNOWN_OPEN}
    return Baseline(frozenset(failed), frozenset(still))


def gate(report: Report, before: Baseline) -> Report:
    """Return the report with what is known turned into notes; a defect of losscheck is never known."""

    def judged(finding: Finding) -> Finding:
        if finding.waived is not None or finding.verdict is Verdict.ERROR:
            return finding
        key = _key(report, finding)
        if finding.severity is Severity.ERROR and key in before.failed:
            return replace(finding, severity=Severity.NOTE, waived=KNOWN)
        if finding.standing is Standing.OPEN and key in before.failed | before.open:
            return replace(finding, severity=Severity.NOTE, waived=KNOWN_OPEN)
        return finding

    return replace(report, findings=tuple(map(judged, report.findings)))
