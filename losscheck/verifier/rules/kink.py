"""A loss that is not differentiable: a jump, a kink or a vertical slope along a line.

Lemma. A function that is differentiable at a point is so along every line through it. Along the line the function is
analytic on both sides of one cut. It is not differentiable there if its value differs from a one-sided limit, or if
the one-sided limits of its derivative differ, or if it is continuous and one of them is infinite (mean value theorem).
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.curve import Curve, curve
from losscheck.verifier.functions_1d import inside, line
from losscheck.verifier.verify import EACH_LABEL, Checker, Fact

KINDS = (*EACH_LABEL, "profile", "embedding")


def broken(c: Curve, i: int) -> bool:
    """Whether the function is shown not to be differentiable at the cut i."""
    steps = c.step(i)
    if "+" in steps or "-" in steps:
        return True
    if steps != ("0", "0"):
        return False
    slopes = c.limit(c.derivative(i), i, -1), c.limit(c.derivative(i + 1), i, 1)
    return c.bend(i) in "+-" or any(isinstance(s, int) for s in slopes)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the line and the break at its only cut."""
    low, high = rational(proof["low"]), rational(proof["high"])
    f, t = line(case, proof["label"], proof["path"], low, high)
    expect(inside(case, proof["path"], low, high), "the line leaves the domain")
    c = curve(case.pool, f, t, low, high, [proof["cut"]])
    expect(len(c.cuts) == 1 and broken(c, 0), "no break of the derivative is shown")
    return Fact("differentiable", holds=False)
