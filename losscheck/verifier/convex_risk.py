"""Conditional risks of convex losses from below by affine minorants, over sets of score vectors.

``sum p_i l_i(z) >= c + a.z`` for every z (:mod:`losscheck.verifier.minorant`), and over

- all z that predict class 1, ``z_1 = max z``: a.z >= 0 if ``sum a = 0`` and ``a_i <= 0`` for i != 1;
- all z: if a = 0.

With scores that add up to 0, a counts up to a constant vector. With scores in [-A, A], a.z >= - A sum |a| over all z;
and over those that predict class 1 the others do best at z_1 where their a is negative, at -A where it is positive,
which leaves a function of z_1, affine, least at z_1 = -A or z_1 = A.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from flint import arb

from losscheck.verifier.balls import Enclosure, exact, point
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.hypothesis_set import Hypotheses
from losscheck.verifier.minorant import minorant
from losscheck.verifier.points import broken_nowhere
from losscheck.verifier.softmax import equivariant
from losscheck.verifier.terms import F0, Node


class ConvexRisk:
    """The risks of one loss that minorants bound; class 0 is the top class, class 1 the predicted one."""

    def __init__(self, case: Case, over: Hypotheses, cap: Fraction | None = None) -> None:
        expect(broken_nowhere(case), "a loss is not shown to be defined")
        expect(equivariant(case), "the classes are not shown interchangeable")
        self.case, self.over, self.cap = case, over, cap

    def values(self, texts: Any, predicted: bool = False) -> list[arb]:
        """The losses of all classes at some scores; ``predicted`` asks that class 1 has the largest."""
        z = [rational(x) for x in texts]
        expect(len(z) == len(self.case.variables), "one score per class")
        expect(not self.over.sum_to_zero or sum(z) == 0, "the scores do not add up to 0")
        expect(not predicted or z[1] == max(z), "class 1 is not predicted")
        expect(self.cap is None or all(abs(x) <= self.cap for x in z), "a score is outside its range")
        at = Enclosure({x: point(c) for x, c in zip(self.case.variables, z, strict=True)})
        found = [at(root) for root in self.case.roots]
        expect(all(low.is_finite() and high.is_finite() for low, high in found), "a loss is not finite")
        return [low.union(high) for low, high in found]

    def below(self, p: Sequence[Fraction], flows: Any, predicted: bool) -> arb:
        """A lower bound of the risk over all scores, or over those that predict class 1."""
        weights: dict[Node, Fraction] = {}
        for root, w in zip(self.case.roots, p, strict=True):
            weights[root] = weights.get(root, F0) + w
        low = minorant({n: w for n, w in weights.items() if w}, flows, self.case.variables)
        a = [low.slopes[x] for x in self.case.variables]
        if self.cap is not None:
            return (low.total + exact(self.cap * _in_cube(a, predicted))).lower()
        if self.over.sum_to_zero:
            mean = sum(a, F0) / len(a)
            a = [c - mean for c in a]
        expect(sum(a) == 0, "the minorant changes along the diagonal")
        fine = all(c <= 0 for i, c in enumerate(a) if i != 1) if predicted else not any(a)
        expect(fine, "the minorant falls without bound")
        return low.total.lower()


def _in_cube(a: Sequence[Fraction], predicted: bool) -> Fraction:
    """The least value of ``a.z`` over [-1, 1]^K, or over the part where z_1 is largest."""
    if not predicted:
        return -sum((abs(c) for c in a), F0)
    others = [c for i, c in enumerate(a) if i != 1]
    top = a[1] + sum((c if c < 0 else -c for c in others), F0)
    return min(-sum(a, F0), top)
