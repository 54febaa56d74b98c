"""Verify every certificate of a report again: what `losscheck verify FILE` does.

A certificate that passes must also state what its finding says: the same property, parameters, verdict and graph.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from losscheck.finding import Finding
from losscheck.plain import plain
from losscheck.reporting.report import split
from losscheck.verdict import Verdict


class Checked(NamedTuple):
    """One certificate: where it comes from, whether it holds, and what it states or why it does not hold."""

    name: str
    holds: bool
    message: str


def _check(certificate: Mapping[str, Any], verify: Callable[..., Any]) -> tuple[Any, str]:
    """Return the statement, or None and why the certificate does not hold."""
    try:
        return verify(certificate), ""
    except Exception as problem:  # a file is hostile until it is verified: whatever it provokes is a rejection
        return None, f"rejected: {type(problem).__name__}: {problem}"


def _said(statement: Any) -> dict[str, Any]:
    parts = ("property", "params", "verdict", "graph")
    return {part: plain(getattr(statement, part)) for part in parts}


def _finding(target: str, finding: Finding, verify: Callable[..., Any]) -> Checked:
    name = f"{target} {finding.id}"
    if finding.certificate is None:
        return Checked(name, False, f"is {finding.verdict} without a certificate")
    statement, why = _check(finding.certificate, verify)
    if statement is None:
        return Checked(name, False, why)
    said, told = _said(statement), _said(finding)
    differ = [
        f"{part} {told[part]!r} in the report, {said[part]!r} in the certificate"
        for part in said
        if said[part] != told[part]
    ]
    return Checked(name, not differ, "; ".join(differ) or f"{said['verdict']}, verified")


def reverify(data: Mapping[str, Any], verify: Callable[..., Any]) -> Iterator[Checked]:
    """Verify the certificates in a report, in several merged reports, or one bare certificate.

    Theory that is proved or refuted without a certificate does not hold either.

    Raises
    ------
    ValueError
        If ``data`` is none of the three.
    """
    if "losscheck" in data and "proof" in data:
        statement, why = _check(data, verify)
        told = "" if statement is None else f"{_said(statement)['verdict']}, verified, graph {statement.graph}"
        yield Checked(str(data.get("claim", {}).get("property", "certificate")), statement is not None, told or why)
        return
    for report in split(data):
        for finding in report.findings:
            decided = finding.layer == "theory" and finding.verdict in (Verdict.PROVED, Verdict.REFUTED)
            if decided or finding.certificate is not None:
                yield _finding(report.target, finding, verify)
