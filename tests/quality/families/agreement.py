"""Whether an answer is one, and whether it contradicts what a construction says is true."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from losscheck.verdict import Outcome, Verdict

PLACES = (0.0625, 0.3, 0.5625, 0.8, 0.97)


def _near(said: Any, truth: Any) -> bool:
    if said is None or truth is None:
        return said is truth
    return math.isclose(float(said), float(truth), rel_tol=2e-7, abs_tol=2e-7)


def _same(said: Any, truth: Any) -> bool:
    """Whether a value is the true one: a number, None for no number, several numbers, or a formula of t."""
    if callable(truth):
        names = {name: getattr(math, name) for name in ("sqrt", "exp", "log", "tanh", "atan")}
        return all(_near(eval(said, {"__builtins__": {}}, {**names, "t": t}), truth(t)) for t in PLACES)
    if isinstance(truth, Sequence):
        return len(said) == len(truth) and all(map(_near, said, truth))
    return _near(said, truth)


def decided(truth: Any, said: Outcome) -> bool:
    """Proved, refuted, or not applicable where the question makes no sense."""
    return said.verdict in (Verdict.PROVED, Verdict.REFUTED) or said.verdict is truth


def wrong(truth: Any, said: Outcome) -> bool:
    """Whether a verdict, or a certified value, contradicts the truth."""
    if said.verdict not in (Verdict.PROVED, Verdict.REFUTED):
        return False
    if isinstance(truth, bool):
        return (said.verdict is Verdict.PROVED) != truth
    return isinstance(truth, Verdict) or said.verdict is Verdict.REFUTED or not _same(said.value, truth)
