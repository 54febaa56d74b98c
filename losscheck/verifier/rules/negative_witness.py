"""A rational point where the loss is negative, for every choice of the float constants within 2 ulp.

Proof node: ``{"rule": "negative_witness", "label": i, "at": ["1/2", ...]}``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.points import rational_point, value_range
from losscheck.verifier.verify import EACH_LABEL, Checker, Fact

KINDS = (*EACH_LABEL, "soft", "regression", "divergence", "embedding")
ROWS = True


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check that the value is below 0."""
    label = proof["label"]
    expect(type(label) is int and 0 <= label < len(case.roots), "the label is an index into the roots")
    value = value_range(case, case.roots[label], rational_point(case, proof["at"]))
    expect(value[1] < 0, "the value is not shown to be negative")
    return Fact("nonnegative", holds=False)
