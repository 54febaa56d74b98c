"""Conditional risks of comp-sum losses from below, at a distribution, and values at a point of the simplex.

Lemma. Let phi be convex and differentiable on (0, 1], p a distribution and x in (0, 1]^K. Then for all s of the simplex
``sum p_i phi(s_i) >= sum p_i (phi(x_i) - x_i phi'(x_i)) + min over s of sum p_i phi'(x_i) s_i`` (tangents). A linear
form takes its minimum at a vertex: over the simplex one of the unit vectors; over the part where s_1 is largest, the
uniform distribution on a set of classes that holds class 1: for each size, the one with the smallest coefficients.

With scores in [-A, A] s fills ``max s <= k min s``, ``k = e^(2 alpha A)``, whose vertices have s proportional to k on a
set of classes and to 1 on the others; where s_1 is largest, the set holds class 1 (or all are equal).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from flint import arb

from losscheck.verifier.balls import ZERO, Enclosure, exact, point
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.comp_sum import comp_sum, convex_decreasing
from losscheck.verifier.numbers import fraction
from losscheck.verifier.terms import Node


class CompSumRisk:
    """The risks of one comp-sum loss; class 0 is the top class, class 1 the predicted one."""

    spread: arb | None = None
    """``e^(2 alpha A)`` for scores in [-A, A]; None for all scores."""

    def __init__(self, case: Case, proof: dict[str, Any], cap: Fraction | None = None) -> None:
        self.case, self.phi = case, comp_sum(case, proof)
        if cap is not None:
            self.spread = exact(2 * rational(proof["alpha"]) * cap).exp()
        convex_decreasing(case, self.phi)
        self.slope = case.pool.differentiate(self.phi, "s")
        self.seen: dict[tuple[Fraction, bool], arb] = {}

    def at(self, s: Fraction, slope: bool = False) -> arb:
        """A ball around phi or its derivative."""
        if (s, slope) not in self.seen:
            n: Node = self.slope if slope else self.phi
            low, high = Enclosure({"s": point(s)})(n)
            expect(low.is_finite() and high.is_finite(), "the profile is not finite at a point")
            self.seen[s, slope] = low.union(high)
        return self.seen[s, slope]

    def values(self, texts: Any, predicted: bool = False) -> list[arb]:
        """The losses of all classes at a point of the simplex; ``predicted`` asks that class 1 is largest."""
        s = [rational(x) for x in texts]
        expect(len(s) == len(self.case.variables) and sum(s) == 1 and min(s) >= 0, "no point of the simplex")
        expect(not predicted or s[1] == max(s), "class 1 is not predicted")
        reached = self.spread is None or exact(max(s)) <= (self.spread * exact(min(s))).lower()
        expect(bool(reached), "a point of the simplex is outside the scores")
        return [self.at(x) for x in s]

    def below(self, p: Sequence[Fraction], texts: Any, predicted: bool) -> arb:
        """A lower bound of the risk over all scores, or over those that predict class 1."""
        x = [rational(t) for t in texts]
        expect(len(x) == len(p) and all(0 < c <= 1 for c in x), "a tangent point lies in (0, 1]")
        total, forms = ZERO, []
        for w, c in zip(p, x, strict=True):
            slope = exact(w) * self.at(c, slope=True) if w else ZERO
            total += exact(w) * self.at(c) - exact(c) * slope if w else ZERO
            forms.append(slope)
        if self.spread is not None:
            return (total + self.least_capped(forms, self.spread, predicted)).lower()
        if not predicted:
            return (total + least(forms)).lower()
        others = sorted((f.lower() for i, f in enumerate(forms) if i != 1), key=fraction)
        vertices, form = [], forms[1]
        for size, f in enumerate([ZERO, *others], start=1):
            form = form + f
            vertices.append(form / size)
        return (total + least(vertices)).lower()

    def least_capped(self, forms: list[arb], spread: arb, predicted: bool) -> arb:
        """The least value of a linear form at the vertices of capped scores."""
        first = forms[1].lower() if predicted else ZERO
        others = sorted((f.lower() for i, f in enumerate(forms) if not (predicted and i == 1)), key=fraction)
        k, every = len(forms), sum(forms, ZERO)
        chosen, found = first, [every / k]
        for size, f in enumerate([*([ZERO] if predicted else []), *others][: k - 1], start=1):
            chosen = chosen + f
            found.append((every + (spread - 1) * chosen) / (spread * size + (k - size)))
        return least(found)


def least(balls: Sequence[arb]) -> arb:
    """The smallest lower end."""
    ends = [b.lower() for b in balls]
    best = ends[0]
    for x in ends[1:]:
        best = x if x < best else best
    return best
