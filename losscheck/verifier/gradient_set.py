"""Polytopes that hold every gradient of a loss: ``{vertices}`` whose convex hull contains the gradient set.

A locally Lipschitz function is Lipschitz with the supremum of the norm of its gradients at the points where it is
differentiable (Rademacher); by the chain rule these lie in

- ``lse(a_1, ..)``, ``max``, ``min``: the convex hull of the sets of the arguments (weights >= 0 that sum to 1);
- sums: the Minkowski sum; ``abs``: the hull of both signs, or one where the sign is known;
- smooth functions of one argument: the range of the outer derivative times the set; products: the sum over factors of
  the range of the others times the set.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from losscheck.verifier.balls import ONE, Enclosure, Range, times
from losscheck.verifier.certificate import expect
from losscheck.verifier.cover import sign
from losscheck.verifier.numbers import fraction
from losscheck.verifier.terms import F0, Node, Pool, walk

Vector = tuple[Fraction, ...]
MOST = 4096


def gradient_set(pool: Pool, root: Node, names: Sequence[str], value: Enclosure) -> set[Vector]:
    """Vertices of a polytope that contains all gradients of the root on the box of ``value``."""
    sets: dict[Node, set[Vector]] = {}
    zero: Vector = tuple(F0 for _ in names)
    for n in walk(root):
        moving = [a for a in n.args if sets.get(a, {zero}) != {zero}]
        if n.op == "var":
            sets[n] = {tuple(Fraction(n.value == x) for x in names)}
        elif not moving:
            sets[n] = {zero}
        elif n.op == "add":
            sets[n] = minkowski([scaled(sets[a], c, c) for c, a in zip(n.value[1:], n.args, strict=True)], zero)
        elif n.op in ("lse", "max", "min"):
            sets[n] = set().union(*(sets[a] for a in n.args))
        elif n.op == "abs":
            s = sign(n.args[0], value)
            low, high = (1, 1) if s in "+p0" else (-1, -1) if s in "-m" else (-1, 1)
            sets[n] = scaled(sets[n.args[0]], Fraction(low), Fraction(high))
        elif n.op == "mul":
            parts = []
            for i, a in enumerate(n.args):
                others: Range = (ONE, ONE)
                for j, b in enumerate(n.args):
                    others = times(others, value(b)) if j != i else others
                parts.append(scaled(sets[a], *_rational(others)))
            sets[n] = minkowski(parts, zero)
        else:
            expect(n.op not in ("where", "ball"), "branches may jump, so gradients do not bound the loss")
            outer = pool.differentiate(pool.make(n.op, n.value, (pool.var("u"),)), "u")
            range_of = Enclosure({"u": value(n.args[0])})(outer)
            sets[n] = scaled(sets[n.args[0]], *_rational(range_of))
        expect(len(sets[n]) <= MOST, "the set of gradients has too many vertices")
    return sets[root]


def scaled(vertices: set[Vector], low: Fraction, high: Fraction) -> set[Vector]:
    """The hull of ``[low, high] * set``."""
    return {tuple(c * x for x in v) for c in {low, high} for v in vertices}


def minkowski(parts: Sequence[set[Vector]], zero: Vector) -> set[Vector]:
    """All sums of one vertex of each part."""
    total = {zero}
    for part in parts:
        expect(len(total) * len(part) <= 16 * MOST, "the set of gradients has too many vertices")
        total = {tuple(a + b for a, b in zip(u, v, strict=True)) for u in total for v in part}
    return total


def _rational(r: Range) -> tuple[Fraction, Fraction]:
    expect(r[0].is_finite() and r[1].is_finite(), "an outer derivative is not bounded")
    return fraction(r[0]), fraction(r[1])
