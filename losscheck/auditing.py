"""Audit a loss: ask every property that applies, in a process of its own, and report what is true of it."""

from __future__ import annotations

import base64
import hashlib
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from losscheck.address import address, guesses, in_words
from losscheck.answering import answer
from losscheck.asking import ask
from losscheck.assembling import assemble
from losscheck.cache import cache_file
from losscheck.finding import Finding
from losscheck.loss import as_loss
from losscheck.reporting.report import Report
from losscheck.request import Request, request, timeout_seconds
from losscheck.spreading import spread

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
        Keyword arguments bound to the loss. A pair of numbers, ``{"gamma": (0, 5)}``, asks for every value between
        them: theory is proved for all, refuted with one, or proved on parts; behaviour is tried at one value inside.
    claims, waive
        What the loss declares, and findings accepted for a reason, both keyed by finding id.
    properties
        Names, or pairs of a name and its parameters; None asks all that apply.
    dtypes, device
        The float formats to try the code in, and where torch puts the numbers for it (``"cuda"``); losses of other
        libraries, and the reading of the code, take the CPU.
    effort
        ``quick``, ``ci`` or ``thorough``: a budget of work, the same on every machine.
    timeout
        Seconds; a finding it stops is undecided, and the report is marked not reproducible.
    seed
        Seeds every input.
    executor
        Any `concurrent.futures.Executor`: the properties are asked through it, a few at a time, and the report is the
        same, times aside. Threads will do: each drives a worker process of its own.
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
    if executor is not None and not callable(getattr(executor, "submit", None)):
        raise TypeError(f"executor={executor!r} has no submit; give a concurrent.futures.Executor, or leave it out")
    began = time.perf_counter()
    asked = request(
        as_loss(loss), kind, signature, n_classes, params, claims, waive, properties, dtypes, effort, seed, device
    )
    notes: list[str] = []
    told = in_words(asked.params)
    where = address(loss) if told else None
    job = {**job_of(asked, plots=properties is None), "guesses": guesses(loss) if told and where is None else []}
    messages = _messages(job, asked, timeout_seconds(timeout), notes, executor)
    return assemble(asked, messages, notes, began=began, progress=progress, address=where)


def job_of(asked: Request, *, plots: bool) -> dict[str, Any]:
    """Return what a worker is told, the loss itself aside; ``plots`` asks for curves, counterexamples' too."""
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
        "device": asked.device,
        "cache": str(kept) if kept else None,
        "path": list(sys.path),
        "directory": os.getcwd(),
        "questions": questions,
        "plots": plots,
        "drawn": plots,
    }


def _messages(
    job: dict[str, Any], asked: Request, timeout: float | None, notes: list[str], executor: Any
) -> Iterator[dict[str, Any]]:
    """Answer the job in the worker; a loss that cannot travel is answered here, and a note says so."""
    travels = (asked.loss.function, asked.params)
    try:
        packed = {**job, **pickled(asked)}
    except Exception as error:  # pickling runs the loss's own code: anything may come
        notes.append(IN_PROCESS.format(f"{type(error).__name__}: {error}"))
        seen: list[dict[str, Any]] = []
        answer({**job, "object": travels, "digest": None}, seen.append)
        return (message for message in seen if {"outcome", "unloadable", "plots", "address"} & message.keys())
    return ask(packed, timeout) if executor is None else spread(packed, timeout, executor)


def pickled(asked: Request) -> dict[str, str]:
    """Return the loss as it travels to a worker of ours; pickling runs its own code, so anything may be raised."""
    import cloudpickle

    data = cloudpickle.dumps((asked.loss.function, asked.params))
    return {"pickle": base64.b64encode(data).decode(), "digest": hashlib.sha256(data).hexdigest()}
