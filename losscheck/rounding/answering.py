"""Answer a check in the worker: lift the loss, call the implementation, compare with correctly rounded numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from losscheck.behaviour.calling import Raised
from losscheck.behaviour.trial import Trial
from losscheck.comparison.answering import answer_each, load
from losscheck.lifting.unsupported import Unsupported
from losscheck.rounding.laws import Check
from losscheck.rounding.oracle import Oracle
from losscheck.signature import parse
from losscheck.verdict import unsupported


def answer_check(job: dict[str, Any], emit: Callable[[dict[str, Any]], None]) -> None:
    """Answer every question of ``job``: messages as for an audit (`losscheck.answering`)."""
    loaded = load(job, emit)
    if loaded is None:
        return
    (function, given), (loss, params) = loaded
    try:
        emit({"step": "lift"})
        oracle = Oracle.of(
            loss, kind=job["kind"], signature=job["signature"], n_classes=job["classes"] or 3, params=params
        )
        emit({"step": "call"})
        trial = Trial(
            function,
            parse(job["signature"]),
            params=given,
            n_classes=job["n_classes"],
            dtypes=tuple(job["dtypes"]),
            effort=job["effort"],
            seed=job["seed"],
        )
    except (Raised, Unsupported) as error:
        nothing = unsupported(str(error), reason=type(error).__name__.lower())
        answer_each(job, emit, lambda law, dtype: nothing)
        return
    check = Check(oracle, trial, job["max_ulp"])
    answer_each(job, emit, lambda law, dtype: check.answer(law, dtype or trial.dtype))
