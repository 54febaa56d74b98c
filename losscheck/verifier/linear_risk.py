r"""Risks of linear scores ``x -> w.x`` in the plane under uniform label noise, bounded below on whole lines.

``F(w) = sum_i m_i ((1 - rate) l_{y_i}(w.x_i) + rate l_{1 - y_i}(w.x_i)) + (ridge / 2) |w|^2`` over finitely many atoms
``(x_i, y_i)`` of weight m_i. The losses must be real and convex on R (the caller's premise), so that F is convex.

Lemma (lines). Let G be F along a line, ``s_0 < s_1 < s_2 < s_3`` rational, with ``G(s_0) >= G(s_1)`` and
``G(s_3) >= G(s_2)``. Slopes of chords of a convex function increase, so ``G >= G(s_0)`` left of s_0 and
``G >= G(s_3)`` right of s_3; on [s_1, s_3] G lies above the chord through s_0, s_1 prolonged, on [s_0, s_2] above that
through s_2, s_3. If the losses are nonnegative (the caller's premise), G is also at least the sum over the atoms whose
score is constant along the line.

Lemma (sides). If ``F > c > F(w)`` on a line, then ``F > c`` on the whole side of it that w is not on: the segment from
w to such a point crosses the line, and a convex function that has risen goes on rising. So minimisers, and minimising
sequences from some place on, lie on w's side.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from flint import arb

from losscheck.verifier.balls import exact
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.defined import exactly
from losscheck.verifier.functions_1d import two_sides
from losscheck.verifier.identity import same
from losscheck.verifier.points import defined_everywhere, value_range, whole_domain
from losscheck.verifier.terms import F0, F1

Vector = tuple[Fraction, Fraction]


@dataclass(frozen=True)
class Atom:
    """A point of the plane with its weight and its sure label: 1 positive, 0 negative."""

    x: Vector
    weight: Fraction
    label: int

    def score(self, w: Vector) -> Fraction:
        """``w.x``, signed so that positive is right."""
        return dot(self.x, w) * (1 if self.label else -1)


def dot(a: Vector, b: Vector) -> Fraction:
    """Inner product."""
    return a[0] * b[0] + a[1] * b[1]


def vector(said: Any) -> Vector:
    """A point of the plane from two rationals."""
    expect(isinstance(said, list) and len(said) == 2, "a point of the plane has two numbers")
    return rational(said[0]), rational(said[1])


def is_quadratic(case: Case, a: Fraction, b: Fraction) -> bool:
    """Whether ``l_1(z) = a z^2 - b z + c_1`` and ``l_0(z) = a z^2 + b z + c_0``, defined everywhere."""
    pool, z = case.pool, case.pool.var(case.variables[0])
    for slope, loss in zip((-b, b), two_sides(case), strict=True):
        if not defined_everywhere(loss, whole_domain(case)):
            return False
        start = exactly(pool, loss, {case.variables[0]: F0})
        if not same(pool, loss, pool.linear((a, pool.mul(z, z)), (slope, z), (F1, start))):
            return False
    return True


def quadratic_minimiser(atoms: list[Atom], a: Fraction, b: Fraction, rate: Fraction, ridge: Fraction) -> Vector:
    """The only w with ``(2 a A + ridge) w = (1 - 2 rate) b m``, where ``A = E x x'`` and ``m = E +-x``."""
    rows = [[2 * a * sum(t.weight * t.x[i] * t.x[j] for t in atoms) + ridge * (i == j) for j in (0, 1)] for i in (0, 1)]
    m = [(1 - 2 * rate) * b * sum(t.weight * t.x[i] * (1 if t.label else -1) for t in atoms) for i in (0, 1)]
    det = rows[0][0] * rows[1][1] - rows[0][1] * rows[1][0]
    expect(det > 0, "the minimiser is not unique")
    return (m[0] * rows[1][1] - rows[0][1] * m[1]) / det, (rows[0][0] * m[1] - m[0] * rows[1][0]) / det


class LinearRisk:
    """The risk of one loss on given atoms at one rate of noise."""

    def __init__(self, case: Case, atoms: list[Atom], rate: Fraction, ridge: Fraction) -> None:
        expect(0 < len(atoms) <= 50 and all(a.weight > 0 and a.label in (0, 1) and any(a.x) for a in atoms), "no atoms")
        expect(sum(a.weight for a in atoms) == 1, "the weights add up to 1")
        self.case, self.atoms, self.rate, self.ridge = case, atoms, rate, ridge
        self.sides = two_sides(case)[::-1]
        self.known: dict[tuple[int, Fraction], arb] = {}

    def loss(self, label: int, score: Fraction) -> arb:
        """The loss of a label at a score."""
        key = (label, score)
        if key not in self.known:
            at = {self.case.variables[0]: score}
            exactly(self.case.pool, self.sides[label], at)  # rejects where it is not defined
            low, high = value_range(self.case, self.sides[label], at)
            self.known[key] = low.union(high)
        return self.known[key]

    def part(self, atom: Atom, w: Vector) -> arb:
        """The contribution of one atom."""
        score = dot(atom.x, w)
        kept, flipped = self.loss(atom.label, score), self.loss(1 - atom.label, score)
        return exact(atom.weight * (1 - self.rate)) * kept + exact(atom.weight * self.rate) * flipped

    def value(self, w: Vector) -> arb:
        """A ball around F(w)."""
        return sum((self.part(a, w) for a in self.atoms), exact(self.ridge / 2 * dot(w, w)))

    def on_line(self, x: Vector, c: Fraction, knots: Any) -> arb:
        """A lower bound of F on the line ``x.w = c``; without knots, of nonnegative losses."""
        foot, along = tuple(c * xi / dot(x, x) for xi in x), (-x[1], x[0])
        if knots is None:
            fixed = [self.part(a, (foot[0], foot[1])) for a in self.atoms if not dot(a.x, along)]
            return sum(fixed, exact(F0)).lower()
        s = [rational(k) for k in knots]
        expect(len(s) == 4 and all(a < b for a, b in pairwise(s)), "a line has four knots in order")
        g = [self.value((foot[0] + k * along[0], foot[1] + k * along[1])) for k in s]
        expect(bool(g[0] >= g[1]) and bool(g[3] >= g[2]), "the knots do not bracket the least value on the line")
        left = g[1] - (g[0] - g[1]) * exact((s[3] - s[1]) / (s[1] - s[0]))
        right = g[2] - (g[3] - g[2]) * exact((s[2] - s[0]) / (s[3] - s[2]))
        least = g[0].lower()
        for other in (g[3].lower(), left.lower(), right.lower()):
            least = other if other < least else least
        return least

    def side(self, w: Vector, x: Vector, c: Fraction, knots: Any) -> int:
        """On which side of ``x.w = c`` all minimising sequences end: the sign of ``x.w - c``."""
        gap = dot(x, w) - c
        expect(gap != 0, "the point lies on the line")
        expect(bool(self.on_line(x, c, knots) > self.value(w).upper()), "the risk is not shown larger on a line")
        return 1 if gap > 0 else -1
