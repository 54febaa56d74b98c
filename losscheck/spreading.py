"""Spread the questions of an audit over an executor: threads, processes, Dask, or anything else with ``submit``.

A part is a few questions about one loss for one number of classes, as JSON. Wherever it lands it is answered by a
worker process that is started there with subprocess, so a part may run inside a daemonic process too. Parts depend on
nothing but themselves: one lost with its machine is run again elsewhere, and the same part gives the same answers.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from losscheck.asking import ask

SIZE = 16
"""Questions of one part: each part loads and reads the loss once, which costs about as much as a few questions."""

WHOLE = 1 << 30
"""All questions of a layer in one part: they share the reading of the loss and the premises proved on the way.

For a sweep, which has other points to keep the workers busy; in parts of `SIZE` its points cost a fifth more.
"""


def parts(job: dict[str, Any], size: int = SIZE) -> list[dict[str, Any]]:
    """Return the job as parts; which question lies in which part depends on nothing but the job and the size.

    >>> each = [{"index": i, "layer": "behaviour", "n_classes": None} for i in range(20)]
    >>> [len(part["questions"]) for part in parts({"questions": each, "plots": True})]
    [16, 4]
    >>> len(parts({"questions": each, "plots": True}, WHOLE))
    1
    """
    groups: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for question in job["questions"]:
        groups.setdefault((question["layer"], question["n_classes"]), []).append(question)
    out = []
    for (layer, _), questions in groups.items():
        for start in range(0, len(questions), size):
            # Curves are drawn once for each number of classes; the first that come are the report's.
            plots = bool(job["plots"]) and layer == "theory" and start == 0
            out.append({**job, "questions": questions[start : start + size], "plots": plots})
    return out


def answer_part(part: dict[str, Any], deadline: float | None = None) -> list[dict[str, Any]]:
    """Answer one part in the worker of this process; this is what an executor runs. The last message closes it.

    The part has until ``deadline``, or as many seconds as it says itself, under ``timeout``.
    """
    left = part.get("timeout") if deadline is None else max(1e-3, deadline - time.time())
    return [*ask(part, left), {"closed": [question["index"] for question in part["questions"]]}]


def spread(job: dict[str, Any], timeout: float | None, executor: Any) -> Iterator[dict[str, Any]]:
    """Yield the messages of all parts, in the order of the parts whatever order they end in."""
    deadline = None if timeout is None else time.time() + timeout
    waiting = [executor.submit(answer_part, part, deadline) for part in parts(job)]
    try:
        yield from joined(future.result() for future in waiting)
    finally:
        for future in waiting:
            future.cancel()


def joined(answers: Iterator[list[dict[str, Any]]]) -> Iterator[dict[str, Any]]:
    """Yield the messages of the parts of one job, in their order.

    Raises
    ------
    RuntimeError
        When an executor hands back a part without its answers: a claim must not be met because nobody asked.
    """
    for messages in answers:
        if not messages or "closed" not in messages[-1]:
            raise RuntimeError("the executor gave back a part of the audit without its answers; run it again")
        yield from messages[:-1]
