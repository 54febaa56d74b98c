"""Points of a loss's domain to look for witnesses at: simple ones first, then seeded random ones over many scales.

Every coordinate is a short dyadic rational, so the float point is exact in a certificate.
"""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from losscheck.lifting.lifted import Lifted

Array = NDArray[np.float64]
SCALES = (0.25, 1.0, 4.0, 16.0, 100.0, 1000.0)


def _real(k: int, count: int, rng: np.random.Generator) -> Array:
    values = [0.0, 1.0, -1.0, 0.5, 2.0, -2.0, 3.0, -5.0, 10.0, -10.0, 0.125, -0.75]
    width = {1: 12, 2: 6, 3: 5, 4: 3}.get(k, 2)
    grid = np.array(list(itertools.islice(itertools.product(values[:width], repeat=k), 400)))
    lines = np.concatenate([v * np.eye(k) for v in (1.0, -1.0, 3.0, 20.0, -20.0, 200.0)])
    random = [np.round(rng.normal(size=(count, k)) * s * 1024) / 1024 for s in SCALES]
    ties = random[1].copy()
    ties[:, rng.integers(0, k, count)] = ties[:, :1]
    return np.concatenate([grid, lines, *random, ties])


def _simplex(k: int, count: int, rng: np.random.Generator) -> Array:
    blocks = []
    for concentration in (5.0, 1.0, 0.2):
        p = np.floor(rng.dirichlet(np.full(k, concentration), size=count) * 4096) / 4096
        p[:, -1] = 1.0 - p[:, :-1].sum(axis=1)
        blocks.append(p[(p > 0).all(axis=1)])
    return np.concatenate(blocks)


def points(lifted: Lifted, count: int = 200, seed: int = 0) -> dict[str, Array]:
    """Points ``{variable: values}``, about ``6 count`` of them; unit and simplex points lie inside."""
    rng, k = np.random.default_rng(seed), len(lifted.variables)
    if lifted.kind == "soft":
        labels = np.concatenate([np.eye(k // 2), _simplex(k // 2, count, rng)])
        scores = _real(k // 2, count, rng)
        rows = np.concatenate([scores, labels[rng.integers(0, len(labels), len(scores))]], axis=1)
    elif lifted.domain == "simplex":
        rows = _simplex(k, count, rng)
    elif lifted.domain == "unit":
        ends = 2.0 ** -np.arange(2, 30, dtype=float)
        inner = np.floor(rng.uniform(size=(4 * count, k)) * 4094 + 1) / 4096
        rows = np.concatenate([np.arange(1, 16)[:, None] / 16.0, ends[:, None], 1 - ends[:, None], inner])
    else:
        rows = _real(k, count, rng)
    return {name: rows[:, i] for i, name in enumerate(lifted.variables)}


def at(points: dict[str, Array], i: int) -> list[str]:
    """The point number i as texts of exact rationals."""
    from losscheck.certificate import q

    return [q(float(x[i])) for x in points.values()]


def candidates(gap: Array, least: Array, most: int = 4) -> list[int]:
    """Where to try a witness: the first points with ``gap > least``, and the one with the largest ratio."""
    ratio = np.where(np.isfinite(gap), gap, 0) / least
    found = np.flatnonzero(ratio > 1)
    return list(dict.fromkeys([*found[: most - 1].tolist(), int(np.argmax(ratio))])) if found.size else []


def closeness(*values: Array) -> Array:
    """A difference that float rounding cannot explain: 1e-11 of the size of the values."""
    size = np.maximum.reduce([np.abs(np.where(np.isfinite(v), v, 0)) for v in values])
    return np.asarray(1e-11 * (1 + size))
