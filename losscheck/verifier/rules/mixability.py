r"""Mixability of a proper binary loss: the infimum of ``1 / (c (1 - c) w(c))`` (van Erven, Reid, Williamson 2012).

For a proper loss (premise) whose l0, l1 are analytic on the open pieces of (0, 1), the weight there is
``w = -H'' = l0'(c) / c``, so the constant is ``1 / sup g`` with ``g(c) = (1 - c) l0'(c)``.

- Between 1/U and 1/V: l0 and l1 are continuous at every cut, ``g <= U`` on every piece, and g reaches V > 0 at a point
  or as a limit at an end of a piece. ``mixable`` (a positive constant) needs only U.
- 0: g tends to infinity at an end of a piece, or l0 jumps at a cut, where the weight has an atom.

Proof node: ``{"rule": "mixability", "ask": "mixable" or "mixability_constant", "premise": proof, "breaks": [...],
"upper": "U" or null, "where": {"index": i, "point": c | "end": ... | "cut": true}}``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.curve import Curve, curve
from losscheck.verifier.numbers import enclosed, fraction
from losscheck.verifier.rules.proper_by_pieces import binary
from losscheck.verifier.rules.slope_by_pieces import limit_at_end, place_value
from losscheck.verifier.terms import Node
from losscheck.verifier.verify import Checker, Fact

KINDS = ("probability", "simplex")


def gauge(c: Curve, i: int) -> Node:
    """``(1 - p) l0'(p)`` on the piece i."""
    return c.pool.mul(c.pool.sub(c.pool.one, c.pool.var(c.x)), c.derivative(i))


def unbounded(c: Curve, where: dict[str, Any]) -> bool:
    """Whether the weight has an atom at a cut, or g diverges at an end of a piece."""
    i = where["index"]
    if where.get("cut") is True:
        return bool(set(c.step(i)) & {"+", "-"})
    return bool(limit_at_end(c, i, gauge(c, i), where.get("end"))[0] == 1)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the premise, then both bounds of g."""
    ask, where = proof["ask"], proof["where"]
    expect(ask in ("mixable", "mixability_constant"), "nothing else follows")
    expect(type(where["index"]) is int and where["index"] >= 0, "malformed place")
    checker.premise(proof["premise"], "proper")
    pair = binary(case)
    zero, one = (curve(case.pool, f, "p", Fraction(0), Fraction(1), proof["breaks"], pair) for f in pair)
    if proof["upper"] is None:
        expect(unbounded(zero, where), "the weight is not shown to outgrow that of log loss")
        return Fact(ask, holds=False) if ask == "mixable" else Fact(ask, value=0.0, bounds=[0.0, 0.0])
    upper = rational(proof["upper"])
    expect(upper > 0, "the upper bound must be positive")
    for i in range(len(zero.pieces)):
        gap = case.pool.sub(case.pool.const(upper), gauge(zero, i))
        expect(zero.on(gap, i) in "+p0", f"the upper bound is not shown on piece {i}")
    for c in (zero, one):
        expect(all(c.step(i) == ("0", "0") for i in range(len(c.cuts))), "a loss is not shown to be continuous")
    if ask == "mixable":
        return Fact(ask)
    seen = place_value(zero, where["index"], gauge(zero, where["index"]), where)
    low = upper if seen.is_exact() and fraction(seen) == upper else fraction(seen.lower())
    expect(low > 0, "g is not shown to be positive")
    value, bounds = enclosed(1 / upper, 1 / min(low, upper))
    return Fact(ask, value=value, bounds=bounds)
