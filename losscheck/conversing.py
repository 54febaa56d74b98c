"""Send losses and a job to the worker and hear its answers; losses that cannot travel are answered here."""

from __future__ import annotations

import base64
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from losscheck.asking import ask
from losscheck.auditing import IN_PROCESS
from losscheck.environment import environment
from losscheck.finding import Finding
from losscheck.reporting.report import Report
from losscheck.request import Request
from losscheck.worker_transport import unpack

Emit = Callable[[dict[str, Any]], None]
Question = tuple[str, str | None]


def converse(
    asked: Request,
    target: str,
    job: dict[str, Any],
    sent: Sequence[Any],
    questions: Sequence[Question],
    answer: Callable[[dict[str, Any], Emit], None],
    address: str | None = None,
) -> Report:
    """Return the report of ``questions``, pairs of a law and a format, about the losses ``sent`` and their ``address``.

    Raises
    ------
    ImportError
        When a loss cannot be loaded.
    """
    whole = {
        **job,
        "signature": asked.signature.text,
        "n_classes": asked.classes[0] if asked.classes else 3,
        "dtypes": list(asked.dtypes),
        "effort": asked.effort,
        "seed": asked.seed,
        "path": list(sys.path),
        "directory": os.getcwd(),
        "questions": [
            {"index": i, "layer": "behaviour", "property": law, "dtype": dtype}
            for i, (law, dtype) in enumerate(questions)
        ],
    }
    notes: list[str] = []
    findings = []
    for message in _messages(whole, sent, answer, notes):
        if "unloadable" in message:
            raise ImportError(f"{target} cannot be loaded: {message['unloadable']}")
        law, _ = questions[message["index"]]
        outcome = unpack(message["outcome"])
        findings.append(Finding.join(outcome, law, layer="behaviour", seconds=message["seconds"], target=target))
    return Report(
        target=target,
        address=address,
        findings=tuple(findings),
        kind=asked.kind,
        signature=asked.signature.text,
        n_classes=asked.classes,
        params=asked.params,
        dtypes=asked.dtypes,
        effort=asked.effort,
        seed=asked.seed,
        notes=tuple(notes),
        environment=environment(),
        seconds=sum(each.seconds or 0.0 for each in findings),
    )


def _messages(
    job: dict[str, Any], sent: Sequence[Any], answer: Callable[[dict[str, Any], Emit], None], notes: list[str]
) -> Iterator[dict[str, Any]]:
    import cloudpickle

    try:
        # Apart from each other, so that what one remembers the other does not see.
        pickles = [base64.b64encode(cloudpickle.dumps(each)).decode() for each in sent]
    except Exception as error:  # pickling runs the losses' own code: anything may come
        notes.append(IN_PROCESS.format(f"{type(error).__name__}: {error}"))
        seen: list[dict[str, Any]] = []
        answer({**job, "objects": list(sent)}, seen.append)
        return (message for message in seen if {"outcome", "unloadable"} & message.keys())
    return ask({**job, "pickles": pickles})
