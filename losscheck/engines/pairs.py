"""Pairs of vectors to look for witnesses at: short dyadic rationals, so that every point is exact in a certificate."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from losscheck.certificate import q
from losscheck.engines.numeric import evaluate
from losscheck.expr.constants import choices, chosen
from losscheck.lifting.lifted import Lifted

Array = NDArray[np.float64]
STEPS = 2.0**14


def length(lifted: Lifted) -> int:
    """How many entries each of the two vectors has."""
    return len(lifted.variables) // 2


def dyadic(rows: Array) -> Array:
    """Rows of a simplex rounded to short dyadic rationals that stay positive and sum to 1."""
    out = np.maximum(np.round(rows * STEPS), 1.0)
    top = np.argmax(out, axis=1)
    out[np.arange(len(out)), top] += STEPS - out.sum(axis=1)
    return np.asarray(out / STEPS)


def vectors(lifted: Lifted, count: int, seed: int, *, target: bool = False) -> Array:
    """Seeded rows of the domain of the first vector (of the second with ``target``)."""
    rng, n = np.random.default_rng(seed), length(lifted)
    if lifted.kind == "divergence":
        parts = [rng.dirichlet(np.full(n, a), count // 4) for a in (3.0, 1.0, 0.3)]
        edge = np.eye(n)[rng.integers(0, n, count // 4)] * rng.choice([0.5, 0.9, 0.99, 0.999], (count // 4, 1))
        rows = np.concatenate([*parts, edge + (1 - edge.sum(axis=1, keepdims=True)) / n])
        return dyadic(rows[rng.permutation(len(rows))])
    binary = rng.integers(0, 2, (count, n)).astype(float)
    if target and lifted.domain != "unit":
        binary[binary.sum(axis=1) == 0, 0] = 1.0
        return binary
    grid = np.round(rng.uniform(size=(count, n)) * 8) / 8
    fine = np.round(rng.uniform(size=(count, n)) * 256) / 256
    kind = rng.integers(0, 4, (count, 1))
    tiny = np.round(rng.uniform(size=(count, n)) * 4) / 64
    return np.asarray(np.select([kind == 0, kind == 1, kind == 2], [binary, grid, fine], tiny))


def values(lifted: Lifted, first: Array, second: Array) -> Array:
    """The loss in floats at rows of pairs."""
    roots = chosen(lifted.roots, choices(lifted.roots)[0])
    columns = np.concatenate([first, second], axis=1)
    return evaluate(roots, {x: columns[:, i] for i, x in enumerate(lifted.variables)})[0]


def texts(row: Sequence[float] | Array) -> list[str]:
    """A row as exact rationals."""
    return [q(float(x)) for x in row]


def tried(gap: Array, scale: Array, most: int = 4) -> list[int]:
    """Where to try a witness: the largest gaps beyond what rounding explains, clearest first."""
    ratio = np.where(np.isfinite(gap) & np.isfinite(scale), gap, 0.0) / (1e-10 * (1 + np.abs(scale)))
    order = np.argsort(-ratio)[:most]
    return [int(k) for k in order if ratio[k] > 1]
