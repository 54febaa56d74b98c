"""T of comp-sum losses by branch and bound over distributions (rule ``h_transform_cells``)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from losscheck.certificate import graph_json, q
from losscheck.engines.numeric import evaluate
from losscheck.engines.water_filling import WaterFilling
from losscheck.expr.derivative import derivative
from losscheck.expr.graph import Expr
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems.h_transform_comp_sum import profiles
from losscheck.verdict import Outcome
from losscheck.verifier.regret_cells import Rest, corners, halves, outside

Array = NDArray[np.float64]
WIDTH, MOST, UNIT = 4e-5, 4000, 2**40
MESSAGE = "Branch and bound over the distributions of each regret encloses T."


def _rows(t: Fraction, rests: Sequence[Rest]) -> Array:
    rest = np.array([[float(x) for x in r] for r in rests])
    left = 1 - rest.sum(axis=1, keepdims=True)
    return np.hstack([(left + float(t)) / 2, np.maximum(left - float(t), 0) / 2, rest])


def rounded(s: Array, level: Sequence[int] = ()) -> list[Fraction]:
    """A rational point of the simplex near s, exactly equal on the classes of ``level``, which take up the rest."""
    out = [Fraction(max(round(float(x) * UNIT), 1), UNIT) for x in s]
    share = list(level) or [int(np.argmax(s))]
    rest = (Fraction(1) - sum(x for i, x in enumerate(out) if i not in share)) / len(share)
    return [rest if i in share else x for i, x in enumerate(out)]


def tangent(s: Array, p: Array) -> list[Fraction]:
    """Where to take the tangents of a lower bound."""
    return [Fraction(min(max(float(x), 2.0**-60), 1.0)) if w > 0 else Fraction(1) for x, w in zip(s, p, strict=True)]


class Search:
    """Branch and bound for one phi and one t."""

    def __init__(self, fill: WaterFilling, k: int, t: Fraction) -> None:
        self.fill, self.k, self.t = fill, k, t
        self.vertex: dict[Rest, tuple[float, Array, Array]] = {}

    def regrets(self, p: Array) -> Array:
        """The least wrong risk minus the least risk; infinite where class 0 is not on top."""
        wrong = self.fill.pooled(p)
        gap = self.fill.risk(wrong, self.fill.minimise(wrong)) - self.fill.risk(p, self.fill.minimise(p))
        return np.where(p[:, 0] >= p.max(axis=1) - 1e-12, gap, np.inf)

    def best(self) -> tuple[float, Rest]:
        """The least regret found, and where."""
        rng = np.random.default_rng(0)
        tops = corners(self.k, self.t)
        base = np.array([[float(x) for x in r] for r in tops])
        weights = [np.eye(len(tops)), rng.dirichlet(np.full(len(tops), 0.6), 60 * 3 ** min(self.k - 2, 3))]
        if self.k == 3:
            weights.append(np.linspace(0, 1, 201)[:, None] * [1, -1] + [0, 1])
        pool = np.vstack(weights) @ base
        values = self.regrets(self._p(pool))
        for scale in (0.1, 0.03, 0.01, 0.003, 1e-3, 1e-4):
            centre = pool[int(values.argmin())]
            near = np.abs(centre + scale * rng.normal(size=(60, self.k - 2)) * rng.integers(0, 2, (60, self.k - 2)))
            near = -np.sort(-near, axis=1)
            near *= np.minimum(1, (1 - float(self.t)) / np.maximum(near.sum(axis=1, keepdims=True), 1e-12))
            pool, values = np.vstack([centre, near]), self.regrets(self._p(np.vstack([centre, near])))
        rest = [Fraction(float(x)).limit_denominator(10**6) for x in pool[int(values.argmin())]]
        if sum(rest) > 1 - self.t:
            rest = [x * (1 - self.t) / sum(rest) for x in rest]
        return float(values.min()), tuple(rest)

    def _p(self, rest: Array) -> Array:
        left = 1 - rest.sum(axis=1, keepdims=True)
        return np.hstack([(left + float(self.t)) / 2, np.maximum(left - float(self.t), 0) / 2, rest])

    def _price(self, rests: list[Rest]) -> None:
        new = [r for r in dict.fromkeys(rests) if r not in self.vertex]
        if new:
            p = _rows(self.t, new)
            wrong = self.fill.pooled(p)
            s = self.fill.minimise(wrong)
            risks = self.fill.risk(wrong, s)
            self.vertex.update((r, (float(c), x, w)) for r, c, x, w in zip(new, risks, s, p, strict=True))

    def tree(self, target: float) -> tuple[Any, list[list[Fraction]]] | None:
        """A tree of cells, each with a point of the simplex that keeps its bound high enough; None if too large."""
        root: list[Any] = [None]
        level = [(corners(self.k, self.t), root, 0)]
        points: list[list[Fraction]] = []
        while level:
            if len(points) + len(level) > MOST:
                return None
            live = []
            for cell, parent, side in level:
                if outside(cell, self.t):
                    parent[side] = -1
                else:
                    live.append((cell, parent, side))
            if not live:
                break
            self._price([r for cell, _, _ in live for r in cell])
            p = np.array([[self.vertex[r][2] for r in cell] for cell, _, _ in live])
            prices = np.array([[self.vertex[r][0] for r in cell] for cell, _, _ in live])
            act = self.fill.minimise(p.mean(axis=1))
            act = np.maximum(act, 2.0**-40)
            values = self.fill.phi(act)[:, None, :]
            with np.errstate(all="ignore"):
                bound = (prices - np.where(p > 0, p * values, 0).sum(axis=2)).min(axis=1)
            level = []
            for (cell, parent, side), low, s in zip(live, bound, act, strict=True):
                if low >= target:
                    parent[side] = len(points)
                    points.append(rounded(s))
                else:
                    parent[side] = node = [None, None]
                    level += [(half, node, i) for i, half in enumerate(halves(cell))]
        return root[0], points


def part(fill: WaterFilling, k: int, t: Fraction) -> dict[str, Any] | None:
    """The certificate's part for one t, or None."""
    search = Search(fill, k, t)
    high, rest = search.best()
    grown = search.tree(max(high, 0.0) - WIDTH)
    if grown is None:
        return None
    tree, points = grown
    p = _rows(t, [rest])
    mixed = fill.pooled(p)
    wrong, right = fill.minimise(mixed)[0], fill.minimise(p)[0]
    shared = [i for i in range(k) if i == 1 or (p[0, i] > 0 and mixed[0, i] == mixed[0, 1] and mixed[0, i] != p[0, i])]
    if max(wrong) > wrong[1]:
        shared = [i for i in range(k) if wrong[i] >= wrong[1]]
    return {
        "tree": tree,
        "points": [[q(x) for x in s] for s in points],
        "vertices": {
            " ".join(map(q, r)): [q(x) for x in tangent(s, w)] for r, (_, s, w) in search.vertex.items()
        },
        "rest": [q(x) for x in rest],
        "wrong": [q(x) for x in rounded(wrong, shared)],
        "tangent": [q(x) for x in tangent(right, p[0])],
    }  # fmt: skip


def _function(root: Expr) -> Any:
    return lambda x: evaluate([root], {"s": x})[0]


def h_transform_cells(lifted: Lifted, text: str, ts: Sequence[float]) -> Outcome | None:
    """Enclose T at as many t as branch and bound closes, or return None."""
    if lifted.kind != "logits" or text not in ("All", "All(sum_to_zero)") or not 3 <= len(lifted.variables) <= 5:
        return None
    k = len(lifted.variables)
    for alpha, phi in profiles(lifted):
        fill = WaterFilling(_function(phi), _function(derivative(phi, "s")))
        found = [(t, part(fill, k, Fraction(repr(t)))) for t in ts if t > 0]
        closed = [(t, made) for t, made in found if made is not None]
        if closed:
            proof = {
                "rule": "h_transform_cells", "hypotheses": text, "t": [t for t, _ in closed], "alpha": q(alpha),
                "own": graph_json([phi]), "parts": [made for _, made in closed],
            }  # fmt: skip
            outcome = prove(lifted, "h_transform", proof, message=MESSAGE)
            if outcome:
                return outcome
    return None
