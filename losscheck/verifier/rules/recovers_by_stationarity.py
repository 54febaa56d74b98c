"""Class probabilities can be read off the score: no score is stationary for two eta.

Let f1, f0 be the losses of a score z for the two labels (phi(z), phi(-z) for a margin loss), C = eta f1 + (1 - eta) f0.

Lemma. Let f1 and f0 be continuously differentiable on R and L <= U be rational, with
1. f1' <= 0 and f0' <= 0 left of L, f1' >= 0 and f0' >= 0 right of U;
2. f1' and f0' nowhere both zero.
Then every C with eta in (0, 1) is nonincreasing left of L and nondecreasing right of U, so it has a finite minimiser in
[L, U]. At a minimiser eta f1' + (1 - eta) f0' = 0; for two different eta this forces f1' = f0' = 0, excluded by 2.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.curve import curve
from losscheck.verifier.functions_1d import two_sides
from losscheck.verifier.verify import Checker, Fact


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check smoothness, the signs outside [L, U] and that no point is stationary for both sides."""
    sides, pool, x, hints = two_sides(case), case.pool, case.variables[0], proof["breaks"]
    low, high = rational(proof["low"]), rational(proof["high"])
    one, zero = (curve(pool, f, x, None, None, hints, sides) for f in sides)
    for c in (one, zero):
        for i in range(len(c.cuts)):
            expect(c.step(i) == ("0", "0") and c.bend(i) == "0", f"a side is not shown to be smooth at cut {i}")
    exact = [cut.low if cut.low == cut.high else None for cut in one.cuts]
    expect(low <= high and low in exact and high in exact, "the ends must be exact breakpoints")
    for i in range(len(one.pieces)):
        slopes = one.derivative(i), zero.derivative(i)
        allowed = "-m0" if i <= exact.index(low) else "+p0" if i > exact.index(high) else None
        if allowed:
            expect(all(one.on(d, i) in allowed for d in slopes), f"the risk may turn on piece {i}")
        expect(any(one.on(d, i) in "+-" for d in slopes), f"a common stationary score is not excluded on piece {i}")
        for cut in (i - 1, i):
            if 0 <= cut < len(one.cuts):
                expect(any(one.sign(d, cut) in "+-" for d in slopes), f"cut {cut} may be stationary for both sides")
    return Fact("recovers_probability", params={"link": None})
