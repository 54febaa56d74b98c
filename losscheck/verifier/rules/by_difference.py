r"""Facts of a loss ``d(p, q) = N(p - q)`` with N convex (verifier/difference.py).

By ``ask``:

- jointly_convex: N is convex, p - q is linear;
- triangle_inequality: ``N - N(0)`` is homogeneous, hence sublinear, and N(0) >= 0, so N is subadditive;
- nonnegative, identity_of_indiscernibles: N >= 0 with N(v) = 0 only for v = 0, and N(0) = 0; for divergences only the
  v that sum to 0 count, for set losses all (there the fact is zero_iff_equal);
- min_at_target (set): the same, or N is even, so that, being convex, it is nowhere below N(0);
- bounded_above, supremum (divergence): N is continuous, and a convex function on the product of two closed simplices
  is largest at a pair of vertices: the largest ``N(e_i - e_j)``, enclosed within 1e-7.

Proof node: ``{"rule": "by_difference", "ask": ...}``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.balls import Enclosure, Range
from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.defined import exactly
from losscheck.verifier.difference import Difference
from losscheck.verifier.numbers import enclosed, fraction
from losscheck.verifier.pairs import PAIRS, swappable
from losscheck.verifier.pieces import constant_sign
from losscheck.verifier.verify import Checker, Fact

KINDS = PAIRS
DEFINITE = {
    "divergence": ("nonnegative", "identity_of_indiscernibles"),
    "set": ("zero_iff_equal", "min_at_target"),
}


def vertices(n: Difference) -> Range:
    """The range of the largest value at a difference of two vertices."""
    k = len(n.names)
    found: list[Range] = []
    for i in range(k):
        for j in range(k):
            at = {x: Fraction((h == i) - (h == j)) for h, x in enumerate(n.names)}
            found.append(Enclosure({})(exactly(n.pool, n.node, at)))
    low, high = found[0]
    for a, b in found[1:]:
        low, high = (a if a > low else low), (b if b > high else high)
    return low, high


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the reduction, then what the question needs."""
    ask, n = proof["ask"], Difference(case)
    if ask == "triangle_inequality":
        expect(swappable(case), "the arguments range over different sets")
        expect(n.subadditive(), "the loss is not shown to be subadditive in the difference")
        return Fact(ask)
    if ask == "min_at_target" and n.even():
        expect(case.kind == "set", "the question is about set losses")
        return Fact(ask)
    if ask in DEFINITE[case.kind]:
        expect(constant_sign(case.pool, n.at_zero()) == "0", "equal arguments do not have the value 0")
        expect(n.definite(case.kind == "divergence"), "the loss may vanish at different arguments")
        return Fact(ask)
    expect(case.kind == "divergence", "the question is about divergences")
    if ask == "jointly_convex":
        return Fact(ask)
    expect(ask in ("bounded_above", "supremum"), "nothing else follows")
    low, high = vertices(n)
    value, bounds = enclosed(fraction(low), fraction(high))
    return Fact(ask) if ask == "bounded_above" else Fact(ask, value=value, bounds=bounds)
