"""Backward and forward correction of class-conditional noise. Rules ``backward_correction``, ``forward_correction``."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from losscheck.certificate import q
from losscheck.engines.binary_risk import sides
from losscheck.engines.numeric import evaluate
from losscheck.engines.points import at as at_point
from losscheck.engines.points import points
from losscheck.lifting.lifted import Lifted
from losscheck.property import properties
from losscheck.proving import prove, refute
from losscheck.theorems.noise import distribution
from losscheck.verdict import Outcome, Verdict

Rows = list[list[Fraction]]


def wrong(lifted: Lifted, transition: Any) -> str | None:
    """What keeps a matrix from being a transition of the labels of a loss."""
    k = 2 if lifted.kind == "margin" else len(lifted.roots)
    if len(transition) != k or any(len(row) != k for row in transition):
        return f"transition is no {k} x {k} matrix."
    if not all(min(row) >= 0 and abs(sum(row) - 1) <= 1e-9 for row in transition):  # NaN too
        return "A row of transition is no distribution; give numbers >= 0 of sum 1."
    return None


def solved(rows: Rows) -> tuple[Rows | None, list[Fraction] | None]:
    """``(inverse, None)``, or ``(None, a)`` with ``a != 0`` and ``a' T = 0``, by exact elimination of ``(T | 1)``."""
    k = len(rows)
    work = [[*row, *(Fraction(int(i == j)) for j in range(k))] for i, row in enumerate(rows)]
    top = 0
    for column in range(k):
        pivot = next((i for i in range(top, k) if work[i][column]), None)
        if pivot is None:
            continue
        work[top], work[pivot] = work[pivot], work[top]
        work[top] = [x / work[top][column] for x in work[top]]
        for i in range(k):
            if i != top and work[i][column]:
                work[i] = [x - work[i][column] * y for x, y in zip(work[i], work[top], strict=True)]
        top += 1
    if top < k:
        return None, work[-1][k:]
    return [row[k:] for row in work], None


def _head(rule: str, transition: Any) -> tuple[dict[str, Any], Rows | None, list[Fraction] | None]:
    rows = [distribution(row) for row in transition]
    inverse, hidden = solved(rows)
    head = {"rule": rule, "params": {"transition": transition}, "transition": [[q(x) for x in row] for row in rows]}
    return head, inverse, hidden


def backward(lifted: Lifted, transition: Any) -> Outcome | None:
    """Decide whether an unbiased correction exists."""
    head, inverse, hidden = _head("backward_correction", transition)
    if inverse is not None:
        lowest = min(float(x) for row in inverse for x in row)
        sign = "; it has negative weights, so it may be negative where the loss is not" if lowest < 0 else ""
        message = f"The transition is invertible, so the corrected loss T^-1 l has the clean loss for its mean{sign}."
        proof = {**head, "inverse": [[q(x) for x in row] for row in inverse]}
        return prove(lifted, "backward_unbiased", proof, message=message)
    assert hidden is not None
    sample = points(lifted)
    losses = list(sides(lifted)[::-1]) if lifted.kind == "margin" else list(lifted.roots)
    gaps = np.abs(sum(float(a) * v for a, v in zip(hidden, evaluate(losses, sample), strict=True)))
    for k in np.argsort(-np.where(np.isfinite(gaps), gaps, 0.0))[:3]:
        at = at_point(sample, int(k))
        message = "The transition is singular, and the losses do not satisfy the relation that it asks for."
        found = refute(
            lifted, "backward_unbiased", {**head, "lost": [q(a) for a in hidden], "at": at}, message=message,
            witness={"lost": [q(a) for a in hidden], "at": at},
        )  # fmt: skip
        if found:
            return found
    return None


def forward(lifted: Lifted, transition: Any) -> Outcome | None:
    """Decide whether the forward-corrected loss recovers clean probabilities."""
    head, inverse, hidden = _head("forward_correction", transition)
    if hidden is not None:
        message = "The transition is singular: two laws of the clean label give the same noisy law."
        names = [q(a) for a in hidden]
        proof = {**head, "way": "lost", "lost": names}
        return refute(lifted, "forward_recovers", proof, message=message, witness={"lost": names})
    assert inverse is not None
    name, way, more = (
        ("recovers_probability", "link", {"link": "softmax"})
        if lifted.kind == "logits"
        else ("strictly_proper", "proper", {})
    )
    premise: Outcome = properties()[name].answer(lifted, **more)
    if premise.verdict is not Verdict.PROVED or premise.certificate is None:
        return None
    proof = {
        **head, "way": way, "inverse": [[q(x) for x in row] for row in inverse],
        "premise": premise.certificate["proof"],
    }  # fmt: skip
    message = (
        "The transition is invertible and the loss recovers every law, so the corrected loss recovers the clean one."
    )
    return prove(lifted, "forward_recovers", proof, message=message)
