"""Multipliers for the verifier's affine minorants: linear equations between flows, solved exactly.

Every branching node of a graph splits the weight that reaches it (``losscheck/verifier/minorant.py``). Seen from the
variables the weights are linear in the splits: a linear system. Floats suggest a solution (a linear programme for
piecewise linear graphs, the gradient at an approximate minimiser for smooth ones); the largest flows are then solved
for exactly, the others rounded to dyadic rationals.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from flint import fmpq, fmpq_mat
from numpy.typing import NDArray

from losscheck.certificate import q
from losscheck.verifier.balls import INF, NINF, Enclosure, Undefined, point
from losscheck.verifier.minorant import branches, constants, scaling
from losscheck.verifier.terms import Node, walk

Linear = dict[int, Fraction]
"""``{edge: coefficient}``; edge -1 is the constant 1."""
GRID = 2**34
SIGNED = ("lse", "max", "min", "exp", "log")
"""Operations whose multipliers have one sign."""


def combine(a: Linear, c: Fraction, b: Linear) -> Linear:
    """``a + c b``."""
    out = dict(a)
    for k, x in b.items():
        out[k] = out.get(k, Fraction(0)) + c * x
    return {k: x for k, x in out.items() if x}


class Flows:
    """The flow system of ``sum weights[n] n``."""

    def __init__(self, weights: Mapping[Node, Fraction], names: Sequence[str]) -> None:
        self.names = list(names)
        self.inflow: dict[Node, Linear] = {n: {-1: w} for n, w in weights.items() if w}
        self.splits: list[tuple[Node, list[int]]] = []
        self.met: list[tuple[Node, list[int] | None]] = []
        self.slopes: dict[str, Linear] = {x: {} for x in names}
        self.constant: Linear = {}
        self.edges = 0
        free = constants(weights)
        whole = Enclosure(dict.fromkeys(names, (NINF, INF)))
        for n in reversed(walk(*weights)):
            w = self.inflow.get(n)
            if not w:
                continue
            if n.op == "var":
                self.slopes[n.value] = combine(self.slopes[n.value], Fraction(1), w)
            elif n.op == "const":
                self.constant = combine(self.constant, n.value, w)
            elif n in free:
                pass
            elif n.op == "add":
                self.constant = combine(self.constant, n.value[0], w)
                for c, a in zip(n.value[1:], n.args, strict=True):
                    self.inflow[a] = combine(self.inflow.get(a, {}), c, w)
            elif set(w) == {-1} and (scaled := scaling(n, w[-1], free, whole)):
                self.inflow[scaled[0]] = combine(self.inflow.get(scaled[0], {}), scaled[1], w)
            elif not branches(n) or _concave(n, w):
                if not any(end.is_finite() for end in whole(n)):
                    raise Undefined(f"no multipliers for {n.op}")
                if branches(n):
                    self.met.append((n, None))
            else:
                found = list(range(self.edges, self.edges + branches(n)))
                self.edges += len(found)
                self.splits.append((n, found))
                self.met.append((n, found))
                for e, a in zip(found, n.args, strict=True):
                    self.inflow[a] = combine(self.inflow.get(a, {}), Fraction(1), {e: Fraction(1)})

    def equations(self, level: Sequence[Linear]) -> list[Linear]:
        """Conservation at every split, and the given slopes at 0."""
        kept = [
            combine(self.inflow[n], Fraction(-1), dict.fromkeys(found, Fraction(1)))
            for n, found in self.splits
            if n.op in ("lse", "max", "min")
        ]
        return [*kept, *level]

    def at(self, z: Mapping[str, float], level: Sequence[Linear] = ()) -> list[float]:
        """The flows of the tangent at a point; where two arguments tie, of that which brings ``level`` next to 0."""
        value = Enclosure({x: point(Fraction(c)) for x, c in z.items()})
        x = [0.0] * self.edges
        ties: list[tuple[int, int, float]] = []
        for n, found in self.splits:
            w = sum(float(c) * (1.0 if k < 0 else x[k]) for k, c in self.inflow[n].items())
            a = [float(value(k)[0].mid()) for k in n.args]
            if n.op == "lse":
                parts = [math.exp(k - float(value(n)[0].mid())) for k in a]
                parts = [k / sum(parts) for k in parts]
            elif n.op in ("max", "min"):
                best = (max if n.op == "max" else min)(a)
                tied = [abs(k - best) < 1e-7 for k in a]
                parts = [t / sum(tied) for t in tied]
                if sum(tied) == 2:
                    first, second = (e for e, t in zip(found, tied, strict=True) if t)
                    ties.append((first, second, w))
            elif n.op == "abs":
                parts = [float(np.sign(a[0]))]
            elif n.op == "pow":
                parts = [float(n.value) * math.copysign(abs(a[0]) ** float(n.value - 1), a[0])]
            else:
                parts = [math.exp(min(a[0], 600.0)) if n.op == "exp" else 1 / a[0]]
            for e, part in zip(found, parts, strict=True):
                x[e] = w * part
        if level and ties:
            for (first, second, w), share in zip(ties, self.shares(x, ties, level), strict=True):
                x[first], x[second] = w * share, w * (1 - share)
        return x

    def shares(
        self, x: Sequence[float], ties: Sequence[tuple[int, int, float]], level: Sequence[Linear]
    ) -> list[float]:
        """What of its weight the first of two tied arguments gets, for the smallest ``level``."""
        from scipy.optimize import lsq_linear

        def value(form: Linear) -> float:
            return sum(float(c) * (1.0 if k < 0 else x[k]) for k, c in form.items())

        rows = [[w * float(form.get(a, 0) - form.get(b, 0)) for a, b, w in ties] for form in level]
        start = [value(form) for form in level]  # with halves
        goal = np.array([sum(row) / 2 - y for row, y in zip(rows, start, strict=True)])
        return [float(share) for share in lsq_linear(np.array(rows), goal, bounds=(0, 1)).x]

    def solve(self, guess: Sequence[float], level: Sequence[Linear]) -> list[Fraction] | None:
        """Exact flows near the guess that satisfy all equations; edges guessed 0 stay 0."""
        order = sorted((e for e in range(self.edges) if abs(guess[e]) > 1e-13), key=lambda e: -abs(guess[e]))
        equations = [*self.equations(level), *self._ends(guess)]
        rows = [[*(r.get(e, Fraction(0)) for e in order), -r.get(-1, Fraction(0))] for r in equations]
        if not rows:
            return [_dyadic(g) for g in guess]
        width = len(order) + 1
        reduced, rank = fmpq_mat(
            len(rows), width, [fmpq(x.numerator, x.denominator) for row in rows for x in row]
        ).rref()
        solution = {e: _dyadic(guess[e]) for e in order}
        for i in range(rank):
            row = [Fraction(int(reduced[i, j].p), int(reduced[i, j].q)) for j in range(width)]
            pivot = next(j for j, x in enumerate(row) if x)
            if pivot == width - 1:
                return None  # the equations contradict each other on these edges
            solution[order[pivot]] = row[-1] - sum(
                (x * solution[order[j]] for j, x in enumerate(row[:-1]) if x and j != pivot), Fraction(0)
            )
        return [solution.get(e, Fraction(0)) for e in range(self.edges)]

    def misplaced(self, x: Sequence[Fraction]) -> set[int]:
        """The edges whose flow has the sign that no multiplier has: guesses next to 0, solved to beyond it."""
        signed = [(n, es) for n, es in self.splits if n.op in SIGNED or (n.op == "pow" and n.value % 2)]
        found = [(e, -1 if n.op in ("min", "log") else 1) for n, es in signed for e in es]
        return {e for e, side in found if side * x[e] < 0}

    def _ends(self, guess: Sequence[float]) -> list[Linear]:
        """Equations for the multipliers of absolute values that lie at an end of [-W, W]."""
        out = []
        for n, found in self.splits:
            if n.op == "abs":
                e = found[0]
                w = sum(float(c) * (1.0 if k < 0 else guess[k]) for k, c in self.inflow[n].items())
                if abs(abs(guess[e]) - w) < 1e-9:
                    out.append(combine({e: Fraction(1)}, Fraction(-1 if guess[e] > 0 else 1), self.inflow[n]))
        return out

    def hints(self, x: Sequence[Fraction]) -> list[list[str] | None]:
        """The multipliers as the verifier reads them: only of nodes that weight reaches."""

        def weight(w: Linear) -> Fraction:
            return sum((c * (1 if k < 0 else x[k]) for k, c in w.items()), Fraction(0))

        met = [f for n, f in self.met if weight(self.inflow[n])]
        return [None if f is None else [q(x[e]) for e in f] for f in met]

    def programme(self, level: Sequence[Linear], objective: Linear | None = None) -> list[float] | None:
        """A feasible flow by a float linear programme that maximises the objective (default: the constant term)."""
        from scipy.optimize import linprog

        cost = np.zeros(self.edges)
        for k, c in (self.constant if objective is None else objective).items():
            if k >= 0:
                cost[k] = -float(c)
        upper: list[Linear] = []
        bounds: list[tuple[float | None, float | None]] = [(None, None)] * self.edges
        for n, found in self.splits:
            for e in found:
                if n.op in ("lse", "max", "exp"):
                    bounds[e] = (0, None)
                elif n.op in ("min", "log"):
                    bounds[e] = (None, 0)
                if n.op == "abs":
                    upper += [combine({e: Fraction(s)}, Fraction(-1), self.inflow[n]) for s in (1, -1)]
        if not self.edges:
            return []
        a_ub, b_ub = self._dense(upper)
        a_eq, b_eq = self._dense(self.equations(level))
        best = linprog(cost, A_ub=a_ub, b_ub=b_ub, A_eq=a_eq, b_eq=b_eq, bounds=bounds, method="highs")
        return None if best.x is None else [float(v) for v in best.x]

    def _dense(self, rows: Sequence[Linear]) -> tuple[NDArray[Any], NDArray[Any]] | tuple[None, None]:
        if not rows:
            return None, None
        a, b = np.zeros((len(rows), self.edges)), np.zeros(len(rows))
        for i, row in enumerate(rows):
            for k, c in row.items():
                if k < 0:
                    b[i] = -float(c)
                else:
                    a[i, k] = float(c)
        return a, b


def _concave(n: Node, w: Linear) -> bool:
    """Whether a known weight turns the node concave, so that only its range bounds it."""
    return set(w) == {-1} and (w[-1] < 0) == (n.op not in ("min", "log"))


def _dyadic(x: float) -> Fraction:
    return Fraction(round(x * GRID), GRID) if abs(x) > 2.0**-20 else Fraction(x).limit_denominator(10**15)
