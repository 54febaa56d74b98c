"""Calibration of convex binary losses, decided both ways by the slopes at the score 0.

Lemma (Bartlett, Jordan, McAuliffe 2006, Theorem 2; Scott 2012 for two different sides). Let f1 and f0 be the losses
of a score z for the positive and the negative label (phi(z) and phi(-z) for a margin loss), both convex on R. For
eta > 1/2 the convex risk C = eta f1 + (1 - eta) f0 has inf over z <= 0 above its infimum iff C'(0+) < 0. So the loss
is calibrated iff both are differentiable at 0 with f1'(0) = -f0'(0) < 0:

- sufficient: then C'(0) = (2 eta - 1) f1'(0), of the right sign on both sides of eta = 1/2;
- if f1'(0+) >= 0 it fails at eta = 1; if f0'(0-) <= 0 at eta = 0;
- if f1'(0+) + f0'(0+) > 0 it fails for eta just above 1/2; if f1'(0-) + f0'(0-) < 0, just below.

Convexity is a premise (its own proof); convex functions on R are continuous. Near 0 both are analytic on each side.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.curve import curve
from losscheck.verifier.functions_1d import two_sides
from losscheck.verifier.verify import Checker, Fact


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the premise and the slopes at 0."""
    checker.premise(proof["convex"], "convex")
    reach, pool, x = rational(proof["reach"]), case.pool, case.variables[0]
    expect(reach > 0, "reach must be positive")
    one, zero = (curve(pool, f, x, -reach, reach, ["0"]) for f in two_sides(case))
    slopes = {}
    for side, i in ((-1, 0), (1, 1)):
        for name, c in (("one", one), ("zero", zero)):
            slopes[name, side] = c.limit(c.derivative(i), 0, side)
        both = one.pool.add(one.derivative(i), zero.derivative(i))
        slopes["both", side] = one.limit(both, 0, side)
    nothing = pool.const(Fraction(0))
    sign = {k: one.gap(nothing, s, 0) for k, s in slopes.items()}
    if proof.get("holds") is True:
        expect(sign["one", 1] == "-" and sign["zero", -1] == "+", "the slopes at 0 have no strict sign")
        expect(sign["both", 1] == sign["both", -1] == "0", "the slopes at 0 are not opposite")
        return Fact("classification_calibrated")
    wrong = sign["one", 1] in "+p0" or sign["zero", -1] in "-m0" or sign["both", 1] == "+" or sign["both", -1] == "-"
    expect(wrong, "the slopes at 0 are not shown to be wrong")
    return Fact("classification_calibrated", holds=False)
