r"""Nonnegative for every value of the parameters in their intervals.

Hypotheses checked, for every case (verifier/parameters.py) and every label: the sign of the graph on the product of the
domain and the intervals is ``>= 0``, by its structure and by ranges, or by bisection of that box, infinite ends
included; and the loss is defined for every value (verifier/parameters.py), so that no value makes the claim empty.

Proof node: ``{"rule": "range_nonnegative"}``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.balls import Undefined
from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.cover import Exhausted, acceptor, cover, implies, sign
from losscheck.verifier.parameters import box, defined_for_all, everywhere, readings
from losscheck.verifier.terms import Node
from losscheck.verifier.verify import Checker, Fact

PARAMETERS = True
BOXES, MOST = 500, 3


def nonnegative(case: Case, root: Node) -> bool:
    """Whether one label is shown to be >= 0."""
    try:
        if implies(sign(root, everywhere(case)), ">="):
            return True
        expect(len(box(case)) <= MOST, "too many variables to bisect their box")
        cover(acceptor(case.pool, root, ">="), box(case), BOXES)
    except (Exhausted, Undefined):
        return False
    return True


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check every case and label."""
    for roots, value in readings(case):
        for y, root in enumerate(roots):
            expect(defined_for_all(case, root, value), f"label {y} is not shown to be defined for every parameter")
            expect(nonnegative(case, root), f"label {y} is not shown to be nonnegative for every parameter")
    return Fact("nonnegative")
