"""Where a conditional risk is low, by search in floats: a grid and its dips for two classes, descent for more."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from losscheck.engines.numeric import evaluate
from losscheck.expr.constants import choices, chosen
from losscheck.expr.graph import Expr, topological
from losscheck.lifting.lifted import Lifted
from losscheck.theorems.improper_by_witness import Floats, expected, losses
from losscheck.theorems.proper_by_pieces import binary, breakpoints

Truth = list[Fraction]
MOST = 40


def wells(lifted: Lifted, truth: Truth) -> list[tuple[Floats, float]]:
    """Reports of locally least risk and their risks, best first, in floats."""
    from scipy.optimize import minimize, minimize_scalar

    k = len(truth)
    weight = np.array(truth, float)

    def risk(p: Floats) -> float:
        total = float(expected(weight, losses(lifted, list(lifted.roots), p[None, :])[0]))
        return total if np.isfinite(total) else 1e300

    def soft(z: Floats) -> Floats:
        e: Floats = np.exp(z - z.max())
        out: Floats = e / e.sum()
        return out

    def pair(x: float) -> Floats:
        return np.array([1 - x, x])

    candidates = [np.eye(k)[i] for i in range(k)]
    roots = binary(lifted)
    if roots is not None:
        kinks = [float(c) for c in breakpoints(roots)]
        grid = np.unique(np.concatenate([np.linspace(0.0, 1.0, 4001), kinks, _features(lifted, roots)]))
        all_losses = losses(lifted, list(lifted.roots), np.stack([1 - grid, grid], axis=1))
        values = np.nan_to_num(expected(weight, all_losses), nan=np.inf)
        low = np.flatnonzero((values[1:-1] <= values[:-2]) & (values[1:-1] <= values[2:])) + 1
        for i in low[np.argsort(values[low], kind="stable")][:20]:
            inner = minimize_scalar(lambda x: risk(pair(x)), bounds=(grid[i - 1], grid[i + 1]), method="bounded",
                                    options={"xatol": 1e-13})  # fmt: skip
            candidates += [pair(float(grid[i])), pair(float(inner.x))]
    else:
        rng = np.random.default_rng(0)
        for start in [np.log(weight + 1e-3), *rng.normal(size=(4, k))]:
            z = np.asarray(start, float)
            for _ in range(3):
                options = {"xatol": 1e-12, "fatol": 1e-15, "maxiter": 2000}
                z = minimize(lambda s: risk(soft(s)), z, method="Nelder-Mead", options=options).x
            candidates.append(soft(z))
    return sorted(((p, risk(p)) for p in candidates), key=lambda found: found[1])


def _features(lifted: Lifted, roots: Sequence[Expr]) -> Floats:
    """Points around the zeros of the sums in a loss of two classes, at every scale: a dip may be narrow."""
    (name,) = {n.value[0] for n in topological(roots) if n.op == "var"} or {""}
    grid = np.linspace(0.0, 1.0, 1001)
    sums = [n for n in topological(chosen(roots, choices(roots)[0])) if n.op == "add"][:MOST]
    found: list[float] = []
    for values in evaluate(sums, {name: grid}) if sums and name else []:
        y = np.broadcast_to(values, grid.shape)
        i = np.flatnonzero(np.sign(y[:-1]) * np.sign(y[1:]) < 0)[:MOST]
        found += (grid[i] - y[i] * (grid[i + 1] - grid[i]) / (y[i + 1] - y[i])).tolist()
    steps = np.concatenate([[0.0], 10.0 ** np.arange(-9, -2)])
    near: Floats = np.add.outer(np.array(found[:MOST]), np.concatenate([-steps, steps])).reshape(-1)
    return np.asarray(near[(near > 0) & (near < 1)])


def ties(lifted: Lifted, truth: Truth, seen: list[tuple[Floats, float]]) -> bool:
    """Whether a report away from the best one has the same risk, in floats."""
    best, least = seen[0]
    rng = np.random.default_rng(1)
    p = rng.dirichlet([0.5] * len(truth), 3000)
    risk = expected(np.array(truth, float), losses(lifted, list(lifted.roots), p))
    others = [(q, r) for q, r in seen[1:] if r <= least + 1e-9 * (1 + abs(least))]
    far = np.abs(p - best).max(1) > 0.01
    close = risk <= least + 1e-12 * (1 + abs(least))
    return bool(np.any(far & close)) or any(np.abs(q - best).max() > 1e-3 for q, _ in others)
