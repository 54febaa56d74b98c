"""Monotonicity of a margin loss from its pieces.

Lemma. If f' <= 0 on every open piece and, at every cut, left limit >= value >= right limit, then f is nonincreasing.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.functions_1d import label_curves
from losscheck.verifier.verify import Checker, Fact


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the sign of f' on the pieces and of the steps at the cuts."""
    expect(case.kind == "margin", "nonincreasing is asked of margin losses")
    (c,) = label_curves(case, proof["breaks"])
    for i in range(len(c.pieces)):
        expect(c.on(c.derivative(i), i) in "-m0", f"f' <= 0 is not shown on piece {i}")
    for i in range(len(c.cuts)):
        expect(all(s in "-m0" for s in c.step(i)), f"a step up is not excluded at cut {i}")
    return Fact("nonincreasing")
