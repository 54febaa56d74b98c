"""Two rational points where the sum of the losses over all labels takes different values: not symmetric.

Every loss is finite at both, and the ranges of the sums disjoint, for every choice of the float constants within 2 ulp.

Proof node: ``{"rule": "label_sum_witness", "at": [...], "other": [...]}``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.points import apart, rational_point, value_range
from losscheck.verifier.rules.symmetric_by_identity import label_sum, summands
from losscheck.verifier.verify import EACH_LABEL, Checker, Fact

KINDS = EACH_LABEL


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check that the sums differ."""
    total, points = label_sum(case), [rational_point(case, proof[name]) for name in ("at", "other")]
    for at in points:  # what cancels in the sum must be defined too
        for each in summands(case):
            value_range(case, each, at)
    a, b = (value_range(case, total, at) for at in points)
    expect(apart(a, b), "the sums are not shown to differ")
    return Fact("symmetric", holds=False)
