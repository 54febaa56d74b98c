"""Conditional risks of continuous piecewise linear losses, exactly: minima over the vertices of the switches and ties.

Lemma. As in ``calibrated_polyhedral``: on every closed cell of the arrangement of switches and ties a loss is affine
and, its recession slopes being >= 0, bounded below, so every conditional risk takes its minimum over a union of cells
at a vertex in it; the scores that predict class 1 are a union of cells. With scores that add up to 0, the last score
is minus the sum of the others, and the same holds in these. With scores in [-A, A] the faces of that cube are walls as
well; every cell in it is compact, so that the recession slopes do not matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from flint import arb

from losscheck.verifier.balls import exact
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.hypothesis_set import Hypotheses
from losscheck.verifier.piecewise_linear import (
    Vector,
    evaluate,
    hyperplanes,
    is_piecewise_linear,
    primitive,
    rays,
    vertices,
)
from losscheck.verifier.softmax import equivariant
from losscheck.verifier.terms import F0, F1, Node


class PiecewiseRisk:
    """The risks of one piecewise linear loss; class 0 is the top class, class 1 the predicted one."""

    def __init__(self, case: Case, over: Hypotheses, cap: Fraction | None = None) -> None:
        self.case, self.over, self.cap = case, over, cap
        expect(is_piecewise_linear(case.roots), "the loss is not piecewise linear")
        expect(equivariant(case), "the classes are not shown interchangeable")
        self.found = self.reduced() if over.sum_to_zero else self.full() if cap is None else self.within(cap)
        self.every = sorted({v for _, v in self.found})
        self.predicted = sorted({v for z, v in self.found if z[1] == max(z)})

    def full(self) -> list[tuple[Vector, Vector]]:
        """Vertices with their losses, all scores."""
        names, roots = self.case.variables, self.case.roots
        planes = hyperplanes(roots, names)
        if all(sum(row[1:]) == 0 for row in planes):
            flat = evaluate(roots, names, tuple(F1 for _ in names), homogeneous=True)
            expect(not any(flat), "a loss changes along the diagonal, which no hyperplane cuts")
        self.bounded_below(roots, names, planes)
        return [(z, evaluate(roots, names, z)) for z in vertices(planes, len(names))]

    def within(self, cap: Fraction) -> list[tuple[Vector, Vector]]:
        """Vertices with their losses, scores in a cube."""
        names, roots = self.case.variables, self.case.roots
        faces = [
            [s * cap, *(F1 if i == j else F0 for i in range(len(names)))] for j in range(len(names)) for s in (1, -1)
        ]
        planes = sorted({*hyperplanes(roots, names), *(primitive(row) for row in faces)})
        found = (z for z in vertices(planes, len(names)) if all(abs(x) <= cap for x in z))
        return [(z, evaluate(roots, names, z)) for z in found]

    def reduced(self) -> list[tuple[Vector, Vector]]:
        """Vertices with their losses, scores that add up to 0."""
        pool, names = self.case.pool, self.case.variables[:-1]
        last = pool.linear(*((-F1, pool.var(x)) for x in names))
        roots = [pool.substitute(root, {pool.var(self.case.variables[-1]): last}) for root in self.case.roots]
        ties = [primitive([F0, *(F1 + (i == j) for j in range(len(names)))]) for i in range(len(names))]
        planes = sorted({*hyperplanes(roots, names), *ties})
        self.bounded_below(roots, names, planes)
        found = vertices(planes, len(names))
        return [((*z, -sum(z, F0)), evaluate(roots, names, z)) for z in found]

    def bounded_below(self, roots: Sequence[Node], names: Sequence[str], planes: Sequence[tuple[int, ...]]) -> None:
        """Check that no loss falls along a ray of the arrangement."""
        for r in rays(planes, len(names)):
            slopes = evaluate(roots, names, r, homogeneous=True)
            expect(all(s >= 0 for s in slopes), f"a loss falls without bound along {[str(x) for x in r]}")

    def values(self, texts: Any, predicted: bool = False) -> list[arb]:
        """The losses of all classes at some scores; ``predicted`` asks that class 1 has the largest."""
        z = tuple(rational(x) for x in texts)
        expect(len(z) == len(self.case.variables), "one score per class")
        expect(not self.over.sum_to_zero or sum(z) == 0, "the scores do not add up to 0")
        expect(not predicted or z[1] == max(z), "class 1 is not predicted")
        expect(self.cap is None or all(abs(x) <= self.cap for x in z), "a score is outside its range")
        return [exact(x) for x in evaluate(self.case.roots, self.case.variables, z)]

    def below(self, p: Sequence[Fraction], texts: Any, predicted: bool) -> arb:
        """The least risk over all scores, or over those that predict class 1."""
        vectors = self.predicted if predicted else self.every
        return exact(min(sum((w * x for w, x in zip(p, v, strict=True)), F0) for v in vectors)).lower()
