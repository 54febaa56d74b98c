"""Audit a loss: ask every property that applies, in a process of its own, and report what is true of it."""

from __future__ import annotations

import base64
import hashlib
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from losscheck.answering import answer
from losscheck.asking import ask
from losscheck.cache import cache_file
from losscheck.chaining import contradictions
from losscheck.docstring import references
from losscheck.environment import environment
from losscheck.finding import Finding
from losscheck.loss import as_loss
from losscheck.remembering import told
from losscheck.reporting.report import Report
from losscheck.request import Request, request, timeout_seconds
from losscheck.verdict import Severity, Verdict
from losscheck.worker_transport import unpack

IN_PROCESS = "the loss cannot be sent to another process ({}), so it ran in this one, without limits on time and memory"


def audit(
    loss: Any,
    kind: str | None = None,
    signature: str | None = None,
    n_classes: int | Sequence[int] = 3,
    params: Mapping[str, Any] | None = None,
    claims: Mapping[str, Any] | None = None,
    waive: Mapping[str, str] | None = None,
    properties: Iterable[str | tuple[str, Mapping[str, Any]]] | None = None,
    dtypes: Sequence[str] = ("float64", "float32", "float16", "bfloat16"),
    device: str = "cpu",
    effort: str = "ci",
    timeout: float | None = None,
    seed: int = 0,
    executor: Any = None,
    progress: Callable[[Finding], None] | None = None,
) -> Report:
    """Say what is true of ``loss``, with proof, and where its code breaks.

    Parameters
    ----------
    loss
        A callable, a ``torch.nn.Module``, a target (``"package.module:attr"``, ``"path/file.py:attr"``) or a
        `losscheck.Loss`.
    kind, signature
        How it is called: one of `losscheck.kinds.KINDS`, and a signature that narrows its domains; a signature alone
        asks for behaviour only. The kind of well-known torch losses is known.
    n_classes
        One number of classes K or several; ignored where the signature has no K.
    params
        Keyword arguments bound to the loss.
    claims, waive
        What the loss declares, and findings accepted for a reason, both keyed by finding id.
    properties
        Names, or pairs of a name and its parameters; None asks all that apply.
    dtypes, device
        The float formats to try the code in; only the CPU is supported.
    effort
        ``quick``, ``ci`` or ``thorough``: a budget of work, the same on every machine.
    timeout
        Seconds; a finding it stops is undecided, and the report is marked not reproducible.
    seed
        Seeds every input.
    executor
        Must be None in this version.
    progress
        Called with each finding as it arrives.

    Raises
    ------
    ValueError, TypeError
        When an argument is not allowed; the message names what is.
    ImportError
        When the target cannot be loaded.

    Notes
    -----
    Answers are kept on disk (`losscheck.cache`) under digests of the loss, the libraries and this package; the
    report notes how many came from there. The environment variable ``LOSSCHECK_CACHE`` names another folder, or is
    ``off``.
    """
    if executor is not None:
        raise ValueError(f"executor={executor!r}: this version audits in its own worker only; leave executor out")
    if device != "cpu":
        raise ValueError(f"device={device!r}: this version audits on the CPU only; leave device out")
    began = time.perf_counter()
    asked = request(as_loss(loss), kind, signature, n_classes, params, claims, waive, properties, dtypes, effort, seed)
    notes: list[str] = []
    job = {**_job(asked), "plots": properties is None}
    messages = _messages(job, asked, timeout_seconds(timeout), notes)
    findings: list[Finding] = []
    plots: dict[str, Any] = {}
    cached: list[bool] = []
    for message in messages:
        if "unloadable" in message:
            raise ImportError(f"loss={asked.loss.name} cannot be loaded: {message['unloadable']}")
        if "plots" in message:
            plots = message["plots"]
            notes += [f"no curves could be drawn: {message['unplotted']}"] if "unplotted" in message else []
            continue
        cached.append(bool(message.get("cached")))
        finding = _finding(asked, message)
        findings.append(finding)
        if progress is not None:
            progress(finding)
    return Report(
        target=asked.loss.name,
        findings=tuple(_without_contradictions(asked.kind, findings)),
        plots=plots,
        kind=asked.kind,
        signature=asked.signature.text,
        n_classes=asked.classes,
        params=asked.params,
        dtypes=asked.dtypes,
        effort=effort,
        seed=seed,
        notes=(*notes, *told(cached)),
        environment=environment(),
        reproducible=not any(f.reason == "timeout" for f in findings),
        seconds=time.perf_counter() - began,
    )


def _job(asked: Request) -> dict[str, Any]:
    kept = cache_file()
    questions = [
        {
            "index": i,
            "property": q.property.name,
            "layer": q.property.layer,
            "params": q.params,
            "n_classes": q.n_classes,
        }
        for i, q in enumerate(asked.questions)
    ]
    return {
        "kind": asked.kind,
        "signature": asked.signature.text,
        "dtypes": list(asked.dtypes),
        "effort": asked.effort,
        "seed": asked.seed,
        "cache": str(kept) if kept else None,
        "path": list(sys.path),
        "directory": os.getcwd(),
        "questions": questions,
    }


def _messages(job: dict[str, Any], asked: Request, timeout: float | None, notes: list[str]) -> Iterator[dict[str, Any]]:
    """Answer the job in the worker; a loss that cannot travel is answered here, and a note says so."""
    import cloudpickle

    travels = (asked.loss.function, asked.params)
    try:
        data = cloudpickle.dumps(travels)
    except Exception as error:  # pickling runs the loss's own code: anything may come
        notes.append(IN_PROCESS.format(f"{type(error).__name__}: {error}"))
        seen: list[dict[str, Any]] = []
        answer({**job, "object": travels, "digest": None}, seen.append)
        return (message for message in seen if {"outcome", "unloadable", "plots"} & message.keys())
    digest = hashlib.sha256(data).hexdigest()
    return ask({**job, "pickle": base64.b64encode(data).decode(), "digest": digest}, timeout)


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
