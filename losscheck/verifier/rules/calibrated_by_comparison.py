"""Calibration of binary losses, convex or not: every wrong score is beaten by a witness, uniformly.

Let f1, f0 be the losses of a score for the two labels (phi(z), phi(-z) for a margin loss), C_eta = eta f1 + (1-eta) f0.
It suffices to treat eta > 1/2, whose wrong scores are z <= 0, and the same for the mirrored pair f0(-z), f1(-z)
(for a margin loss these are f1 and f0 themselves).

Lemma. Let (1/2, 1] be cut into cells (e, E]. For each cell let (-inf, 0] be cut into finitely many open intervals and
points, each with an affine witness w(z), or the witness +inf (C(w) is then the limit, which inf C does not
exceed). Write A(z) = C_e(z) - C_e(w(z)) and B(z) = C_E(z) - C_E(w(z)). Suppose
1. between cuts of every open interval A >= 0, B > 0 and B has positive (or +inf) limits at both ends; at the cuts, and
   at the points between intervals, A >= 0 and B > 0;
2. C_e and C_E are bounded below on z < 0;
3. at 0 either A >= 0 and B > 0 for some witness ("value"), or C_e and C_E have no step at 0 and C_e'(0+) <= 0,
   C_E'(0+) < 0 ("slope"); with "slope" nothing is asked of the limit of B at 0.
Then for every eta in the cell inf over z <= 0 of C_eta exceeds inf C_eta. For eta = (1-s) e + s E, s in (0, 1], the gap
C_eta(z) - C_eta(w(z)) = (1-s) A + s B is at least s b > 0 on wrong scores that keep away from 0 (there B has a positive
lower bound b), and C_eta is bounded below: a minimising sequence of the wrong scores that stays away from 0 does not
reach inf C_eta. One that tends to 0 has the limit C_eta(0) (no step), which is beaten as C_eta'(0+) < 0. With "value"
the limit of B at 0 is positive too, and 0 counts like any other point.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flint import arb

from losscheck.verifier.certificate import Case, CertificateRejected, expect, rational
from losscheck.verifier.curve import Limit, curve
from losscheck.verifier.defined import exactly
from losscheck.verifier.functions_1d import two_sides
from losscheck.verifier.numbers import fraction
from losscheck.verifier.pieces import constant_sign
from losscheck.verifier.rules.bounded_by_limits import bounded
from losscheck.verifier.terms import Node
from losscheck.verifier.verify import Checker, Fact

Sides = tuple[Node, Node]


def gaps(case: Case, sides: Sides, cell: tuple[Fraction, Fraction], witness: Any) -> list[Node]:
    """A and B as nodes."""
    pool, x = case.pool, case.pool.var(case.variables[0])
    risks = [pool.linear((eta, sides[0]), (1 - eta, sides[1])) for eta in cell]
    if witness == "inf":
        return [pool.sub(r, pool.const(far_limit(case, r))) for r in risks]
    shift, slope = (rational(q) for q in witness)
    moved = {x: pool.linear((shift, pool.one), (slope, x))}
    return [pool.sub(r, pool.substitute(r, moved)) for r in risks]


def far_limit(case: Case, risk: Node) -> Fraction:
    """A rational that the limit of the risk at +inf does not exceed."""
    c = curve(case.pool, risk, case.variables[0], Fraction(10**6), None, [])
    limit = c.end(c.pieces[0].node, True)
    if not isinstance(limit, arb):
        raise CertificateRejected("no finite limit of the risk is shown")
    return fraction(limit.upper())


def beaten_on(case: Case, gap: list[Node], a: Fraction | None, b: Fraction, hints: Any, loose: bool) -> bool:
    """Condition 1 on one open interval; ``loose`` asks nothing of the limit of B at the right end."""
    low, high = (curve(case.pool, g, case.variables[0], a, b, hints) for g in gap)
    if not all(low.on(p.node, i) in "+p0" for i, p in enumerate(low.pieces)):
        return False
    if not all(low.sign(v, i) in "+p0" for i, v in enumerate(low.values)):  # A and B need not have the same cuts
        return False
    if not all(high.sign(v, i) == "+" for i, v in enumerate(high.values)):
        return False

    def above(limit: Limit | None, cut: int | None) -> bool:
        if isinstance(limit, Node):
            return cut is not None and high.sign(limit, cut) == "+"
        return limit is not None and bool(limit > 0)

    last = len(high.pieces) - 1
    for i, p in enumerate(high.pieces):
        left = above(high.limit(p.node, i - 1, 1), i - 1) if i else above(high.end(p.node, False), None)
        right = above(high.limit(p.node, i, -1), i) if i < last else loose or above(high.end(p.node, True), None)
        if not (left and right and high.on(p.node, i) == "+"):
            return False
    return True


def beaten_at(case: Case, gap: list[Node], z: Fraction) -> bool:
    """A >= 0 and B > 0 at a point."""
    low, high = (constant_sign(case.pool, exactly(case.pool, g, {case.variables[0]: z})) for g in gap)
    return low in "+0" and high == "+"


def cell_holds(case: Case, sides: Sides, e: Fraction, cell: dict[str, Any]) -> Fraction:
    """Check one cell (e, E] and return E."""
    top, x, pool = rational(cell["to"]), case.variables[0], case.pool
    expect(e < top <= 1, "the cells do not advance")
    rows = cell["regions"]
    expect(isinstance(rows, list) and rows and rows[0]["from"] is None, "the regions start at -inf")
    bounds = [None if r["from"] is None else rational(r["from"]) for r in rows] + [Fraction(0)]
    slope = cell["zero"] == "slope"
    for row, a, b in zip(rows, bounds, bounds[1:], strict=False):
        expect(b is not None and (a is None or a < b), "the regions do not advance")
        gap, end = gaps(case, sides, (e, top), row["witness"]), b or Fraction(0)
        expect(beaten_on(case, gap, a, end, row["breaks"], slope and end == 0), f"no gap is shown left of {end}")
        at = gaps(case, sides, (e, top), cell["zero"]) if end == 0 and not slope else gap
        expect((slope and end == 0) or beaten_at(case, at, end), f"no gap is shown at {end}")
    for eta in (e, top):
        c = curve(pool, pool.linear((eta, sides[0]), (1 - eta, sides[1])), x, None, Fraction(0), cell["breaks"])
        expect(all(bounded(c, i, -1) for i in range(len(c.pieces))), "the risk is not shown to be bounded below")
    if slope:
        reach = rational(cell["reach"])
        expect(reach > 0, "reach must be positive")
        for eta, allowed in ((e, "-m0"), (top, "-")):
            c = curve(pool, pool.linear((eta, sides[0]), (1 - eta, sides[1])), x, -reach, reach, ["0"])
            expect(c.step(0) == ("0", "0"), "the risk is not shown to be continuous at 0")
            expect(c.gap(pool.zero, c.limit(c.derivative(1), 0, 1), 0) in allowed, "the slope at 0 is not negative")
    return top


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check all cells for eta > 1/2, and for eta < 1/2 unless the loss is a margin loss."""
    one, zero = two_sides(case)
    x = case.pool.var(case.variables[0])
    flip = {x: case.pool.scale(-1, x)}
    sides = [(one, zero)]
    if case.kind != "margin":
        sides.append((case.pool.substitute(zero, flip), case.pool.substitute(one, flip)))
    expect(len(proof["sides"]) == len(sides), "one list of cells per side of 1/2")
    for pair, cells in zip(sides, proof["sides"], strict=True):
        e = Fraction(1, 2)
        for cell in cells:
            e = cell_holds(case, pair, e, cell)
        expect(e == 1, "the cells do not reach eta = 1")
    return Fact("classification_calibrated")
