r"""Convex in the first argument for every value of the parameters in their intervals, by composition rules.

Hypotheses checked, for every case (verifier/parameters.py) and every label: on the real domain the loss is defined at
every finite point for every value, elsewhere at least what is made of parameters alone; and the composition rules of
verifier/curvature.py show it convex, with nodes of parameters alone as constants, of the sign that they have on the
whole intervals. A regression loss, of real arguments, is shown convex in both together.

Proof node: ``{"rule": "range_convex"}``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.curvature import Curvature
from losscheck.verifier.parameters import cases, defined_for_all, everywhere
from losscheck.verifier.verify import SCORES, Checker, Fact

PARAMETERS = True
KINDS = (*SCORES, "regression")


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check every case and label."""
    expect(case.kind != "regression" or case.domain == "real", "a regression loss needs real arguments here")
    value = everywhere(case)
    curvature = Curvature(case.pool, case.variables, case.domain, value, case.parameters)
    for roots in cases(case):
        for y, root in enumerate(roots):
            expect(defined_for_all(case, root, value), f"label {y} is not shown to be defined")
            expect(curvature(root)[0] in ("c", "a", "x"), f"label {y} is not convex by the composition rules")
    return Fact("convex")
