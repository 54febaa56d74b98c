"""Boundedness of functions of one variable from their limits.

Lemma. A function that is continuous on an open interval and has limits in (-inf, +inf] at both ends is bounded below
there; finitely many pieces and finite values at the cuts keep it so. Where a limit is not known, a lower bound of the
function's range on the whole piece serves. Above: the same with signs reversed. Every label must satisfy this. On the
unit interval the bound of the open interval holds for limits at the closed ends too; a finite value of its own
there changes nothing.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.balls import Enclosure, Undefined
from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.cover import ranges
from losscheck.verifier.curve import Curve
from losscheck.verifier.functions_1d import label_curves
from losscheck.verifier.verify import SCORES, Checker, Fact

KINDS = (*SCORES, "profile")


def bounded(c: Curve, i: int, side: int) -> bool:
    """Whether the piece i is shown to be bounded below (side -1) or above (+1)."""
    n, last = c.pieces[i].node, len(c.pieces) - 1
    left = c.end(n, False) if i == 0 else c.limit(n, i - 1, 1)
    right = c.end(n, True) if i == last else c.limit(n, i, -1)
    if all(x is not None and not (isinstance(x, int) and x == side) for x in (left, right)):
        return True
    try:
        low, high = Enclosure(ranges({c.x: (c.pieces[i].a, c.pieces[i].b)}))(n)
    except Undefined:
        return False
    return bool(low.is_finite() if side < 0 else high.is_finite())


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check every piece of every label."""
    side = {"below": -1, "above": 1}[proof["side"]]
    for c in label_curves(case, proof["breaks"]):
        for i in range(len(c.pieces)):
            expect(bounded(c, i, side), f"no bound {proof['side']} is shown on piece {i}")
    return Fact(f"bounded_{proof['side']}")
