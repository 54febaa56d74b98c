"""Convexity of every label by composition rules on the graph, in any dimension.

The rules and their hypotheses are those of :mod:`losscheck.verifier.curvature`; each sign they need is shown on the
whole domain. On [0, 1] and the simplex the statement is about the open domain. On the real domain the loss must be
defined at every finite point. A regression loss convex in yhat and y together is so in yhat.

Proof node: ``{"rule": "convex_by_curvature"}``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.curvature import Curvature
from losscheck.verifier.points import defined_everywhere, whole_domain
from losscheck.verifier.verify import EACH_LABEL, Checker, Fact

KINDS = (*EACH_LABEL, "regression", "profile", "embedding")


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check that every label is convex."""
    expect(case.kind in EACH_LABEL or case.domain == "real", "positive numbers are not covered")
    value = whole_domain(case)
    curvature = Curvature(case.pool, case.variables, case.domain, value)
    for y, root in enumerate(case.roots):
        expect(case.domain != "real" or defined_everywhere(root, value), f"label {y} is not shown to be defined")
        expect(curvature(root)[0] in ("c", "a", "x"), f"label {y} is not convex by the composition rules")
    return Fact("convex")
