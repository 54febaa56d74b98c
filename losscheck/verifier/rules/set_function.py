r"""Agreement of a set loss with 1 - Jaccard or 1 - Dice on binary vectors, by looking at all of them.

For sets of M elements: ``1 - |A and B| / |A or B|`` and ``1 - 2 |A and B| / (|A| + |B|)``, both 0 for two empty sets.
``proved``: at all pairs of binary vectors of the domain the value is exactly that. ``refuted``: at one pair the value
is finite and its range excludes it, for every choice of the float constants within 2 ulp.

Proof node: ``{"rule": "set_function", "which": "jaccard", "at": null | [[...], [...]]}``.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.defined import exactly
from losscheck.verifier.pairs import joined, pair
from losscheck.verifier.pieces import constant_sign
from losscheck.verifier.points import value_range
from losscheck.verifier.verify import Checker, Fact

KINDS = ("set",)
MOST = 6


def set_function(which: str, x: Sequence[Fraction], y: Sequence[Fraction]) -> Fraction:
    """The set function of two binary vectors."""
    both, union = sum(a * b for a, b in zip(x, y, strict=True)), sum(max(a, b) for a, b in zip(x, y, strict=True))
    if not union:
        return Fraction(0)
    return Fraction(1) - (Fraction(both, union) if which == "jaccard" else Fraction(2 * both, union + both))


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check all pairs, or the one that differs."""
    (root,), which, pool = case.roots, proof["which"], case.pool
    expect(which in ("jaccard", "dice"), "the set function is jaccard or dice")
    n = len(case.variables) // 2
    if proof["at"] is not None:
        at = pair(case, *proof["at"])
        values = list(at.values())
        expect(all(v in (0, 1) for v in values), "the vectors are binary")
        wanted = pool.const(set_function(which, values[:n], values[n:]))
        low, high = value_range(case, pool.sub(root, wanted), at)
        expect(low > 0 or high < 0, "the value is not shown to differ")
        return Fact("equals_set_function", holds=False, params={"which": which})
    expect(n <= MOST, f"more than {MOST} elements have too many subsets")
    zero, one = Fraction(0), Fraction(1)
    for x in product((zero, one), repeat=n):
        for y in product((zero, one), repeat=n):
            if case.domain.endswith("+") and not any(y):
                continue
            value = exactly(pool, root, joined(case, list(x), list(y)))
            gap = pool.sub(value, pool.const(set_function(which, x, y)))
            expect(constant_sign(pool, gap) == "0", "a pair of sets has another value")
    return Fact("equals_set_function", params={"which": which})
