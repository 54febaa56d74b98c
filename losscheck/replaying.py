"""Replay a finding: run what it stored through the code of now, in a fresh process, and say whether it still stands.

A behaviour: its property is asked with the stored input in place of the inputs it would choose. A theorem: the stored
proof or counterexample is verified again, about the graph that the code has now. Only where what was stored no longer
shows the fault is the property audited as it was, so that FIXED means that it holds, and not that the fault has moved.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from losscheck.asking import ask
from losscheck.assembling import assemble
from losscheck.auditing import job_of, pickled
from losscheck.behaviour.stored import stored_inputs
from losscheck.claim import Standing
from losscheck.comparing import compare
from losscheck.finding import Finding
from losscheck.loss import as_loss
from losscheck.reporting.report import RANK, Report
from losscheck.reporting.reproduce import AGAINST, address, own_params
from losscheck.request import request
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
    shown = found or sorted((pair for pair in pairs if wrong(pair[1])), key=lambda pair: RANK[pair[1].severity])
    listed = "; ".join(f"{f.replay_id} ({report.target} {f.id})" for report, f in shown[:20]) or "none went wrong"
    said = f"several findings are {wanted!r}" if found else f"no finding {wanted!r}"
    raise ValueError(f"{said}; give the replay id of one: {listed}")


def replay(report: Report, finding: Finding) -> Replayed:
    """Say what became of ``finding``, asked with the arguments of ``report``.

    Raises
    ------
    ValueError
        If the finding says nothing wrong of the loss, or the loss has no address to load it from.
    """
    if not wrong(finding):
        raise ValueError(f"{finding.id} is {finding.verdict} with severity {finding.severity}: nothing to replay")
    where = address(report)
    if where is None:
        raise ValueError(
            f"{report.target} has no address to load it from; replay needs a loss that a module holds under a name "
            "(package.module:attr, path/file.py:attr), or one of the catalogue"
        )
    try:
        if AGAINST in where:
            return _judged(finding, _compared(report, where), "")
        now = _stored(report, where, finding)
        if now is not None and _state(now) is Replay.FAILED:
            return Replayed(Replay.FAILED, f"{_told(now, finding)}{now.message}", now)
        return _judged(finding, _audited(report, where, finding), "" if now is None else _before(finding))
    except ImportError as problem:
        return Replayed(Replay.ERROR, str(problem))


def wrong(finding: Finding) -> bool:
    """Whether a finding says something to replay: a fault, or a property that the loss does not have."""
    bad = finding.severity in (Severity.ERROR, Severity.WARNING)
    return bad or finding.verdict is Verdict.REFUTED


def _told(now: Finding, then: Finding) -> str:
    """Say which input it is, before what is wrong with it; a search may have gone on from the stored one."""
    if now.layer == "theory":
        return ""
    stored = (now.witness or {}).get("inputs") == (then.witness or {}).get("inputs")
    return f"{'at' if stored else 'next to'} the stored input: "


def _before(finding: Finding) -> str:
    """Say what the stored evidence no longer does, before what an audit of now says."""
    if finding.layer == "behaviour":
        return "the stored input is fine now; "
    return "the stored certificate does not hold of the code of now; "


def _judged(finding: Finding, now: Report, before: str) -> Replayed:
    same = [each for each in now.findings if _same(each, finding)]
    if not same:
        broken = [each for each in now.findings if each.severity is Severity.ERROR]
        said = broken[0].message if broken else "the audit has no such finding any more"
        return Replayed(Replay.ERROR, said)
    return Replayed(_state(same[0]), f"{before}{same[0].message}", same[0])


def _same(now: Finding, then: Finding) -> bool:
    """Whether both answer one question; the id names the number of classes only where several were asked."""
    return (now.property, now.dtype) == (then.property, then.dtype) and now.params == then.params


def _state(now: Finding) -> Replay:
    if now.standing is Standing.MET:
        return Replay.FIXED
    if now.verdict is Verdict.REFUTED or (now.standing is Standing.VIOLATED and now.verdict is Verdict.PROVED):
        return Replay.FAILED
    holds = now.verdict in (Verdict.PROVED, Verdict.SUPPORTED) and now.standing is None
    return Replay.FIXED if holds else Replay.ERROR


def _arguments(report: Report, finding: Finding) -> tuple[Any, ...]:
    """Return what `request` takes after the loss, to ask the question of one finding without a cache."""
    classes = finding.n_classes or (report.n_classes[0] if report.n_classes else 3)
    claimed = {} if finding.claim is None else {finding.property: finding.claim, finding.id: finding.claim}
    asked = [(finding.property, own_params(report, finding))]
    dtypes = report.dtypes or ("float64",)
    return (
        *(report.kind, report.signature, classes, params_of(report), claimed, None, asked),
        *(dtypes, report.effort, report.seed, report.environment.get("device", "cpu")),
    )


def params_of(report: Report) -> dict[str, Any]:
    """Return the parameters that the loss of a report was bound to, ranges as pairs."""
    from losscheck.ranges import read

    return {key: (isinstance(value, str) and read(value)) or value for key, value in report.params.items()}


def _stored(report: Report, where: str, finding: Finding) -> Finding | None:
    """Return what the stored input or certificate shows of the code of now, None where none was stored."""
    asked = request(as_loss(where), *_arguments(report, finding))
    if finding.layer == "theory":
        kept = finding.certificate is not None
    else:
        kept = stored_inputs(finding.witness, [each.name for each in asked.signature.arguments]) is not None
    if not kept:
        return None
    job = {**job_of(asked, plots=False), "cache": None}
    stored = {"certificate": finding.certificate, "witness": finding.witness}
    job["questions"] = [{**each, "stored": stored} for each in job["questions"]]
    found = assemble(asked, ask({**job, **pickled(asked)}), [], began=time.perf_counter()).findings
    return next((each for each in found if _same(each, finding)), None)


def _audited(report: Report, where: str, finding: Finding) -> Report:
    asked = request(as_loss(where), *_arguments(report, finding))
    messages = ask({**job_of(asked, plots=False), "cache": None, **pickled(asked)})
    return assemble(asked, messages, [], began=time.perf_counter(), address=where)


def _compared(report: Report, where: str) -> Report:
    impl, _, reference = where.partition(AGAINST)
    return compare(
        impl,
        reference,
        kind=report.kind,
        signature=report.signature,
        n_classes=report.n_classes[0] if report.n_classes else 3,
        params=report.params,
        dtypes=report.dtypes,
        effort=report.effort,
        seed=report.seed,
    )
