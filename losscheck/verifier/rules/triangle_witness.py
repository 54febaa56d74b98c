r"""Three vectors that break the triangle inequality: ``d(a, c) > d(a, b) + d(b, c)``.

All three are rational points of the one set that both arguments range over; the values are finite and the inequality
holds for every choice of the float constants within 2 ulp.

Proof node: ``{"rule": "triangle_witness", "a": [...], "b": [...], "c": [...]}``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.balls import plus
from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.pairs import PAIRS, pair, swappable
from losscheck.verifier.points import value_range
from losscheck.verifier.verify import Checker, Fact

KINDS = PAIRS


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the three values."""
    expect(swappable(case), "the arguments range over different sets")
    (root,), a, b, c = case.roots, proof["a"], proof["b"], proof["c"]
    direct, first, second = (value_range(case, root, pair(case, *ends)) for ends in ((a, c), (a, b), (b, c)))
    expect(direct[0] > plus(first, second)[1], "the way round is not shown to be shorter")
    return Fact("triangle_inequality", holds=False)
