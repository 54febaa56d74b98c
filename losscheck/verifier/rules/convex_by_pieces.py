"""Convexity of a function of one variable from its pieces.

Lemma. Let f be continuous on an open interval and twice differentiable between finitely many cuts, with f'' >= 0
there and lim f' from the left <= lim f' from the right at every cut. Then f' is nondecreasing, so f is convex.
Continuity at a cut compares the value *at* the cut with both limits. Every label must satisfy this. For the unit
interval the statement is about the open interval.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.functions_1d import label_curves
from losscheck.verifier.verify import SCORES, Checker, Fact

KINDS = (*SCORES, "profile")


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check f'' >= 0 on the pieces, continuity and the order of the slopes at the cuts."""
    for c in label_curves(case, proof["breaks"]):
        for i in range(len(c.pieces)):
            expect(c.on(c.derivative(i, 2), i) in "+p0", f"f'' >= 0 is not shown on piece {i}")
        for i in range(len(c.cuts)):
            expect(c.step(i) == ("0", "0"), f"continuity is not shown at cut {i}")
            expect(c.bend(i) in "+p0", f"the slopes are not shown to be ordered at cut {i}")
    return Fact("convex")
