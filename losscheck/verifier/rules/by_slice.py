"""A universal property of a regression loss refuted at one y.

Convexity and differentiability are asked of ``yhat -> l(yhat, y)`` for every y of the domain, so one rational y at
which they fail refutes them.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.regression import cut
from losscheck.verifier.verify import Checker, Fact

KINDS = ("regression",)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the fact of the slice."""
    fact = Checker(cut(case, proof["y"])).fact(proof["proof"])
    expect(fact.property in ("convex", "differentiable") and not fact.holds, "one y refutes, it does not prove")
    return fact
