"""Where a conditional risk is low, by search in floats: a grid and its dips for two classes, a lattice for more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import product

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
    from scipy.optimize import minimize_scalar

    k = len(truth)
    weight = np.array(truth, float)
    risk = _risk(lifted, weight)

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
        candidates += _descents(lifted, weight, _lattice(k), 10)
    return sorted(((p, risk(p)) for p in candidates), key=lambda found: found[1])


def settled(lifted: Lifted, truth: Truth, least: float) -> bool:
    """Whether a second search, from other reports, finds nothing lower; the grid of two classes needs none."""
    if len(truth) == 2:
        return True
    weight, rng = np.array(truth, float), np.random.default_rng(2)
    rows = np.concatenate([rng.dirichlet([a] * len(truth), 4000) for a in (0.3, 1.0, 3.0)])
    risk = _risk(lifted, weight)
    return all(risk(p) >= least - 1e-7 * (1 + abs(least)) for p in _descents(lifted, weight, rows, 6))


def attained(lifted: Lifted, truth: Truth, best: Floats, least: float) -> bool:
    """Whether the best report, rounded to nine digits, is about as good: beside a jump the least risk is a limit."""
    rounded = np.round(best, 9)
    rounded[np.argmax(best)] += 1 - rounded.sum()
    return _risk(lifted, np.array(truth, float))(np.abs(np.round(rounded, 9))) <= least + 1e-6 * (1 + abs(least))


def _lattice(k: int) -> Floats:
    """Reports on a lattice, the middles of all faces, where probabilities tie, and what lies between these."""
    n = {3: 72, 4: 24, 5: 14}.get(k, 6)
    inner = np.array([c for c in product(range(n + 1), repeat=k - 1) if sum(c) <= n] if k <= 6 else [[0] * (k - 1)])
    rows = np.concatenate([inner, n - inner.sum(1, keepdims=True)], axis=1) / n
    subsets = np.array(list(product((0.0, 1.0), repeat=min(k, 8)))[1:])
    middles = np.pad(subsets, ((0, 0), (0, k - subsets.shape[1])))
    middles /= middles.sum(1, keepdims=True)
    between = (middles[:, None] + middles[None, :64]).reshape(-1, k) / 2
    return np.concatenate([middles, between, rows])


def _risk(lifted: Lifted, weight: Floats) -> Callable[[Floats], float]:
    """The conditional risk of one report."""

    def risk(p: Floats) -> float:
        total = float(expected(weight, losses(lifted, list(lifted.roots), p[None, :])[0]))
        return total if np.isfinite(total) else 1e300

    return risk


def _descents(lifted: Lifted, weight: Floats, rows: Floats, most: int) -> list[Floats]:
    """The lowest of some reports that are apart from each other, and where the risk falls to from each."""
    from scipy.optimize import minimize

    risk = _risk(lifted, weight)

    def onto(x: Floats) -> Floats:
        size: Floats = np.abs(x)
        return size / max(float(size.sum()), 1e-300)

    values = np.nan_to_num(expected(weight, losses(lifted, list(lifted.roots), rows)), nan=np.inf)
    low: list[Floats] = []
    for i in np.argsort(values, kind="stable")[:1500]:
        if len(low) < most and all(np.abs(rows[i] - p).max() > 0.04 for p in low):
            low.append(rows[i])
    found = list(low)
    for p in low:
        x = p
        for size in (0.02, 1e-4):
            start = np.vstack([x, x + size * np.eye(len(x))])
            options = {"xatol": 1e-12, "fatol": 1e-15, "maxiter": 300, "initial_simplex": start}
            x = onto(minimize(lambda z: risk(onto(z)), x, method="Nelder-Mead", options=options).x)
        found.append(x)
    return found


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
