"""Replay a finding: audit its property again as the report did, in a fresh process, and say whether it still stands."""

from __future__ import annotations

import os
from collections.abc import Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from losscheck.auditing import audit
from losscheck.claim import Standing
from losscheck.comparing import compare
from losscheck.finding import Finding
from losscheck.reporting.report import RANK, Report
from losscheck.reporting.reproduce import AGAINST, ORACLE
from losscheck.verdict import Severity, Verdict


class Replay(StrEnum):
    """What became of a finding."""

    FIXED = "FIXED"
    """The property now holds, or its claim is met."""
    FAILED = "FAILED"
    """It breaks as before."""
    ERROR = "ERROR"
    """It could not be decided again: the target does not load or run, or nothing is known."""


class Replayed(NamedTuple):
    """What became of a finding, and the finding of now where there is one."""

    state: Replay
    message: str
    finding: Finding | None = None


def find(reports: Sequence[Report], wanted: str) -> tuple[Report, Finding]:
    """Return the finding with this replay id, or with this finding id where only one report has it.

    Raises
    ------
    ValueError
        If none or several match; the message lists what can be replayed.
    """
    pairs = [(report, finding) for report in reports for finding in report.findings]
    exact = [pair for pair in pairs if wanted in (pair[1].replay_id, f"{pair[0].target} {pair[1].id}")]
    named = [pair for pair in pairs if pair[1].id == wanted]
    found = exact or named
    if len(found) == 1:
        return found[0]
    shown = found or sorted((pair for pair in pairs if _wrong(pair[1])), key=lambda pair: RANK[pair[1].severity])
    listed = "; ".join(f"{f.replay_id} ({report.target} {f.id})" for report, f in shown[:20]) or "none went wrong"
    said = f"several findings are {wanted!r}" if found else f"no finding {wanted!r}"
    raise ValueError(f"{said}; give the replay id of one: {listed}")


def replay(report: Report, finding: Finding) -> Replayed:
    """Audit the property of ``finding`` again, with the arguments of ``report``.

    Raises
    ------
    ValueError
        If the finding says nothing wrong of the loss, or the loss has no address to load it from.
    """
    if not _wrong(finding):
        raise ValueError(f"{finding.id} is {finding.verdict} with severity {finding.severity}: nothing to replay")
    kept = os.environ.get("LOSSCHECK_CACHE")
    os.environ["LOSSCHECK_CACHE"] = "off"  # what is asked is what happens now
    try:
        now = _again(report, finding)
    except ImportError as problem:
        return Replayed(Replay.ERROR, str(problem))
    finally:
        if kept is None:
            del os.environ["LOSSCHECK_CACHE"]
        else:
            os.environ["LOSSCHECK_CACHE"] = kept
    same = [each for each in now.findings if each.id == finding.id]
    if not same:
        broken = [each for each in now.findings if each.severity is Severity.ERROR]
        said = broken[0].message if broken else "the audit has no such finding any more"
        return Replayed(Replay.ERROR, said)
    return Replayed(_state(same[0]), same[0].message, same[0])


def _wrong(finding: Finding) -> bool:
    bad = finding.severity in (Severity.ERROR, Severity.WARNING)
    return bad or finding.verdict is Verdict.REFUTED


def _state(now: Finding) -> Replay:
    if now.standing is Standing.MET:
        return Replay.FIXED
    if now.verdict is Verdict.REFUTED or (now.standing is Standing.VIOLATED and now.verdict is Verdict.PROVED):
        return Replay.FAILED
    holds = now.verdict in (Verdict.PROVED, Verdict.SUPPORTED) and now.standing is None
    return Replay.FIXED if holds else Replay.ERROR


def _again(report: Report, finding: Finding) -> Report:
    asked: dict[str, Any] = {
        "kind": report.kind,
        "signature": report.signature,
        "params": report.params,
        "dtypes": report.dtypes,
        "effort": report.effort,
        "seed": report.seed,
    }
    classes = report.n_classes or (3,)
    impl, compared, reference = report.target.partition(AGAINST)
    if ORACLE in report.target or not all(":" in part for part in (impl, reference) if part):
        raise ValueError(f"{report.target} has no address to load it from; replay needs package.module:attr targets")
    if compared:
        return compare(impl, reference, n_classes=classes[0], **asked)
    claims = {} if finding.claim is None else {finding.id: finding.claim}
    return audit(
        report.target,
        n_classes=classes if len(classes) > 1 else classes[0],
        claims=claims,
        properties=[(finding.property, _asked(finding)) if finding.params else finding.property],
        **asked,
    )


def _asked(finding: Finding) -> dict[str, Any]:
    """Return the parameters of the finding that the property takes: an answer may have added its own."""
    from losscheck.property import properties

    entry = properties().get(finding.property)
    if entry is None:
        return finding.params
    taken = {*entry.params, *entry.required, *entry.one_of, *entry.optional}
    return {key: value for key, value in finding.params.items() if key in taken}
