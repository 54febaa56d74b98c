"""Answer a comparison in the worker: load both losses, make every call of both, say each outcome as it is known."""

from __future__ import annotations

import base64
import pickle
import time
import traceback
from collections.abc import Callable
from typing import Any

import numpy as np

from losscheck.behaviour.calling import Raised
from losscheck.behaviour.trial import Trial
from losscheck.comparison.laws import ONCE, same_calls
from losscheck.comparison.pair import Pair
from losscheck.loss import load_target
from losscheck.signature import parse
from losscheck.verdict import Outcome, Verdict, unsupported
from losscheck.worker_transport import pack

Emit = Callable[[dict[str, Any]], None]


def answer_comparison(job: dict[str, Any], emit: Emit) -> None:
    """Answer every question of ``job``: messages as for an audit (`losscheck.answering`)."""
    loaded = load(job, emit)
    if loaded is None:
        return
    (function, params), (other, other_params) = loaded
    emit({"step": "call"})
    try:
        trial = Trial(
            other,
            parse(job["signature"]),
            params=other_params,
            n_classes=job["n_classes"],
            dtypes=tuple(job["dtypes"]),
            effort=job["effort"],
            seed=job["seed"],
        )
    except Raised as error:
        nothing = unsupported(f"the reference raises on an ordinary input: {error}", reason="raises")
        answer_each(job, emit, lambda law, dtype: nothing)
        return
    pair = Pair(function, trial, params=params, max_ulp=job["max_ulp"])
    if "trace" in job:
        pair.trace = lambda witness: emit({"calling": witness, "index": job["trace"]})
    answer_each(job, emit, lambda law, dtype: ONCE[law](pair) if dtype is None else same_calls(pair, law, dtype))


def load(job: dict[str, Any], emit: Emit) -> list[tuple[Callable[..., Any], dict[str, Any]]] | None:
    """Return the losses of a job with their parameters; None, once that is said, where one cannot be loaded."""
    emit({"step": "load"})
    try:
        sent = job.get("objects") or [pickle.loads(base64.b64decode(each)) for each in job["pickles"]]
        return [(load_target(f) if isinstance(f, str) else f, dict(params)) for f, params in sent]
    except Exception as error:
        emit({"unloadable": f"{type(error).__name__}: {error}", "traceback": traceback.format_exc()})
        return None


def answer_each(job: dict[str, Any], emit: Emit, ask: Callable[[str, str | None], Outcome]) -> None:
    """Ask every question, a law and a format, and say each outcome; what fails is a defect of ours."""
    for question in job["questions"]:
        index, law = question["index"], question["property"]
        emit({"step": "behaviour", "index": index, "property": law})
        began = time.perf_counter()
        try:
            with np.errstate(all="ignore"):
                outcome = ask(law, question["dtype"])
        except Exception:
            outcome = Outcome(Verdict.ERROR, f"{law} failed: {traceback.format_exc()}", reason="defect of losscheck")
        emit({"index": index, "outcome": pack(outcome), "graph": None, "seconds": time.perf_counter() - began})
        emit({"end": index})
