"""Questions about regression losses, as rows of truths worked out by hand."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any

from losscheck.lifting.lifted import Lifted
from losscheck.lifting.lifting import lift
from losscheck.property import properties
from losscheck.verdict import Outcome, Verdict

REAL, POSITIVE, MIXED = None, "yhat:(N,):positive y:(N,):positive", "yhat:(N,):real y:(N,):positive"
Question = tuple[str, tuple[tuple[str, Any], ...]]
Row = tuple[Callable[..., Any], str | None, dict[Question, Any]]
SHORT = {
    "influence": "bounded_influence", "degree": "homogeneous_degree", "below": "bounded_below",
    "above": "bounded_above",
}  # fmt: skip


def functional(name: str, level: float | None = None) -> Question:
    """Whether a functional is elicited."""
    return "elicits", (("functional", name), *((("level", level),) if level is not None else ()))


def act(y: list[float], w: list[float]) -> Question:
    """The Bayes act of a law."""
    return "bayes_act", (("y", tuple(y)), ("w", tuple(w)))


def shape(**truth: Any) -> dict[Question, Any]:
    """Questions without parameters, by short names."""
    return {(SHORT.get(name, name), ()): value for name, value in truth.items()}


MEAN, MEDIAN = functional("mean"), functional("median")


@cache
def _lifted(fn: Callable[..., Any], signature: str | None) -> Lifted:
    return lift(fn, kind="regression", signature=signature)


@cache
def said(fn: Callable[..., Any], signature: str | None, question: Question) -> Outcome:
    """What the property answers."""
    prop, params = question
    given = {k: list(v) if isinstance(v, tuple) else v for k, v in params}
    outcome: Outcome = properties()[prop].answer(_lifted(fn, signature), **given)
    return outcome


def decided(outcome: Outcome) -> bool:
    """Proved or refuted."""
    return outcome.verdict in (Verdict.PROVED, Verdict.REFUTED)


def right(outcome: Outcome, truth: Any) -> bool:
    """Whether a decided outcome agrees with the truth: a bool, a number, or None for no number."""
    if isinstance(truth, bool):
        return (outcome.verdict is Verdict.PROVED) == truth
    if truth is None or outcome.value is None or math.isinf(truth):
        return outcome.verdict is Verdict.PROVED and outcome.value == truth
    return outcome.verdict is Verdict.PROVED and abs(outcome.value - truth) <= 2e-7 * max(1.0, abs(truth))
