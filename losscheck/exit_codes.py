"""The exit codes of the command line.

0 fine, 1 a finding of severity error, 2 bad usage or an unreadable target, 3 an undecided claim under ``--strict``,
4 an internal error. Where several hold, 2 comes before 4 before 1 before 3.
"""

from __future__ import annotations

from collections.abc import Iterable

from losscheck.claim import Standing
from losscheck.reporting.report import Report
from losscheck.verdict import Severity, Verdict

FINE, FAILED, USAGE, STRICT, INTERNAL = range(5)


def exit_code(reports: Iterable[Report], *, strict: bool, unusable: bool = False, broken: bool = False) -> int:
    """Return the exit code of a run over ``reports``; ``unusable`` and ``broken`` say that an audit gave none."""
    findings = [finding for report in reports for finding in report.findings]
    undecided = any(each.standing is Standing.OPEN and each.waived is None for each in findings)
    states = (
        (unusable, USAGE),
        (broken or any(each.verdict is Verdict.ERROR for each in findings), INTERNAL),
        (any(each.severity is Severity.ERROR for each in findings), FAILED),
        (strict and undecided, STRICT),
    )
    return next((code for holds, code in states if holds), FINE)
