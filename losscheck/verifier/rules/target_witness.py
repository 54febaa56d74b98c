r"""A point that beats the target: ``l(x, y) < l(y, y)``.

x and y are rational points of the domain (y as a target); the values are finite and the inequality holds for every
choice of the float constants within 2 ulp.

Proof node: ``{"rule": "target_witness", "first": [...], "second": [...]}``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.pairs import pair
from losscheck.verifier.points import value_range
from losscheck.verifier.verify import Checker, Fact

KINDS = ("set",)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check that the value is below that at the target."""
    (root,), y = case.roots, proof["second"]
    here, target = (value_range(case, root, pair(case, x, y)) for x in (proof["first"], y))
    expect(here[1] < target[0], "the value is not shown to be below that at the target")
    return Fact("min_at_target", holds=False)
