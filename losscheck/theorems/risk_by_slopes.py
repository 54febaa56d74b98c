"""The Bayes risk and act of a binary loss by brackets of the minimiser (rule ``risk_by_slopes``)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from losscheck.certificate import q as text
from losscheck.engines.numeric import evaluate
from losscheck.expr.build import add, scale
from losscheck.expr.derivative import derivative
from losscheck.expr.graph import Expr
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems.proper_by_pieces import GRID, binary, breakpoints
from losscheck.verdict import Outcome

RADIUS = Fraction(1, 10**10)
Truth = list[Fraction]


def minimiser(risk: Expr, kinks: list[Fraction]) -> tuple[Fraction, Fraction] | None:
    """A bracket around the point of [0, 1] where a risk is least."""
    grid = np.unique(np.concatenate([GRID, [0.0, 1.0], np.array(kinks, float)]))
    values = evaluate([risk], {"p": grid})[0]
    values = np.where(np.isfinite(values), values, np.inf)
    i = int(np.argmin(values))
    if grid[i] < 1e-9 or values[0] <= values[i]:
        return Fraction(0), Fraction(0)
    if grid[i] > 1 - 1e-9 or values[-1] <= values[i]:
        return Fraction(1), Fraction(1)
    for c in kinks:
        if abs(float(c) - grid[i]) < 1e-12:
            return c, c
    slope, low, high = derivative(risk, "p"), float(grid[i - 1]), float(grid[i + 1])
    for _ in range(100):
        middle = (low + high) / 2
        if evaluate([slope], {"p": np.array([middle])})[0][0] < 0:
            low = middle
        else:
            high = middle
    guess = Fraction((low + high) / 2).limit_denominator(10**14)
    return guess - RADIUS, guess + RADIUS


def attempt(lifted: Lifted, ask: str, given: dict[str, Any], found: list[Truth]) -> Outcome | None:
    """Binary losses: brackets of the minimisers, or None."""
    roots = binary(lifted)
    if roots is None:
        return None
    kinks = breakpoints(roots)
    risks = [add(scale(p[0], roots[0]), scale(p[1], roots[1])) for p in found]
    brackets = [minimiser(r, kinks) for r in risks]
    proof = {
        "rule": "risk_by_slopes", "ask": ask, "params": given, "breaks": [text(c) for c in kinks],
        "truths": [[text(x) for x in p] for p in found],
        "brackets": [[text(x) for x in ends] for ends in brackets if ends],
    }  # fmt: skip
    message = (
        "The conditional risk falls up to its minimiser and rises beyond it, by the sign of its slope on every piece."
    )
    return prove(lifted, ask, proof, message=message)
