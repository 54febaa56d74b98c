"""The link of a binary loss, eta to score, and its inverse, at given points (rule ``link_at``)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from losscheck.certificate import q
from losscheck.engines.binary_risk import points, side_hints, sides, values, weight
from losscheck.engines.breakpoints import Hint, merge, middle
from losscheck.engines.numeric import evaluate
from losscheck.expr.constants import choices, chosen
from losscheck.expr.derivative import derivative
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems import recovers_by_link
from losscheck.theorems.convex_premise import convex_premise
from losscheck.theorems.question import numbers
from losscheck.verdict import Outcome, not_applicable

WIDTH = Fraction(1, 10**9)


def premises(lifted: Lifted) -> Iterator[dict[str, Any]]:
    """Proofs that tell which scores minimise a risk."""
    convex = convex_premise(lifted)
    if convex is not None:
        yield convex
    found = recovers_by_link.attempt(lifted)
    if found is not None and found.certificate is not None and found.certificate["proof"]["rule"] == "recovers_by_link":
        yield found.certificate["proof"]


def bracket(lifted: Lifted, eta: Fraction, hints: list[Hint]) -> list[str] | None:
    """A narrow interval around the least risk: a breakpoint, or a zero of the slope of the risk."""
    name = lifted.variables[0]
    one, zero = chosen(sides(lifted), choices(lifted.roots)[0])
    z = points(hints)
    risk = weight(eta, *values((one, zero), name, z))
    k = int(np.nanargmin(risk))
    if k in (0, len(z) - 1):
        return None
    exact = next((h for h in hints if isinstance(h, str) and abs(middle(h) - z[k]) <= 1e-12), None)
    slopes = [derivative(one, name), derivative(zero, name)]

    def slope(t: float) -> float:
        d1, d0 = evaluate(slopes, {name: np.array([t])})
        return float(eta) * float(d1[0]) + float(1 - eta) * float(d0[0])

    a, b = float(z[k - 1]), float(z[k + 1])
    if exact is not None and slope(a) < 0 < slope(b):
        return [exact, exact]
    if not slope(a) < 0 < slope(b):
        return None
    for _ in range(200):
        m = (a + b) / 2
        a, b = (m, b) if slope(m) < 0 else (a, m)
    low = (Fraction(a) - WIDTH).limit_denominator(10**12)
    return [q(low), q(low + 2 * WIDTH)]


def attempt(lifted: Lifted, ask: str, given: dict[str, Any]) -> Outcome | None:
    """Enclose the answers to ``{"v": ...}`` or ``{"eta": ...}``, or None."""
    ((name, value),) = given.items()
    value = list(value) if isinstance(value, tuple) else value
    try:
        asked = numbers(value)
    except ValueError as error:
        return not_applicable(f"{name}: {error}.", reason="no point to ask about")
    if ask == "link" and not all(0 < x < 1 for x in asked):
        return not_applicable(f"The link lives on (0, 1); eta={value!r} is not inside.", reason="outside (0, 1)")
    hints = side_hints(sides(lifted), lifted.variables[0])
    for premise in premises(lifted):
        exact = [premise[k] for k in ("low", "high") if premise.get(k) is not None]
        proof: dict[str, Any] = {
            "rule": "link_at", "ask": ask, "params": {name: value}, "points": [q(x) for x in asked],
            "premise": premise, "breaks": merge([*hints, *exact]),
        }  # fmt: skip
        if ask == "link":
            found = [bracket(lifted, eta, hints) for eta in asked]
            if None in found:
                return None
            proof["brackets"] = found
            message = "The slope of the conditional risk changes its sign once, in a narrow bracket."
        else:
            message = "At v the slopes of the two sides balance for one eta, and v minimises its risk."
        outcome = prove(lifted, ask, proof, message=message)
        if outcome:
            return outcome
    return None
