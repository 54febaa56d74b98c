"""Make a report of what a worker, or several, answered about one loss."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from losscheck.chaining import contradictions
from losscheck.docstring import references
from losscheck.environment import environment, library_of_target
from losscheck.finding import Finding
from losscheck.ranges import sample, shown, split
from losscheck.remembering import told
from losscheck.reporting.report import Report
from losscheck.request import Request
from losscheck.verdict import Severity, Verdict
from losscheck.worker_transport import unpack


def assemble(
    asked: Request,
    messages: Iterable[Mapping[str, Any]],
    notes: list[str],
    *,
    began: float,
    progress: Callable[[Finding], None] | None = None,
    address: str | None = None,
) -> Report:
    """Return the report of ``messages``; ``notes`` may still grow while they come, and an address may be found.

    Raises
    ------
    ImportError
        When the loss cannot be loaded.
    """
    findings: list[Finding] = []
    plots: dict[str, Any] = {}
    cached: list[bool] = []
    for message in messages:
        if "unloadable" in message:
            raise ImportError(f"loss={asked.loss.name} cannot be loaded: {message['unloadable']}")
        if "plots" in message:
            for name, plot in message["plots"].items():
                plots.setdefault(name, plot)  # parts for other numbers of classes draw theirs too
            notes += [f"no curves could be drawn: {message['unplotted']}"] if "unplotted" in message else []
            continue
        if "address" in message:
            address = message["address"]
            continue
        cached.append(bool(message.get("cached")))
        finding = _finding(asked, message)
        # A property with its parameters left open may answer the very question that a claim asks with them.
        if any(f.id == finding.id and f == replace(finding, seconds=f.seconds) for f in findings):
            continue
        findings.append(finding)
        if progress is not None:
            progress(finding)
    library = library_of_target(asked.loss.name)
    return Report(
        target=asked.loss.name,
        address=address,
        findings=tuple(_without_contradictions(asked.kind, findings)),
        plots=dict(sorted(plots.items(), key=lambda each: each[0].startswith("counterexample"))),
        kind=asked.kind,
        signature=asked.signature.text,
        n_classes=asked.classes,
        params=shown(asked.params),
        dtypes=asked.dtypes,
        effort=asked.effort,
        seed=asked.seed,
        notes=(*notes, *_where_tried(asked), *told(cached)),
        environment=environment()
        | ({"library": library} if library else {})
        | ({"device": asked.device} if asked.device != "cpu" else {}),
        reproducible=not any(f.reason == "timeout" for f in findings),
        seconds=time.perf_counter() - began,
    )


def _where_tried(asked: Request) -> list[str]:
    """Say at which values of parameters with a range the code ran."""
    inside = ", ".join(f"{name} = {x:g}" for name, x in sample(split(asked.params)[1]).items())
    behaviour = any(question.property.layer == "behaviour" for question in asked.questions)
    return [f"behaviour was tried at {inside}, inside the range"] if inside and behaviour else []


def _finding(asked: Request, message: Mapping[str, Any]) -> Finding:
    question = asked.questions[message["index"]]
    return Finding.join(
        unpack(message["outcome"]),
        question.property.name,
        layer=question.property.layer,
        params=question.params,
        n_classes=question.n_classes,
        several_classes=len(asked.classes) > 1,
        claims=asked.claims,
        waive=asked.waive,
        graph=message["graph"],
        references=(*references(question.property.doc), *asked.loss.references),
        seconds=message["seconds"],
        target=asked.loss.name,
    )


def _without_contradictions(kind: str | None, findings: list[Finding]) -> list[Finding]:
    """Turn certified findings that contradict a theorem into errors: some proof or some theorem is wrong."""
    out = list(findings)
    for graph in sorted({f.graph for f in findings if f.graph}):
        held = {i: f for i, f in enumerate(findings) if f.graph == graph and not f.params}
        facts = {f.property: f.verdict is Verdict.PROVED for f in held.values() if f.certificate is not None}
        for theorem, names in contradictions(kind, facts):
            message = f"these certified answers contradict the theorem {theorem.name}: {theorem.statement}"
            for i, f in held.items():
                if f.property in names:
                    out[i] = replace(
                        f, verdict=Verdict.ERROR, severity=Severity.ERROR, message=message, reason="contradiction"
                    )
    return out
