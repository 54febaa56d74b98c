"""Least Lipschitz constant of a function of one variable (order 1) or of its derivative (order 2).

Lemma. If f (order 2: f and f') is continuous at every cut, the constant is the supremum of |f'| (|f''|) over the open
pieces. An upper bound is shown on every piece, a lower bound by the value at a point or the limit at an end of a
piece; both lie within 1e-7. The constant is infinite if a derivative is unbounded at an end of a piece, or if f (order
2: f or f') has a jump at a cut. Labels: the largest. Unit interval: the open one.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flint import arb

from losscheck.verifier.balls import Enclosure, ball, exact, point
from losscheck.verifier.certificate import Case, CertificateRejected, expect, rational
from losscheck.verifier.curve import Curve, Limit, value_in
from losscheck.verifier.functions_1d import label_curves
from losscheck.verifier.numbers import enclosed, fraction
from losscheck.verifier.terms import Node
from losscheck.verifier.verify import SCORES, Checker, Fact

KINDS = (*SCORES, "profile")


def limit_at_end(c: Curve, i: int, n: Node, end: Any) -> tuple[Limit | None, int | None]:
    """Limit of a node of piece i at its left or right end, and the cut where a node is to be read."""
    expect(end in ("left", "right"), "an end is left or right")
    if end == "left":
        return (c.end(n, False), None) if i == 0 else (c.limit(n, i - 1, 1), i - 1)
    return (c.end(n, True), None) if i == len(c.pieces) - 1 else (c.limit(n, i, -1), i)


def place_value(c: Curve, i: int, n: Node, where: dict[str, Any]) -> arb:
    """A ball around n at a point of piece i or its finite limit at one of its ends."""
    if "point" in where:
        t, p = rational(where["point"]), c.pieces[i]
        expect((p.a is None or p.a < t) and (p.b is None or t < p.b), "the point is outside its piece")
        expect(all(not cut.low <= t <= cut.high for cut in c.cuts), "the point is on a cut")
        return ball(Enclosure({c.x: point(t)})(n))
    found, cut = limit_at_end(c, i, n, where.get("end"))
    if isinstance(found, Node) and cut is not None:
        found = ball(value_in(c.pool, found, c.x, c.cuts[cut]))
    if not isinstance(found, arb):
        raise CertificateRejected("no finite limit is shown")
    return found


def infinite(c: Curve, order: int, where: dict[str, Any]) -> bool:
    """Whether the constant is shown to be infinite at a cut or at an end of a piece."""
    i = where["index"]
    if where.get("cut") is True:
        steps = {*c.step(i), c.bend(i)} if order == 2 and c.step(i) == ("0", "0") else set(c.step(i))
        return bool(steps & {"+", "-"})
    found, _ = limit_at_end(c, i, c.derivative(i, order), where.get("end"))
    return isinstance(found, int)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the upper bound on every piece and the lower bound at one place."""
    order, where = proof["order"], proof["where"]
    expect(order in (1, 2) and type(where["index"]) is int and where["index"] >= 0, "malformed order or place")
    params = {"norm": proof["norm"]} if order == 1 else {}
    expect(proof.get("norm") in ("l2", "linf") or order == 2, "norm is l2 or linf")
    name = "lipschitz" if order == 1 else "smoothness"
    curves = label_curves(case, proof["breaks"])
    chosen = curves[where["label"]]
    if proof.get("upper") is None:
        expect(infinite(chosen, order, where), "the constant is not shown to be infinite")
        return Fact(name, params=params, value="inf", bounds=["inf", "inf"])
    upper = rational(proof["upper"])
    for c in curves:
        for i in range(len(c.pieces)):
            n = c.derivative(i, order)
            for k in (1, -1):
                gap = c.pool.linear((upper, c.pool.one), (Fraction(k), n))
                expect(c.on(gap, i) in "+p0", f"the upper bound is not shown on piece {i}")
        for i in range(len(c.cuts)):
            expect(c.step(i) == ("0", "0"), f"continuity is not shown at cut {i}")
            expect(order == 1 or c.bend(i) == "0", f"equal slopes are not shown at cut {i}")
    i = where["index"]
    seen = abs(place_value(chosen, i, chosen.derivative(i, order), where))
    low = upper if seen.overlaps(exact(upper)) and seen.is_exact() else fraction(seen.lower())
    value, bounds = enclosed(min(low, upper), upper)
    return Fact(name, params=params, value=value, bounds=bounds)
