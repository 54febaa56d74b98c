r"""A pair that breaks ``d(p, q) = 0 iff p = q``: equal vectors with a value apart from 0, or different ones with 0.

Both vectors are rational points of the domain; the value is finite, and shown to differ from 0, or to equal it exactly,
for every choice of the float constants within 2 ulp.

Proof node: ``{"rule": "indiscernible_witness", "first": [...], "second": [...]}``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.defined import exactly
from losscheck.verifier.pairs import PAIRS, pair
from losscheck.verifier.pieces import constant_sign
from losscheck.verifier.points import value_range
from losscheck.verifier.verify import Checker, Fact

KINDS = PAIRS
NAMES = {"divergence": "identity_of_indiscernibles", "set": "zero_iff_equal"}


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the value."""
    (root,), at = case.roots, pair(case, proof["first"], proof["second"])
    n = len(at) // 2
    equal = list(at.values())[:n] == list(at.values())[n:]
    low, high = value_range(case, root, at)
    if equal:
        expect(low > 0 or high < 0, "the value of two equal vectors is not shown to differ from 0")
    else:
        expect(constant_sign(case.pool, exactly(case.pool, root, at)) == "0", "the value is not shown to be 0")
    return Fact(NAMES[case.kind], holds=False)
