r"""A margin loss that never increases, for every value of the parameters in their intervals.

Hypotheses checked, for every case (verifier/parameters.py): the loss is defined at every finite margin for every value,
and the composition rules of verifier/monotone.py show it nonincreasing in the margin.

Proof node: ``{"rule": "range_nonincreasing"}``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.monotone import Direction
from losscheck.verifier.parameters import cases, everywhere
from losscheck.verifier.points import defined_everywhere
from losscheck.verifier.verify import Checker, Fact

PARAMETERS = True
KINDS = ("margin",)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check every case."""
    value = everywhere(case)
    direction = Direction(case.variables[0], value)
    for (root,) in cases(case):
        expect(defined_everywhere(root, value), "the loss is not shown to be defined for every parameter")
        expect(direction(root) in "cd", "the loss is not nonincreasing by the composition rules")
    return Fact("nonincreasing")
