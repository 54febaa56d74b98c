"""Nonnegativity of a function of one variable: its sign on every open piece and at every cut."""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.functions_1d import label_curves
from losscheck.verifier.verify import Checker, Fact

KINDS = ("profile",)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check all pieces and cuts."""
    for c in label_curves(case, proof["breaks"]):
        expect(all(c.on(p.node, i) in "+p0" for i, p in enumerate(c.pieces)), "a piece is not shown to be >= 0")
        expect(all(c.sign(v, i) in "+p0" for i, v in enumerate(c.values)), "a cut is not shown to be >= 0")
    return Fact("nonnegative")
