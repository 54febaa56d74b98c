r"""Two vectors at which exchanging the arguments changes the value: ``d(p, q) != d(q, p)``.

Both vectors are rational points of the one set that both arguments range over; the two finite values have disjoint
ranges for every choice of the float constants within 2 ulp.

Proof node: ``{"rule": "exchange_witness", "first": [...], "second": [...]}``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.pairs import PAIRS, pair, swappable
from losscheck.verifier.points import apart, value_range
from losscheck.verifier.verify import Checker, Fact

KINDS = PAIRS


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check that the values differ."""
    expect(swappable(case), "the arguments range over different sets")
    (root,) = case.roots
    here = value_range(case, root, pair(case, proof["first"], proof["second"]))
    there = value_range(case, root, pair(case, proof["second"], proof["first"]))
    expect(apart(here, there), "the values are not shown to differ")
    return Fact("symmetric_arguments", holds=False)
