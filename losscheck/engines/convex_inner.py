"""Least conditional risks of smooth convex losses by descent, and minorants that show them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from losscheck.engines.flows import Flows, Linear, combine
from losscheck.engines.risk_descent import RiskDescent
from losscheck.engines.swaps import Band
from losscheck.lifting.lifted import Lifted
from losscheck.verifier.balls import Undefined
from losscheck.verifier.certificate import Case
from losscheck.verifier.hypothesis_set import Hypotheses
from losscheck.verifier.regret_cells import Rest, distribution

Array = NDArray[np.float64]
UNIT = 2**36


class ConvexInner:
    """Losses whose risks a descent minimises; class 1 shares its score with the rivals that would pass it."""

    width = 4e-5

    def __init__(self, lifted: Lifted, case: Case, over: Hypotheses, cap: Fraction | None = None) -> None:
        self.case, self.over, self.k, self.cap = case, over, len(lifted.variables), cap
        self.risk = RiskDescent(lifted.roots, lifted.variables)
        self.flat = over.sum_to_zero or (cap is None and self.unmoved())
        self.ties = [pool for size in (2, 3) for pool in combinations(range(self.k), size)] if self.kinked() else []

    def unmoved(self) -> bool:
        """Whether no loss looks changed by adding one number to all scores."""
        z = np.random.default_rng(0).normal(size=(20, self.k))
        with np.errstate(all="ignore"):
            moved = self.risk.losses(z + 0.7) - self.risk.losses(z)
        return bool(np.abs(moved).max() < 1e-9)

    def kinked(self) -> bool:
        """Whether losses have kinks where two scores are equal, at which descents by slopes may stop."""
        step, z = 1e-6, np.random.default_rng(0).normal(size=(20, self.k))
        z[:, 1] = z[:, 0]
        move = step * (np.arange(self.k) == 1)
        low, middle, high = (self.risk.losses(z + s * move) for s in (-1, 0, 1))
        return bool(np.abs(low + high - 2 * middle).max() > 1e-3 * step)

    def descend(self, p: Array, pool: Sequence[int]) -> Array:
        """Least risks where the classes of the pool share one score: damped Newton steps, all rows at once.

        Coordinates that a slope presses against a cap stay there.
        """
        groups = [list(pool)] + [[i] for i in range(self.k) if i not in pool]
        basis = np.array([[float(i in g) for g in groups] for i in range(self.k)])
        if self.flat:
            left, size, _ = np.linalg.svd(basis - basis.mean(axis=0), full_matrices=False)
            basis = left[:, size > 1e-9]
        top = np.inf if self.cap is None else float(self.cap)
        return self.risk.descend(p, basis, top)

    def wrong(self, p: Array) -> tuple[Array, Array]:
        """Pool class 1 with class 0, then with whoever is above."""
        z = self.descend(p, (0, 1))
        pools: dict[int, tuple[int, ...]] = dict.fromkeys(range(len(p)), (0, 1))
        for _ in range(self.k - 2):
            above = [i for i, row in enumerate(z) if row.max() > row[1] + 1e-9]
            for i in above:
                pools[i] = (*pools[i], int(np.argmax(z[i])))
            for pool in sorted({pools[i] for i in above}):
                rows = [i for i in above if pools[i] == pool]
                z[rows] = self.descend(p[rows], pool)
        return self.risk.risks(p, z), z

    def right(self, p: Array) -> tuple[Array, Array]:
        """Plain descent."""
        z = self.descend(p, (0,))
        value = self.risk.risks(p, z)
        for pool in self.ties:
            tied = self.descend(p, pool)
            after = self.risk.risks(p, tied)
            z, value = np.where((after < value)[:, None], tied, z), np.minimum(after, value)
        return value, z

    def losses(self, acts: Array) -> Array:
        """All losses at the points."""
        return self.risk.losses(acts)

    def exactly(self, act: Array, predicted: bool) -> list[Fraction]:
        """A dyadic point near, with its ties, and sum 0 where that is asked."""
        z = [Fraction(round(float(x) * UNIT), UNIT) for x in act]
        if predicted:
            z = [z[1] if i == 0 or x > z[1] else x for i, x in enumerate(z)]
        if self.over.sum_to_zero:
            mean = sum(z, Fraction(0)) / self.k
            z = [x - mean for x in z]
        return z if self.cap is None else [min(max(x, -self.cap), self.cap) for x in z]

    def covered(self, k: int, t: Fraction, low: float) -> tuple[Fraction, list[Band]] | None:
        """Nothing."""
        return None

    def level(self, flows: Flows, pool: list[int], act: Array) -> list[Linear]:
        """Equations for the slopes: none outside the pool, no change along the diagonal; any at a cap."""
        slopes = [flows.slopes[x] for x in self.case.variables]
        total: Linear = {}
        for i, s in enumerate(slopes):
            total = combine(total, Fraction(1), s) if self.cap is None or i in pool else total
        if self.cap is not None:
            inside = [i for i, x in enumerate(act) if abs(x) < float(self.cap)]
            return [slopes[i] for i in inside if i not in pool] + ([total] if pool and pool[0] in inside else [])
        if self.over.sum_to_zero:
            return [combine(s, Fraction(-1, self.k), total) for i, s in enumerate(slopes) if i not in pool]
        return [*(s for i, s in enumerate(slopes) if i not in pool), total]

    def support(self, act: Array, rest: Rest, t: Fraction, predicted: bool) -> Any:
        """Multipliers of a minorant near the tangent at a minimiser."""
        weights: dict[Any, Fraction] = {}
        for root, w in zip(self.case.roots, distribution(t, rest), strict=True):
            weights[root] = weights.get(root, Fraction(0)) + w
        pool = [i for i, x in enumerate(act) if x >= act[1] - 1e-9] if predicted else []
        least = float(min(w for w in weights.values() if w))  # a class of small weight has small flows
        try:
            flows = Flows({n: w for n, w in weights.items() if w}, self.case.variables)
            level = self.level(flows, pool, act)
            guess = flows.at(dict(zip(self.case.variables, map(float, act), strict=True)), level)
            guess = [x if abs(x) > 1e-9 * least else 0.0 for x in guess]
        except (Undefined, ZeroDivisionError, OverflowError):
            return []
        while (exact := flows.solve(guess, self.level(flows, pool, act))) is not None:
            if odd := flows.misplaced(exact):
                guess = [0.0 if e in odd else x for e, x in enumerate(guess)]
                continue
            slopes = [combined(flows.slopes[x], exact) for x in self.case.variables]
            mean = sum(slopes, Fraction(0)) / self.k if self.cap is None else Fraction(0)
            rising = [i for i in pool if i != 1 and slopes[i] > mean]
            if not rising:
                return flows.hints(exact)
            pool = [i for i in pool if i not in rising]  # these need not be held down
        return []


def combined(w: Linear, x: Sequence[Fraction]) -> Fraction:
    """The value of a linear form of the flows."""
    return sum((c * (1 if k < 0 else x[k]) for k, c in w.items()), Fraction(0))
