r"""Calibrated margin losses for every value of the parameters: convex, with a negative slope at 0.

Lemma (Bartlett, Jordan, McAuliffe 2006, Theorem 2). A convex margin loss is classification calibrated iff it is
differentiable at 0 with a negative derivative there.

Hypotheses checked, for every case (verifier/parameters.py): convexity for every value (the premise); and on each box of
a cover of the intervals: with v in [-reach, reach] no branch switches (every condition, maximum and absolute value is
decided), logarithms and powers keep off the ends of their domains, so the loss is analytic around 0; and its derivative
at v = 0 is negative.

Proof node: ``{"rule": "range_calibrated", "convex": {...}, "reach": "1/8"}``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.balls import Enclosure, Undefined, point
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.cover import Box, cover, ranges, sign
from losscheck.verifier.defined import natural
from losscheck.verifier.parameters import cases
from losscheck.verifier.terms import Node, walk
from losscheck.verifier.verify import Checker, Fact

PARAMETERS = True
KINDS = ("margin",)
BOXES = 200


def analytic(case: Case, root: Node, value: Enclosure) -> bool:
    """Whether no operation switches or leaves its domain on a box."""
    for n in walk(root):
        if n.op == "where" and value.holds(n.args[0]) is None:
            return False
        if n.op == "abs" and sign(n.args[0], value) not in "+-":
            return False
        if n.op in ("max", "min"):
            up = "+" if n.op == "max" else "-"
            gaps = [[sign(case.pool.sub(a, b), value) for b in n.args if b is not a] for a in n.args]
            if not any(all(s == up for s in row) for row in gaps):
                return False
        if n.op == "log" and sign(n.args[0], value) != "+":
            return False
        if n.op == "pow" and not natural(n):
            s = sign(n.args[0], value)
            if not (s == "+" or (s == "-" and n.value.denominator == 1)):
                return False
    return True


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the premise and the slope at 0 in every case."""
    checker.premise(proof["convex"], "convex")
    reach, x = rational(proof["reach"]), case.variables[0]
    expect(reach > 0, "reach must be positive")
    for (root,) in cases(case):
        slope = case.pool.differentiate(root, x)

        def steep(box: Box, root: Node = root, slope: Node = slope) -> bool:
            around = Enclosure(ranges({**box, x: (-reach, reach)}))
            try:
                return analytic(case, root, around) and sign(slope, Enclosure({**ranges(box), x: point(0)})) == "-"
            except Undefined:
                return False

        cover(steep, dict(case.parameters), BOXES)
    return Fact("classification_calibrated")
