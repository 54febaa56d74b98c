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
    emit({"step": "load"})
    try:
        (function, params), (other, other_params) = job.get("objects") or [
            pickle.loads(base64.b64decode(each)) for each in job["pickles"]
        ]
        function, other = (load_target(f) if isinstance(f, str) else f for f in (function, other))
    except Exception as error:
        emit({"unloadable": f"{type(error).__name__}: {error}", "traceback": traceback.format_exc()})
        return
    emit({"step": "call"})
    pair: Pair | Raised
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
        pair = Pair(function, trial, params=params, max_ulp=job["max_ulp"])
    except Raised as error:
        pair = error
    for question in job["questions"]:
        _answer_one(job, emit, pair, question)


def _answer_one(job: dict[str, Any], emit: Emit, pair: Pair | Raised, question: dict[str, Any]) -> None:
    index, law = question["index"], question["property"]
    emit({"step": "behaviour", "index": index, "property": law})
    began = time.perf_counter()
    try:
        with np.errstate(all="ignore"):
            if isinstance(pair, Raised):
                outcome = unsupported(
                    f"the reference raises on an ordinary input: {pair}", reason="the reference raised"
                )
            else:
                traced = job.get("trace") == index
                pair.trace = (lambda witness: emit({"calling": witness, "index": index})) if traced else None
                outcome = ONCE[law](pair) if law in ONCE else same_calls(pair, law, question["dtype"])
    except Exception:
        outcome = Outcome(Verdict.ERROR, f"{law} failed: {traceback.format_exc()}", reason="defect of losscheck")
    emit({"index": index, "outcome": pack(outcome), "graph": None, "seconds": time.perf_counter() - began})
    emit({"end": index})
