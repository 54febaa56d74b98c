r"""Calibration of symmetric binary losses by their values alone (Ghosh, Manwani, Sastry 2015; van Rooyen et al. 2015).

Let f1, f0 be the losses of a score z for the two labels (phi(z), phi(-z) for a margin loss).

Lemma. Let f1 + f0 = c at every score (premise ``symmetric``), and let z1 > 0 and z0 < 0 be such that, for some gap > 0,
1. f1(z) >= f1(z1) + gap for every z <= 0;
2. f0(z) >= f0(z0) + gap for every z >= 0.
Then the loss is calibrated. For eta > 1/2 the risk is eta f1 + (1 - eta) f0 = (2 eta - 1) f1 + (1 - eta) c, so every
z <= 0, the wrong side with the tie 0, costs at least (2 eta - 1) gap more than z1; eta < 1/2 is the mirror image. No
continuity, no convexity and no attained infimum is needed.

Hypotheses checked: 1. and 2. as signs of f - f(z1) - gap on the open pieces of the half-line, at its cuts and at 0.

Proof node: ``{"rule": "calibrated_symmetric", "premise": proof, "right": side, "left": side}``; a side is
``{"at": z1, "gap": "1/8", "breaks": [...]}``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.curve import curve
from losscheck.verifier.defined import exactly
from losscheck.verifier.functions_1d import two_sides
from losscheck.verifier.pieces import constant_sign
from losscheck.verifier.terms import Node
from losscheck.verifier.verify import Checker, Fact

ZERO = Fraction(0)


def dearer(case: Case, f: Node, side: dict[str, Any], positive: bool) -> None:
    """Check that f is above its value at a point of one side on the whole other side, 0 included, by a gap."""
    pool, x = case.pool, case.variables[0]
    at, gap = rational(side["at"]), rational(side["gap"])
    expect(gap > 0 and (at > 0 if positive else at < 0), "the point is on the wrong side, or the gap is not positive")
    least = pool.add(exactly(pool, f, {x: at}), pool.const(gap))
    low, high = (None, ZERO) if positive else (ZERO, None)
    c = curve(pool, f, x, low, high, side["breaks"])
    for i, piece in enumerate(c.pieces):
        expect(c.on(pool.sub(piece.node, least), i) in "+p0", f"the gap is not shown on piece {i}")
    for i, value in enumerate(c.values):
        expect(c.sign(pool.sub(value, least), i) in "+p0", f"the gap is not shown at cut {i}")
    here = pool.sub(exactly(pool, f, {x: ZERO}), least)
    expect(constant_sign(pool, here) in "+p0", "the gap is not shown at 0")


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the premise and both gaps."""
    one, zero = two_sides(case)
    checker.premise(proof["premise"], "symmetric")
    dearer(case, one, proof["right"], True)
    dearer(case, zero, proof["left"], False)
    return Fact("classification_calibrated")
