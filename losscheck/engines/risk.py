"""Conditional risks of logit losses in floats: values, gradients, approximate minimisers. For searching only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import permutations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from losscheck.engines.at_point import at_point
from losscheck.engines.numeric import evaluate
from losscheck.expr.derivative import derivative
from losscheck.expr.graph import Expr, topological
from losscheck.lifting.lifted import Lifted

Array = NDArray[Any]
Lift = Callable[[Array], Array]


class Risk:
    """``C_p(z) = sum_y p_y l_y(z)``."""

    def __init__(self, lifted: Lifted) -> None:
        self.lifted, self.names = lifted, lifted.variables

    @cached_property
    def kinked(self) -> bool:
        """Whether a loss switches anywhere."""
        return any(n.op in ("max", "min", "abs", "where") for n in topological(self.lifted.roots))

    def losses(self, z: Array) -> Array:
        """All labels' losses at a point (or at columns of points)."""
        if z.ndim == 1:
            return at_point(self.lifted.roots, self.names, z)
        return np.array(evaluate(self.lifted.roots, dict(zip(self.names, z, strict=True))))

    def gradient(self, p: Sequence[float], z: Array) -> Array:
        """The gradient of C_p."""
        flat = at_point(_slopes(self.lifted), self.names, z)
        return np.asarray(flat.reshape(len(p), -1).T @ np.asarray(p, float))

    def minimise(self, p: Sequence[float], onto: Array | None = None, start: Array | None = None) -> Array | None:
        """An approximate minimiser of C_p over the span of the columns of ``onto`` (default: everything)."""
        weights, basis = np.array(p, float), np.eye(len(self.names)) if onto is None else onto
        # The classes of a symmetric loss are interchangeable, so distributions in any order have one search.
        order = np.argsort(-weights, kind="stable") if onto is None and _symmetric(self.lifted) else None
        if order is not None:
            weights, start = weights[order], None if start is None else start[order]
        at = None if start is None else tuple(start.tolist())
        found = _minimiser(self.lifted, tuple(weights.tolist()), _rows(basis), at)
        if found is None or order is None:
            return None if found is None else np.array(found)
        z = np.empty(len(found))
        z[order] = found
        return z


@lru_cache(maxsize=16)
def _slopes(lifted: Lifted) -> tuple[Expr, ...]:
    """The gradient of every label's loss, one after the other."""
    return tuple(derivative(root, x) for root in lifted.roots for x in lifted.variables)


@lru_cache(maxsize=16)
def _symmetric(lifted: Lifted) -> bool:
    """Whether the loss of class y is, in floats, that of any other class with the scores interchanged."""
    k = len(lifted.variables)
    if len(lifted.roots) != k:
        return False
    z, risk = np.random.default_rng(0).normal(size=(k, 8)), Risk(lifted)
    swap, cycle = np.array([1, 0, *range(2, k)]), np.roll(np.arange(k), 1)
    here = risk.losses(z)
    with np.errstate(all="ignore"):
        return all(np.allclose(risk.losses(z[o]), here[o], rtol=1e-12, atol=0.0) for o in (swap, cycle))


def _rows(a: Array) -> tuple[tuple[float, ...], ...]:
    return tuple(map(tuple, a.tolist()))


@lru_cache(maxsize=1024)  # several theorems search at the same distributions
def _minimiser(
    lifted: Lifted, p: tuple[float, ...], onto: tuple[tuple[float, ...], ...], start: tuple[float, ...] | None
) -> tuple[float, ...] | None:
    from scipy.optimize import minimize

    risk, weights, basis = Risk(lifted), np.array(p), np.array(onto)
    x0 = np.zeros(basis.shape[1]) if start is None else np.linalg.lstsq(basis, np.array(start), rcond=None)[0]

    def value(x: Array) -> float:
        here = float(weights @ risk.losses(basis @ x))
        return here if np.isfinite(here) else 1e300

    def both(x: Array) -> tuple[float, Array]:
        here, slope = value(x), basis.T @ risk.gradient(p, basis @ x)
        return (here, slope) if here < 1e300 and np.all(np.isfinite(slope)) else (1e300, np.zeros_like(x))

    with np.errstate(all="ignore"):
        found = minimize(both, x0, jac=True, method="BFGS", options={"gtol": 1e-11, "maxiter": 400})
        if risk.kinked:  # a line search along gradients stalls at kinks
            found = minimize(value, found.x, method="Nelder-Mead", options={"maxfev": 80 * len(x0)})
    z = basis @ found.x
    return tuple(z.tolist()) if np.all(np.isfinite(z)) and abs(found.fun) < 1e9 else None


def distributions(k: int) -> list[list[Fraction]]:
    """Rational distributions worth trying: from near uniform to nearly sure, all permutations of a few."""
    seeds = {
        2: ["51 49", "3 2", "4 1", "9 1"],
        3: ["35 33 32", "5 3 2", "5 4 1", "40 39 21", "7 2 1", "51 40 9", "34 33 33"],
    }.get(k, [" ".join(str(k + 3 - i) for i in range(k)), "3" + " 2" * (k - 1), "6 5" + " 1" * (k - 2)])
    out: list[list[Fraction]] = []
    for seed in seeds:
        weights = [Fraction(x) for x in seed.split()]
        turns = range(k) if k <= 5 else (0, k // 2)  # many classes: fewer orders, each search is slower
        orders = sorted(set(permutations(weights))) if k <= 3 else [(*weights[i:], *weights[:i]) for i in turns]
        out += [[w / sum(order) for w in order] for order in orders]
    return out


def rounded(z: Array, bits: int = 12) -> list[Fraction]:
    """The point on a dyadic grid."""
    return [Fraction(round(float(x) * 2**bits), 2**bits) for x in z]
