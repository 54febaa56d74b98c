"""A continuous function of one variable whose slope is bounded where it exists.

Lemma. On every open piece the slope is continuous with finite limits at both ends, so it is bounded there. At the
finitely many cuts the slope, where it exists at all, is a limit of slopes nearby (mean value theorem). Continuity at
the cuts is checked too: at a jump the influence of one observation is not bounded, whatever the slopes beside it are.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.functions_1d import label_curves
from losscheck.verifier.verify import Checker, Fact

KINDS = ("profile",)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the limits of the slope at both ends of every piece, and continuity between them."""
    for c in label_curves(case, proof["breaks"]):
        last = len(c.pieces) - 1
        for i in range(last + 1):
            n = c.derivative(i)
            left = c.end(n, False) if i == 0 else c.limit(n, i - 1, 1)
            right = c.end(n, True) if i == last else c.limit(n, i, -1)
            expect(
                all(x is not None and not isinstance(x, int) for x in (left, right)),
                "a slope is not shown to be finite",
            )
        for i in range(len(c.cuts)):
            expect(c.step(i) == ("0", "0"), "a jump is not excluded")
    return Fact("bounded_influence")
