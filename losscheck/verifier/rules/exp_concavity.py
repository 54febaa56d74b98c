r"""The exp-concavity constant of a loss of a reported probability (Kivinen and Warmuth 1999).

It is the largest a >= 0 for which all ``exp(-a l)`` are concave on (0, 1): ``max(0, inf l'' / l'^2)`` over reports and
labels.

- a <= U: at a point or as a limit at an end of a piece, ``l'' / l'^2`` is at most U; and the constant is 0 if that is
  negative, or where the loss jumps or its slope falls at a cut (a loss with concave ``exp(-a l)``, a > 0, is convex).
- a >= L: on every piece ``l'' - L l'^2 >= 0``; at every cut the loss is continuous and its slope does not fall. Then
  ``(exp(-L l))'' <= 0`` on the pieces, and its slope does not rise at the cuts. L = 0 needs nothing.

Proof node: ``{"rule": "exp_concavity", "breaks": [[...], [...]], "lower": "L", "where": {"label": y, "index": i,
"point": p | "end": "left" or "right" | "cut": true}}``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.curve import Curve
from losscheck.verifier.functions_1d import label_curves
from losscheck.verifier.numbers import enclosed, fraction
from losscheck.verifier.rules.slope_by_pieces import limit_at_end, place_value
from losscheck.verifier.verify import Checker, Fact

KINDS = ("probability",)
ZERO = Fraction(0)


def at_most(c: Curve, where: dict[str, Any]) -> Fraction:
    """An upper bound of the constant from one place."""
    i = where["index"]
    if where.get("cut") is True:
        broken = set(c.step(i)) & {"+", "-"} or c.bend(i) == "-"
        expect(broken, "the loss is not shown to jump or to bend downwards")
        return ZERO
    ratio = c.pool.mul(c.derivative(i, 2), c.pool.power(c.derivative(i), Fraction(-2)))
    if "end" in where and limit_at_end(c, i, ratio, where["end"])[0] == -1:
        return ZERO
    return max(ZERO, fraction(place_value(c, i, ratio, where).upper()))


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check both bounds."""
    lower, where, curves = rational(proof["lower"]), proof["where"], label_curves(case, proof["breaks"])
    expect(all(type(where[k]) is int and where[k] >= 0 for k in ("label", "index")), "malformed place")
    expect(lower >= 0, "the constant is not negative")
    upper = at_most(curves[where["label"]], where)
    for c in curves if lower else []:
        for i in range(len(c.pieces)):
            bend = c.pool.linear(
                (Fraction(1), c.derivative(i, 2)), (-lower, c.pool.power(c.derivative(i), Fraction(2)))
            )
            expect(c.on(bend, i) in "+p0", f"exp(-a l) is not shown to be concave on piece {i}")
        for i in range(len(c.cuts)):
            expect(c.step(i) == ("0", "0") and c.bend(i) in "+p0", f"the loss is not shown to be convex at cut {i}")
    value, bounds = enclosed(lower, max(lower, upper))
    return Fact("exp_concavity_constant", value=value, bounds=bounds)
