"""Branch and bound for the least regret over the distributions of one zero-one regret, in floats."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from losscheck.engines.inner_risks import Inner
from losscheck.engines.regret_grid import RegretGrid
from losscheck.verifier.regret_cells import Rest, above, corners, halves, outside

Array = NDArray[np.float64]
MOST = 5000


class RegretSearch:
    """The search for one loss and one t; ``wide`` knows the risks of the most scores, ``inner`` those of the least."""

    def __init__(self, inner: Inner, wide: Inner, k: int, t: Fraction) -> None:
        self.inner, self.wide, self.k, self.t = inner, wide, k, t
        self.vertex: dict[Rest, tuple[float, Array, Array]] = {}

    def distributions(self, rest: Array) -> Array:
        """The distributions with these probabilities of the other classes."""
        left = 1 - rest.sum(axis=1, keepdims=True)
        return np.hstack([(left + float(self.t)) / 2, np.maximum(left - float(self.t), 0) / 2, rest])

    def floats(self, rests: Sequence[Rest]) -> Array:
        """The same for rational ones."""
        return self.distributions(np.array([[float(x) for x in r] for r in rests]))

    def best(self) -> tuple[float, Rest]:
        """The least regret found, and where."""
        values, rests = RegretGrid(self.inner, self.k, [float(self.t)]).least()
        return self.admitted(rests[0], float(values[0]))

    def admitted(self, rest: Array, value: float) -> tuple[float, Rest]:
        """A rational point near, among the distributions of the question."""
        r = [Fraction(float(x)).limit_denominator(10**7) for x in rest]
        if sum(r) > 1 - self.t:
            r = [x * (1 - self.t) / sum(r) for x in r]
        most = (1 - sum(r) + self.t) / 2
        if r[0] > most:  # rounding moved it across the edge p_0 = r_0: towards 0 again
            r = [x * most / r[0] for x in r]
        return value, tuple(r)

    def _price(self, rests: list[Rest]) -> None:
        new = [r for r in dict.fromkeys(rests) if r not in self.vertex]
        if new:
            p = self.floats(new)
            risks, acts = self.wide.wrong(p)
            self.vertex.update((r, (float(c), x, w)) for r, c, x, w in zip(new, risks, acts, p, strict=True))

    def tree(self, target: float, covered: Fraction | None = None) -> tuple[Any, list[Array]] | None:
        """A tree of cells, each with an act that keeps its bound above the target; None if it grows too large.

        Cells in which p_0 + p_1 is at least ``covered`` are left to swaps.
        """
        root: list[Any] = [None]
        level = [(corners(self.k, self.t), root, 0)]
        acts: list[Array] = []
        while level:
            if len(acts) + len(level) > MOST:
                return None
            live = []
            for cell, parent, side in level:
                if outside(cell, self.t):
                    parent[side] = -1
                elif covered is not None and above(cell, covered):
                    parent[side] = -2
                else:
                    live.append((cell, parent, side))
            level = []
            if not live:
                break
            self._price([r for cell, _, _ in live for r in cell])
            p = np.array([[self.vertex[r][2] for r in cell] for cell, _, _ in live])
            prices = np.array([[self.vertex[r][0] for r in cell] for cell, _, _ in live])
            found = self.inner.right(p.mean(axis=1))[1]
            with np.errstate(all="ignore"):
                paid = np.where(p > 0, p * self.inner.losses(found)[:, None, :], 0).sum(axis=2)
            for (cell, parent, side), low, act in zip(live, (prices - paid).min(axis=1), found, strict=True):
                if low >= target:
                    parent[side] = len(acts)
                    acts.append(act)
                else:
                    parent[side] = node = [None, None]
                    level += [(half, node, i) for i, half in enumerate(halves(cell))]
        return root[0], acts
