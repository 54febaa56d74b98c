"""Differentiability of a function of one variable from its pieces.

Lemma. A function that is analytic between cuts, continuous at every cut and whose derivative has equal finite limits
from both sides there is differentiable everywhere (mean value theorem). Every label must satisfy this; for the unit
interval the statement is about the open interval.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.functions_1d import label_curves
from losscheck.verifier.verify import SCORES, Checker, Fact

KINDS = (*SCORES, "profile")


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check steps and bends at all cuts."""
    for c in label_curves(case, proof["breaks"]):
        for i in range(len(c.cuts)):
            expect(c.step(i) == ("0", "0"), f"continuity is not shown at cut {i}")
            expect(c.bend(i) == "0", f"equal slopes are not shown at cut {i}")
    return Fact("differentiable")
